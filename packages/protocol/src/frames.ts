import { z } from 'zod'
import type { ChatCounts, Presence } from './chat.ts'
import type { Cursor, Entry } from './entries.ts'
import type { Counts, Item } from './notification.ts'

export const cursor = z.strictObject({
  epoch: z.string().min(1).max(64),
  offsets: z.record(z.string().max(140), z.int().min(0)),
})

/** Handshake `auth` of a native client; the absence of `client` makes it a seed's client. */
export const handshake = z.looseObject({
  token: z.string().max(8192).optional(),
  userId: z.string().max(128).optional(),
  client: z.strictObject({ name: z.string().max(64), version: z.string().max(32) }).optional(),
  cursor: cursor.optional(),
  deviceId: z.string().max(64).optional(),
  idle: z.boolean().optional(),
})

/** Answer to a cursor. Either every entry after it, page by page, or a snapshot in its place; never a part. */
export type SyncFrame = SyncPage | SyncSnapshot

export interface SyncPage {
  complete: true
  /** In the order in which they are to be applied. */
  entries: Entry[]
  /** Where the reader stands after applying `entries`. */
  cursor: Cursor
  /** True when another `sync` with the new cursor is needed. */
  more: boolean
  counts: Counts
  /** Server time, ISO 8601; clients derive their clock offset from it. */
  now: string
}

export interface SyncSnapshot {
  complete: false
  cursor: Cursor
  /** The newest items, newest first; older ones are fetched with `nextCursor`. */
  items: Item[]
  nextCursor: string | null
  counts: Counts
  now: string
}

/** Live changes: everything for one socket in one tick. */
export interface EntriesFrame {
  entries: Entry[]
  counts?: Counts
}

/** Who writes in a chat that is open on this socket: always the whole set, without the reader. */
export interface TypingFrame {
  chatId: string
  users: { userId: string; name: string }[]
  /** After this time without another frame nobody writes any more. */
  expiresInMs: number
}

/** A new message of somebody else, to make noise once per `messageId`; lists change by entries. */
export interface NoticeFrame {
  chatId: string
  messageId: string
  seq: number
  chatTitle: string
  senderId: string
  senderName: string
  preview: string
  messageType: string
  mentioned: boolean
  /** The notification of the mention, which makes no noise of its own. */
  notificationId?: string
  /** Muted in some way: to be shown, not to be heard. */
  silent: boolean
  createdAt: string
  unread: { chat: number; total: number; chats: number; mentions: number }
}

/** Frames from the server to a native client. */
export interface ServerFrames {
  sync: (frame: SyncFrame) => void
  entries: (frame: EntriesFrame) => void
  counts: (counts: Counts) => void
  chatCounts: (counts: ChatCounts) => void
  typing: (frame: TypingFrame) => void
  presence: (frame: { changes: Presence[] }) => void
  notice: (frame: NoticeFrame) => void
  /** The token ends in `inMs`; answer with the command `refreshAuth`. */
  'auth:expiring': (frame: { inMs: number }) => void
  /** The node is going away; come back after `retryInMs`. */
  drain: (frame: { retryInMs: number }) => void
}

/** Acknowledgement of every client event. */
export type Ack<T = unknown> =
  | { ok: true; data?: T }
  | { ok: false; error: { code: string; message: string; field?: string; retryAfterMs?: number } }
