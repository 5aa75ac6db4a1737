import type { Generated } from 'kysely'
import type {
  BlockRow,
  ChatRow,
  MediaRow,
  MemberRow,
  MentionRow,
  MessageRow,
  PresenceRow,
  ReactionRow,
  ReportRow,
} from './chat-schema.ts'

/**
 * Rows as both databases keep them. Times are milliseconds since 1970, flags are 0 or 1, JSON is text:
 * the common subset of SQLite and PostgreSQL, so that a row reads the same from either.
 */
export interface Schema {
  setting: { name: string; value: string }
  topic: TopicRow
  entry: EntryRow
  item: ItemRow
  subscription: SubscriptionRow
  exception: ExceptionRow
  mark: { user_id: string; topic: string; kind: 'read' | 'seen'; rank: number; at: number }
  revoked: { topic: string; rank: number; category: string }
  idempotency: { principal: string; command: string; key: string; hash: string; reply: string; at: number }
  account: AccountRow
  session: { id: string; user_id: string; created_at: number; expires_at: number; revoked_at: number | null }
  api_key: ApiKeyRow
  room: { id: string; kind: string; created_at: number }
  chat: ChatRow
  member: MemberRow
  message: MessageRow
  reaction: ReactionRow
  mention: MentionRow
  media: MediaRow
  block: BlockRow
  report: ReportRow
  presence: PresenceRow
  lease: LeaseRow
  outbox: OutboxRow
}

/** What an app wrote in a transaction of its own; `failed_at` and `error` when it can never be sent. */
export interface OutboxRow {
  id: Generated<number>
  /** JSON of the input of `notify`. */
  input: string
  failed_at: number | null
  error: string | null
}

/** `head` = last offset; `items` = notifications so far; `tail_*` = what retention has trimmed; `categories` = items per category. */
export interface TopicRow {
  topic: string
  head: number
  items: number
  revoked: number
  tail_offset: number
  tail_rank: number
  categories: string
}

/** Work that one node does at a time; no holder: nobody. `fence` grows with each holder, `beats` while it lives. */
export interface LeaseRow {
  name: string
  holder: string | null
  fence: number
  beats: number
}

/** One change that is not a new notification; those are their own entries, see `ItemRow`. */
export interface EntryRow {
  topic: string
  offset: number
  kind: string
  data: string
  at: number
  /** JSON of the users of the audience from whom it is withheld; null for nobody. */
  withheld_from: string | null
}

/**
 * One notification in one topic, and at once the entry `item.created` at its offset: it is written once. Items of one
 * `users` send share the body of the item `body_id`.
 */
export interface ItemRow {
  id: string
  topic: string
  rank: number
  offset: number
  category: string
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  body_id: string | null
  sender: string
  /** JSON of `StoredBody`; null where `body_id` names another item. */
  body: string | null
  type: string
  priority: string
  /** JSON of the users of the audience who do not get it; null for nobody. */
  withheld_from: string | null
  /** It was snoozed and came back: the id under which it was sent first. */
  origin_id: string | null
}

/** One interval during which a user hears a topic, with the user's pointers in it. */
export interface SubscriptionRow {
  user_id: string
  topic: string
  /** 0 for the first interval of this user and topic, then 1, 2 … */
  part: number
  from_offset: number
  to_offset: number | null
  from_rank: number
  to_rank: number | null
  from_categories: string
  to_categories: string | null
  delivered_rank: number
  /** JSON of ranges above `delivered_rank` that were handed over, `[[from, to], …]`; null when there are none. */
  delivered_late: string | null
  seen_rank: number
  read_rank: number
  read_categories: string
  cleared_rank: number
  cleared_categories: string
}

/** A user's state of one item where it differs from the pointers. `is_read` null: as the pointer says. */
export interface ExceptionRow {
  user_id: string
  topic: string
  rank: number
  category: string
  is_read: number | null
  read_at: number | null
  seen_at: number | null
  archived_at: number | null
  deleted_at: number | null
  /** Away until then, over whatever else is its state. */
  snoozed_until: number | null
}

export interface AccountRow {
  id: string
  email: string | null
  password_hash: string | null
  roles: string
  disabled: number
  created_at: number
}

export interface ApiKeyRow {
  id: string
  name: string
  hash: string
  owner_id: string
  scopes: string
  created_at: number
  revoked_at: number | null
}
