import { type ReactNode, type Ref, useId, useState } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'
import { useKit } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { useStrings } from '../kit/useStrings.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { part, useElements } from '../ui/part.ts'
import { labelOf, NotificationFilters } from './NotificationFilters.tsx'
import { NotificationList, type NotificationListProps } from './NotificationList.tsx'
import { OfflineBanner } from './states.tsx'

export interface NotificationPanelProps extends Omit<NotificationListProps, 'list' | 'filterLabel'> {
  list: Notifications
  filters?: boolean
  /** A field for words to look for. */
  search?: boolean
  /** Of the list, in pixels; without it the panel fills what it is in. */
  height?: number
  headingRef?: Ref<HTMLHeadingElement>
  onClose?: (() => void) | undefined
  /** Buttons beside "mark all as read". */
  tools?: ReactNode
  /** Between the filters and the list. */
  children?: ReactNode
}

const isOfflineIn = (state: { status: string } | undefined) => state?.status === 'offline'

/** Heading, filters and list: what a bell opens, and a page of its own. */
export const NotificationPanel = part('panel', function NotificationPanel(props: NotificationPanelProps) {
  const {
    list,
    filters = true,
    search = false,
    height,
    headingRef,
    onClose,
    tools,
    children,
    className,
    style,
    ...rest
  } = props
  const { client, lookOf } = useKit()
  const strings = useStrings()
  const element = useElements()
  const isOffline = useClientState(client, isOfflineIn)
  const id = useId()
  const { category } = list.filter
  return (
    <div data-belfry="" data-belfry-panel="" className={className} style={style}>
      <div {...element('bar')}>
        <h2 ref={headingRef} tabIndex={-1} id={`${id}-heading`}>
          {strings.notifications}
        </h2>
        <IconButton
          icon="checks"
          label={strings.markAllRead}
          isDisabled={list.unreadCount === 0}
          onClick={() => list.markAllRead(category === undefined ? {} : { category })}
        />
        {tools}
        {onClose && <IconButton icon="close" label={strings.close} onClick={onClose} />}
      </div>
      {search && <SearchField list={list} label={strings.search} />}
      {filters && <NotificationFilters list={list} controls={`${id}-list`} />}
      {isOffline && <OfflineBanner />}
      {list.status === 'ready' && list.error && (
        <p data-belfry-banner="" data-tone="danger" role="alert">
          <span>{list.error.message}</span>
          <button type="button" data-belfry-button="plain" onClick={list.refresh}>
            {strings.retry}
          </button>
        </p>
      )}
      {children}
      <div
        id={`${id}-list`}
        {...element('body')}
        style={height === undefined ? undefined : { blockSize: height }}
        {...(filters ? { role: 'tabpanel', 'aria-labelledby': `${id}-heading` } : {})}
      >
        <NotificationList {...rest} list={list} filterLabel={labelOf(list.filter, strings, lookOf)} />
      </div>
    </div>
  )
})

/** Long enough that fast typing asks once. */
const TYPING_MS = 250

function SearchField({ list, label }: { list: Notifications; label: string }) {
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>()
  const find = (words: string) => {
    clearTimeout(timer)
    const { search: _, ...others } = list.filter
    setTimer(
      setTimeout(() => list.setFilter(words.trim() ? { ...others, search: words } : others), TYPING_MS),
    )
  }
  return (
    <input
      type="search"
      data-belfry-search=""
      aria-label={label}
      placeholder={label}
      defaultValue={list.filter.search}
      maxLength={200}
      onChange={(event) => find(event.target.value)}
    />
  )
}
