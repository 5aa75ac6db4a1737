import type { RefObject } from 'react'
import { createPortal } from 'react-dom'
import { useStrings } from '../kit/useStrings.ts'
import { useElements } from '../ui/part.ts'
import { BellPanel } from './BellPanel.tsx'
import type { NotificationBellProps } from './NotificationBell.tsx'
import { type CloseReason, usePanelDialog } from './usePanelDialog.ts'

interface BellPopoverProps {
  id: string
  /** As the app has given them. */
  bell: NotificationBellProps
  button: RefObject<HTMLButtonElement | null>
  onClose(reason: CloseReason): void
}

/** What a bell opens, beside it and above everything. */
export function BellPopover({ id, bell, button, onClose }: BellPopoverProps) {
  const strings = useStrings()
  const element = useElements()
  const { placement = 'bottom-end', portal, panel, children } = bell
  const dialog = usePanelDialog({ button, placement, onClose })
  const opened = (
    <dialog
      ref={dialog}
      id={id}
      data-belfry-popover=""
      {...element('popover')}
      aria-label={strings.notifications}
    >
      {children ?? (
        <BellPanel {...panel} onClose={() => onClose('click')} onNavigate={() => onClose('navigate')} />
      )}
    </dialog>
  )
  return portal ? createPortal(opened, portal) : opened
}
