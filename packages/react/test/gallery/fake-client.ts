import type { BelfryClient, ClientState, ItemFilter, ListState } from '@belfry/client'
import type { Counts, Item } from '@belfry/protocol'

const done = () => Promise.resolve()
const nothing = () => undefined
const stop = () => nothing

export interface FakeClient extends BelfryClient {
  arrive(item: Item): void
}

/** A client without a server that is in one state, for pictures. Changes succeed and change nothing. */
export function createFakeClient(given: Partial<ClientState>): FakeClient {
  const listeners = new Set<() => void>()
  let state = stateOf(given)
  let whole = listOf(state, fitting(state, {}))
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return {
    arrive(item) {
      state = stateOf({ ...state, items: [item, ...state.items] })
      whole = listOf(state, fitting(state, {}))
      for (const listener of listeners) listener()
    },
    subscribe,
    getSnapshot: () => state,
    list(filter = {}) {
      const narrowed = Object.keys(filter).length === 0 ? undefined : listOf(state, fitting(state, filter))
      return {
        getSnapshot: () => narrowed ?? whole,
        subscribe,
        fetchMore: done,
        fetchNewer: done,
        showNewest: done,
        refresh: nothing,
        close: nothing,
      }
    },
    command: () => Promise.reject(new Error('There is no server.')),
    extend() {
      throw new Error('There is no client behind this one.')
    },
    connect: nothing,
    disconnect: nothing,
    close: nothing,
    retryNow: nothing,
    refresh: nothing,
    sendOldChanges: nothing,
    dropOldChanges: nothing,
    onSignedOut: stop,
    onItem: stop,
    onFrame: stop,
    signOut: done,
    markRead: done,
    markUnread: done,
    markSeen: done,
    archive: done,
    unarchive: done,
    snooze: done,
    unsnooze: done,
    remove: done,
    restore: done,
    markAllRead: done,
  }
}

function stateOf(given: Partial<ClientState>): ClientState {
  const items = given.items ?? []
  return {
    status: 'online',
    transport: 'websocket',
    latencyMs: 20,
    failures: 0,
    lineError: undefined,
    nextRetryAt: undefined,
    isReady: true,
    isStale: false,
    error: undefined,
    oldChanges: 0,
    clockOffsetMs: 0,
    others: [],
    ...given,
    items,
    counts: countsOf(items),
  }
}

function countsOf(items: readonly Item[]): Counts {
  const byCategory: Counts['byCategory'] = {}
  for (const { category, readAt } of items) {
    const before = byCategory[category] ?? { total: 0, unread: 0 }
    byCategory[category] = { total: before.total + 1, unread: before.unread + (readAt === null ? 1 : 0) }
  }
  const unread = items.filter(({ readAt }) => readAt === null).length
  return {
    at: {},
    total: items.length,
    unread,
    unseen: unread,
    snoozed: items.filter((item) => item.snoozedUntil).length,
    byCategory,
  }
}

const listOf = ({ isReady, error }: ClientState, items: readonly Item[]): ListState => ({
  isReady,
  items,
  hasMore: false,
  hasNewer: false,
  newAbove: 0,
  isFetchingMore: false,
  error,
})

const fitting = ({ items }: ClientState, filter: ItemFilter) =>
  items.filter(
    (item) =>
      (!filter.unread || item.readAt === null) &&
      (!filter.category || item.category === filter.category) &&
      (!filter.archived || item.archivedAt !== null) &&
      !filter.snoozed === !item.snoozedUntil,
  )
