import type { Item } from '@belfry/protocol'
import type { Commands } from './commands.ts'
import type { InboxChange } from './effects.ts'

export type ChangeName =
  | 'markRead'
  | 'markUnread'
  | 'markSeen'
  | 'archive'
  | 'unarchive'
  | 'snooze'
  | 'unsnooze'
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
      /** Of a snooze. */
      readonly until?: string | undefined
    }
  | {
      readonly name: 'markAllRead'
      readonly upTo: string
      readonly category?: string | undefined
      readonly until?: undefined
    }
)

/** The kind of entry that each change becomes. */
export const changeKinds: Record<QueuedChange['name'], InboxChange['kind']> = {
  markRead: 'item.read',
  markUnread: 'item.unread',
  markSeen: 'item.seen',
  archive: 'item.archived',
  unarchive: 'item.unarchived',
  snooze: 'item.snoozed',
  unsnooze: 'item.unsnoozed',
  deleteNotifications: 'item.deleted',
  restore: 'item.restored',
  markAllRead: 'inbox.read',
}

/** What the change will do, shown before the server has done it. It holds all that its entry tells. */
export const foreseen = (change: QueuedChange): InboxChange =>
  ({ kind: changeKinds[change.name], data: change }) as InboxChange

/** @throws ClientFailure */
export function sendChange(commands: Commands, change: QueuedChange): Promise<unknown> {
  const { key: idempotencyKey, at: _at, name, ...input } = { ...change, items: undefined }
  // Name and input belong together by construction; the compiler cannot follow the pair through the rest.
  return commands.run(name, { ...input, idempotencyKey } as never)
}

/**
 * Earlier changes of an item, besides the same one, that make no difference any more after a later one. What an undo
 * brings back, with the state it had, is not among them.
 */
const UNDONE_BY: Partial<Record<ChangeName, readonly ChangeName[]>> = {
  markRead: ['markUnread', 'markSeen'],
  markUnread: ['markRead'],
  snooze: ['unsnooze'],
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
