import type { ChatFacts, ChatPrefs, Member, Message, Watermarks } from './chat.ts'
import type { Item, ItemBody } from './notification.ts'

/**
 * Kinds of entries and the shape of their data. Past tense: each says what has happened.
 * `item.*` and `inbox.*` change one user's inbox or a notification; the rest changes what a user may hear.
 */
export interface EntryData {
  /** A notification was accepted. On its audience's topic. */
  'item.created': ItemBody
  /** Its body was changed for everyone. */
  'item.edited': ItemBody
  /** It was withdrawn or has expired: gone for everyone. */
  'item.recalled': { id: string; reason: 'recalled' | 'expired' }
  /** Stands in for an entry that this reader may not see, so that offsets stay gapless. */
  'item.withheld': Record<string, never>
  'item.read': { ids: string[]; at: string }
  'item.unread': { ids: string[] }
  'item.seen': { ids: string[]; at: string }
  'item.archived': { ids: string[]; at: string }
  /** With the items, since a reader may have dropped or never loaded them. */
  'item.unarchived': { ids: string[]; items: Item[] }
  'item.snoozed': { ids: string[]; at: string; until: string }
  /** Back before their time, as they are now. */
  'item.unsnoozed': { ids: string[]; items: Item[] }
  /** Came back on time as the item `as`, which is told right before. */
  'item.woken': { id: string; as: string }
  'item.deleted': { ids: string[]; at: string }
  'item.restored': { ids: string[]; items: Item[] }
  /** Everything up to and including item `upTo` was read, seen or cleared; `category` narrows it. */
  'inbox.read': { upTo: string; at: string; category?: string | undefined }
  'inbox.seen': { upTo: string; at: string }
  'inbox.cleared': { upTo: string; at: string }
  /** The user hears this topic from `offset` on (exclusive), or no longer. On `user:<id>`. */
  'topic.joined': { topic: string; offset: number }
  'topic.left': { topic: string; offset: number }
  /** Roles changed, or the account was disabled or deleted. On `user:<id>`. */
  'account.changed': { roles: string[]; disabled: boolean }
  /** These sessions ended; without `ids`, all but `keep`. On `user:<id>`. */
  'session.revoked': { ids?: string[]; keep?: string }
  'key.revoked': { id: string }
  /** A room was made; on `room:<id>`. */
  'room.created': { id: string }
  /** Title, picture, state, context or pins of a chat. On `room:<id>`, as all that follows without a remark. */
  'room.updated': { chat: ChatFacts }
  'member.joined': { members: Member[] }
  'member.updated': { members: Member[] }
  'member.left': { userIds: string[] }
  'message.posted': Message
  /** As it is now: text, reactions and all. */
  'message.edited': Message
  'message.deleted': Message
  'message.reacted': Message
  /** What members have got and read. */
  'receipts.moved': { members: Watermarks[] }
  /** The user is in this chat, or no longer. On `user:<id>`, as all that follows. */
  'chat.joined': { chatId: string }
  'chat.left': { chatId: string }
  'chat.read': { chatId: string; lastReadSeq: number; privateReadSeq?: number }
  'chat.prefsChanged': { chatId: string; prefs: ChatPrefs }
  'user.blocked': { userId: string }
  'user.unblocked': { userId: string }
  /** What the user wants to be shown as; `status` is null when it follows the connections. */
  'presence.set': { status: 'away' | 'dnd' | 'invisible' | null; text: string | null; until: string | null }
}

export type EntryKind = keyof EntryData

/** One durable change: `offset` grows by exactly 1 per topic. */
export type Entry = {
  [K in EntryKind]: { topic: string; offset: number; kind: K; data: EntryData[K]; at: string }
}[EntryKind]

/** What a reader has applied. `epoch` names the log; offsets of another epoch mean nothing. */
export interface Cursor {
  epoch: string
  offsets: Record<string, number>
}

export const entryKinds = [
  'item.created',
  'item.edited',
  'item.recalled',
  'item.withheld',
  'item.read',
  'item.unread',
  'item.seen',
  'item.archived',
  'item.unarchived',
  'item.snoozed',
  'item.unsnoozed',
  'item.woken',
  'item.deleted',
  'item.restored',
  'inbox.read',
  'inbox.seen',
  'inbox.cleared',
  'topic.joined',
  'topic.left',
  'account.changed',
  'session.revoked',
  'key.revoked',
  'room.created',
  'room.updated',
  'member.joined',
  'member.updated',
  'member.left',
  'message.posted',
  'message.edited',
  'message.deleted',
  'message.reacted',
  'receipts.moved',
  'chat.joined',
  'chat.left',
  'chat.read',
  'chat.prefsChanged',
  'user.blocked',
  'user.unblocked',
  'presence.set',
] as const satisfies readonly EntryKind[]
