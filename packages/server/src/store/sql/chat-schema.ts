/** Rows of chats and presence, see `schema.ts`. */
export interface ChatRow {
  id: string
  type: string
  title: string | null
  avatar_url: string | null
  /** JSON of the embedding app's context; null without one. */
  context: string | null
  state: string
  history: string
  creator: string
  last_seq: number
  /** Members that have not left. */
  member_count: number
  /** JSON of `[{messageId, seq}]`. */
  pins: string
  /** When moved watermarks are to be told; null while there are none. */
  receipts_due: number | null
  created_at: number
  updated_at: number
}

/** One user's place in one chat. When the user was in it, is told by the subscriptions to the chat's topic. */
export interface MemberRow {
  chat_id: string
  user_id: string
  role: string
  access: string
  joined_at: number
  left_at: number | null
  /** Nothing up to this offset can be read, whatever the intervals say. */
  floor_offset: number
  /** A moderator's mute. */
  muted_until: number | null
  last_read_seq: number
  last_read_at: number | null
  last_delivered_seq: number
  last_delivered_at: number | null
  /** JSON of ranges of `seq` above `last_delivered_seq` that were handed over; null when there are none. */
  delivered_late: string | null
  /** The watermarks that the other members were told last. */
  told_read_seq: number
  told_delivered_seq: number
  notify: string
  /** The user's own mute; -1: for ever. */
  silenced_until: number | null
  hidden_at: number | null
  unread_from_seq: number | null
  private_read_seq: number
}

/** A message, and at once the content of the entry `message.posted` at its offset. */
export interface MessageRow {
  chat_id: string
  seq: number
  id: string
  offset: number
  sender_id: string | null
  client_id: string
  /** Of what the sender said, so that a repeat with other words is noticed. */
  hash: string
  type: string
  content: string
  /** JSON of media, reply, mentions and metadata. */
  body: string
  silent: number
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  deleted_by: string | null
}

export interface ReactionRow {
  message_id: string
  emoji: string
  user_id: string
  at: number
}

export interface MentionRow {
  chat_id: string
  user_id: string
  seq: number
  message_id: string
  /** The notification; null when it was not given to this user alone. */
  item_id: string | null
}

export interface MediaRow {
  id: string
  owner_id: string
  chat_id: string | null
  message_id: string | null
  kind: string
  name: string
  mime: string
  size: number
  /** JSON of width, height, duration and the thumbnail's name. */
  facts: string
  created_at: number
  deleted_at: number | null
}

export interface BlockRow {
  user_id: string
  blocked_id: string
  at: number
}

export interface ReportRow {
  id: string
  chat_id: string
  message_id: string
  reporter_id: string
  reason: string
  text: string | null
  state: string
  created_at: number
}

/** What a user wants to be shown as, and when the user was there last. */
export interface PresenceRow {
  user_id: string
  status: string | null
  text: string | null
  until: number | null
  last_active: number | null
}
