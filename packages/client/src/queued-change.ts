import type { Item } from '@belfry/protocol'
import type { Commands } from './commands.ts'
import type { InboxChange } from './effects.ts'

export type ChangeName =
  | 'markRead'
  | 'markUnread'
  | 'markSeen'
  | 'archive'
  | 'unarchive'
  | 'deleteNotifications'
  | 'restore'

/** An own change on its way to the server, as a device can keep it. */
export type QueuedChange = {
  /** Idempotency key. */
  readonly key: string
  /** When it was made: server time, ISO 8601. */
  readonly at: string
} & (
  | {
      readonly name: ChangeName
      readonly ids: string[]
      /** What comes back into view. */
      readonly items: Item[]
    }
  | { readonly name: 'markAllRead'; readonly upTo: string; readonly category?: string }
)

/** The entry that each change becomes. */
export const changeEntries: Record<ChangeName, (ids: string[], at: string, items: Item[]) => InboxChange> = {
  markRead: (ids, at) => ({ kind: 'item.read', data: { ids, at } }),
  markUnread: (ids) => ({ kind: 'item.unread', data: { ids } }),
  markSeen: (ids, at) => ({ kind: 'item.seen', data: { ids, at } }),
  archive: (ids, at) => ({ kind: 'item.archived', data: { ids, at } }),
  unarchive: (ids, _, items) => ({
    kind: 'item.unarchived',
    data: { ids, items: items.map((item) => ({ ...item, archivedAt: null })) },
  }),
  deleteNotifications: (ids, at) => ({ kind: 'item.deleted', data: { ids, at } }),
  restore: (ids, _, items) => ({ kind: 'item.restored', data: { ids, items } }),
}

/** What the change will do, shown before the server has done it. */
export function foreseen(change: QueuedChange): InboxChange {
  const { at } = change
  if (change.name !== 'markAllRead') return changeEntries[change.name](change.ids, at, change.items)
  return { kind: 'inbox.read', data: { ...reachOf(change), at } }
}

/** @throws ClientFailure */
export function sendChange(commands: Commands, change: QueuedChange): Promise<unknown> {
  const { key: idempotencyKey, name } = change
  if (name !== 'markAllRead') return commands.run(name, { ids: change.ids, idempotencyKey })
  return commands.run(name, { ...reachOf(change), idempotencyKey })
}

function reachOf({ upTo, category }: { upTo: string; category?: string }) {
  return category === undefined ? { upTo } : { upTo, category }
}

/**
 * Earlier changes of an item, besides the same one, that make no difference any more after a later one. What an undo
 * brings back, with the state it had, is not among them.
 */
const UNDONE_BY: Partial<Record<ChangeName, readonly ChangeName[]>> = {
  markRead: ['markUnread', 'markSeen'],
  markUnread: ['markRead'],
  archive: ['unarchive', 'markRead', 'markUnread', 'markSeen'],
  deleteNotifications: ['restore'],
}

/** Whether an unsent change is pointless once a later one is made. */
export function isCovered(earlier: QueuedChange, later: QueuedChange): boolean {
  if (later.name === 'markAllRead') {
    return earlier.name === later.name && earlier.category === later.category && earlier.upTo <= later.upTo
  }
  const isUndone = earlier.name === later.name || UNDONE_BY[later.name]?.includes(earlier.name as ChangeName)
  return Boolean(isUndone) && 'ids' in earlier && earlier.ids.every((id) => later.ids.includes(id))
}
