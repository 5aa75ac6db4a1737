import type { ClientFailure, ClientState, ItemFilter } from '@belfry/client'
import type { Counts, Item } from '@belfry/protocol'
import { useMemo, useState, useSyncExternalStore } from 'react'
import { useKit, usePart } from '../kit/KitContext.ts'
import { useClientState } from '../kit/useClientState.ts'
import { type Ids, type InboxActions, useActions } from './inbox-actions.ts'
import { undoStackOf } from './undo-stack.ts'
import { useItemList } from './useItemList.ts'

const NO_COUNTS: Counts = { at: {}, total: 0, unread: 0, unseen: 0, snoozed: 0, byCategory: {} }
const EVERYTHING: ItemFilter = {}

export interface NotificationsOptions {
  /** Given: the caller owns it, and hears by `onFilterChange` which one is wanted. */
  filter?: ItemFilter
  onFilterChange?: (filter: ItemFilter) => void
  /** New items show at once, behind `showNew()`, or after `refresh()`. */
  live?: 'auto' | 'pill' | 'off'
  /** How many items at first, and how many more by `fetchMore`; at most 100. Default: the provider's, which is 20. */
  pageSize?: number
  /** `false`: loads nothing. */
  enabled?: boolean
}

/** What `useNotifications` gives; names of the seeds beside ours. */
export interface Notifications extends InboxActions {
  items: readonly Item[]
  notifications: readonly Item[]
  unreadCount: number
  unseenCount: number
  counts: Counts
  status: 'idle' | 'loading' | 'ready' | 'error'
  isLoading: boolean
  /** What is shown was saved on this device and is not confirmed yet. */
  isStale: boolean
  isFetchingMore: boolean
  error: ClientFailure | undefined
  hasMore: boolean
  fetchMore(): Promise<void>
  /** Newer items were dropped while older ones were read: at most 1,000 are kept. */
  hasNewer: boolean
  fetchNewer(): Promise<void>
  refresh(): void
  /** How many new items wait for `showNew`. */
  newCount: number
  showNew(): Promise<void>
  filter: ItemFilter
  setFilter(filter: ItemFilter): void
  markAsRead(ids: Ids): Promise<void>
  markAsUnread(ids: Ids): Promise<void>
  markAllAsRead(options?: { category?: string }): Promise<void>
  deleteNotification(ids: Ids): Promise<void>
  undo(): void
  canUndo: boolean
  isConnected: boolean
}

const countsIn = (state: ClientState | undefined) => state?.counts ?? NO_COUNTS
const isLive = (state: ClientState | undefined) => state?.status === 'online' || state?.status === 'degraded'
const isStaleIn = (state: ClientState | undefined) => state?.isStale ?? false
const never = () => false

/**
 * A user's notifications, live: the list, the numbers, and what can be done to them.
 * @example
 * import { useNotifications } from '@belfry/react'
 * export function Inbox() {
 *   const { items, unreadCount, markRead } = useNotifications({ filter: { unread: true } })
 *   return (
 *     <ul aria-label={`${unreadCount} unread`}>
 *       {items.map((item) => (
 *         <li key={item.id}>
 *           <button type="button" onClick={() => markRead(item.id)}>{item.title}</button>
 *         </li>
 *       ))}
 *     </ul>
 *   )
 * }
 */
export function useNotifications(options: NotificationsOptions = {}): Notifications {
  const { enabled = true, live = 'auto' } = options
  const kit = useKit()
  const { client } = kit
  const { pageSize = kit.pageSize } = options
  const actions = useActions()
  const undo = usePart(undoStackOf)
  const [ownFilter, setOwnFilter] = useState<ItemFilter>(EVERYTHING)
  const filter = useEqual(options.filter ?? ownFilter)
  const setFilter = options.onFilterChange ?? setOwnFilter
  const { state, view } = useItemList(client, { filter, pageSize, isOn: enabled })
  const counts = useClientState(client, countsIn)
  const isConnected = useClientState(client, isLive)
  const isStale = useClientState(client, isStaleIn)
  const canUndo = useSyncExternalStore(undo.subscribe, undo.canUndo, never)
  const { shown, heldCount, release } = useHeldBack(state.items, state.isReady, live, filter)
  const status = statusOf({ isOn: enabled && client !== undefined, ...state })
  return useMemo(
    () => ({
      ...actions,
      markAsRead: actions.markRead,
      markAsUnread: actions.markUnread,
      markAllAsRead: actions.markAllRead,
      deleteNotification: actions.remove,
      items: shown,
      notifications: shown,
      counts,
      unreadCount: counts.unread,
      unseenCount: counts.unseen,
      status,
      isLoading: status === 'loading',
      isStale,
      isFetchingMore: state.isFetchingMore,
      error: state.error,
      hasMore: state.isReady && state.hasMore,
      hasNewer: state.hasNewer,
      fetchMore: () => view?.fetchMore() ?? Promise.resolve(),
      fetchNewer: () => view?.fetchNewer() ?? Promise.resolve(),
      refresh: () => {
        release()
        view?.refresh()
      },
      newCount: heldCount + state.newAbove,
      showNew: async () => {
        release()
        await view?.showNewest()
      },
      filter,
      setFilter,
      undo: () => undo.undo(),
      canUndo,
      isConnected,
    }),
    [
      actions,
      undo,
      shown,
      counts,
      status,
      isStale,
      state,
      view,
      heldCount,
      release,
      filter,
      setFilter,
      canUndo,
      isConnected,
    ],
  )
}

interface Status {
  isOn: boolean
  isReady: boolean
  error: ClientFailure | undefined
}

function statusOf({ isOn, isReady, error }: Status): Notifications['status'] {
  if (!isOn) return 'idle'
  if (isReady) return 'ready'
  return error ? 'error' : 'loading'
}

/** The same object for filters that say the same, so that callers need no memo. */
function useEqual(filter: ItemFilter): ItemFilter {
  const text = JSON.stringify(filter)
  return useMemo(() => JSON.parse(text) as ItemFilter, [text])
}

/** Keeps new items back until they are asked for. */
function useHeldBack(
  items: readonly Item[],
  isReady: boolean,
  live: 'auto' | 'pill' | 'off',
  filter: ItemFilter,
) {
  const [top, setTop] = useState<{ id: string; filter: ItemFilter }>()
  const isHolding = live !== 'auto' && isReady
  if (isHolding && top?.filter !== filter) setTop({ id: items[0]?.id ?? '', filter })
  return useMemo(() => {
    const id = isHolding && top?.filter === filter ? top.id : undefined
    const shown = id === undefined ? items : items.filter((item) => item.id <= id)
    return {
      shown,
      heldCount: items.length - shown.length,
      release: () => setTop(undefined),
    }
  }, [items, isHolding, top, filter])
}
