import type { ClientState } from '@belfry/client'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useFirstStrings, useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { lateListBody } from '../panel/late-list-body.ts'
import { UnreadBadge } from '../panel/UnreadBadge.tsx'
import { ConnectionIndicator } from '../socket/ConnectionIndicator.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Later, useLater } from '../ui/later.ts'
import { type PartProps, part, useElements } from '../ui/part.ts'
import { useLasting } from '../ui/useLasting.ts'
import type { BellPanelProps } from './BellPanel.tsx'
import type { Placement } from './place.ts'
import type { CloseReason } from './usePanelDialog.ts'

/** What the bell opens is loaded after the page, and the rows with it. */
const latePopover = new Later(async () => {
  const [{ BellPopover }] = await Promise.all([import('./BellPopover.tsx'), lateListBody.load()])
  return BellPopover
})

/** Longer than a page takes to begin. By then it is there also for who goes offline, or is in a hurry. */
const PRELOAD_MS = 3_000

/** Source: ui.md §5, Keyboard: G, then N. */
const SECOND_KEY_MS = 1_000

export interface NotificationBellProps extends PartProps {
  badge?: 'unread' | 'unseen' | 'dot' | 'none'
  /** Larger numbers show as this and a plus. */
  max?: number
  showConnection?: boolean
  open?: boolean
  defaultOpen?: boolean
  onOpenChange?: (open: boolean, reason: CloseReason) => void
  placement?: Placement
  /** Where in the document the panel stands; beside the bell without it. It is above everything either way. */
  portal?: Element | null | undefined
  renderIcon?: (unread: number) => ReactNode
  /** Lets G then N open the panel from anywhere in the page. */
  globalShortcut?: boolean
  /** Of the panel that it opens. */
  panel?: Omit<BellPanelProps, 'onClose' | 'onNavigate'>
  /** In place of the panel. */
  children?: ReactNode
}

const unreadIn = (state: ClientState | undefined) => state?.counts.unread ?? 0
const unseenIn = (state: ClientState | undefined) => state?.counts.unseen ?? 0

/**
 * The bell with its number, and the panel that it opens.
 * @example
 * import { BelfryProvider, NotificationBell } from '@belfry/react'
 * export const App = ({ token }: { token: string }) => (
 *   <BelfryProvider url="http://localhost:4000" getToken={() => token}>
 *     <NotificationBell />
 *   </BelfryProvider>
 * )
 */
export const NotificationBell = part('bell', function NotificationBell(props: NotificationBellProps) {
  const { badge = 'unread', max = 99, showConnection = true, renderIcon } = props
  const { client, parts } = useKit()
  const strings = useFirstStrings()
  const element = useElements()
  // Who listens to the page is to hear what the bell shows.
  useEffect(() => parts.use(), [parts])
  const id = useId()
  const unread = useClientState(client, unreadIn)
  const unseen = useClientState(client, unseenIn)
  const [isOpen, setOpen] = useOpen(props)
  const [isNear, setNear] = useState(false)
  const isRested = useLasting(client !== undefined, PRELOAD_MS)
  const Popover = useLater(latePopover, isOpen || isNear || isRested)
  const button = useRef<HTMLButtonElement>(null)
  const close = (reason: CloseReason) => setOpen(false, reason)
  useOpenKeys(props.globalShortcut ?? false, () => setOpen(true, 'shortcut'))
  if (!client) return null
  const shown = badge === 'unseen' ? unseen : unread
  return (
    <span data-belfry="" data-belfry-bell="" className={props.className} style={props.style}>
      <button
        ref={button}
        type="button"
        {...element('button')}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen && Popover ? id : undefined}
        aria-label={strings.bell(unread)}
        onClick={() => setOpen(!isOpen, 'click')}
        onPointerEnter={() => setNear(true)}
        onFocus={() => setNear(true)}
      >
        {renderIcon ? renderIcon(unread) : <Icon name="bell" />}
        {badge === 'dot'
          ? shown > 0 && <span data-belfry-dot="" {...element('dot')} />
          : badge !== 'none' && <UnreadBadge count={shown} max={max} />}
      </button>
      {showConnection && <ConnectionIndicator variant="dot" />}
      {isOpen && Popover && <Popover id={id} bell={props} button={button} onClose={close} />}
    </span>
  )
})

/** Controlled by `open`, or on its own. */
function useOpen({ open, defaultOpen = false, onOpenChange }: NotificationBellProps) {
  const [own, setOwn] = useState(defaultOpen)
  const isOpen = open ?? own
  const setOpen = (next: boolean, reason: CloseReason) => {
    if (next === isOpen) return
    setOwn(next)
    onOpenChange?.(next, reason)
  }
  return [isOpen, setOpen] as const
}

function useOpenKeys(isOn: boolean, open: () => void): void {
  const latest = useRef(open)
  useEffect(() => {
    latest.current = open
  })
  useEffect(() => {
    if (!isOn) return
    let firstAt = Number.NEGATIVE_INFINITY
    const onKey = ({ key, target, timeStamp, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      const isWriting =
        target instanceof Element && target.closest('input, textarea, select, [contenteditable]')
      if (isWriting || ctrlKey || metaKey || altKey) return
      if (key === 'n' && timeStamp - firstAt < SECOND_KEY_MS) latest.current()
      firstAt = key === 'g' ? timeStamp : Number.NEGATIVE_INFINITY
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOn])
}

/** Seed 000's name. */
export { NotificationBell as Bell }
