import { z } from 'zod'
import { id, instant, isShallow, link, visibleText } from './text.ts'

/** Source of all limits here: chat-presence.md §3 and §11. */
const MAX_CONTENT = 8000
const MAX_MEDIA = 10
const MAX_MENTIONS = 20

export const chatType = z.enum(['direct', 'group', 'support'])
export const chatState = z.enum(['open', 'pending', 'readonly', 'locked', 'closed'])
export const memberRole = z.enum(['owner', 'moderator', 'member', 'observer'])
export const access = z.enum(['readwrite', 'read'])
const messageType = z.enum(['text', 'image', 'file', 'audio', 'video', 'location', 'system', 'custom'])
/** What a policy judges. */
export const actions = [
  'createChat',
  'updateChat',
  'openChat',
  'listMessages',
  'postMessage',
  'editMessage',
  'deleteMessage',
  'reactToMessage',
  'uploadMedia',
  'addMembers',
  'removeMembers',
] as const
export type Action = (typeof actions)[number]

/** What a chat is about in the embedding app. */
export const chatContext = z.strictObject({
  kind: z.enum(['order', 'booking', 'listing', 'project']),
  id,
  state: z.string().min(1).max(64).optional(),
  paidAt: instant.optional(),
  endedAt: instant.optional(),
})
export type ChatContext = z.output<typeof chatContext>

/** Chosen by the sender, unique among the sender's messages of one chat: a repeat is the same message. */
export const clientId = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'Use 1 to 64 printable ASCII characters')
export const emoji = z
  .string()
  .min(1)
  .refine((text) => new TextEncoder().encode(text).length <= 32, 'At most 32 bytes')
  .refine((text) => text.isWellFormed() && !/[\s\p{Cc}]/u.test(text), 'Must be one word')

/** Text of a message; blank only beside media, which the command checks. */
export const messageContent = z
  .string()
  .max(MAX_CONTENT * 2)
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'Must be well-formed text without NUL')
  .refine((text) => [...text].length <= MAX_CONTENT, `At most ${MAX_CONTENT} characters`)

/** A file that was uploaded before, or, from seeds' clients, an address that is only shown as a link. */
const mediaInput = z.union([
  z.strictObject({ id, alt: visibleText(500).optional() }),
  z.strictObject({
    url: link.refine((url) => url.startsWith('https:'), 'Use an https address'),
    kind: z.enum(['image', 'file', 'audio', 'video']).optional(),
    name: visibleText(120).optional(),
  }),
])

const metadata = z
  .record(z.string(), z.json())
  .refine((value) => new TextEncoder().encode(JSON.stringify(value)).length <= 4096, 'At most 4 KiB')
  .refine((value) => isShallow(value, 8, 100), 'At most 8 levels and 100 keys, without reserved names')

const isBlank = (text: string) => /^[\s\p{Cf}\p{Cc}\p{Zs}\p{Mn}]*$/u.test(text)

/** What a sender says; `senderId`, `seq` and times are the server's. */
export const messageDraft = {
  content: messageContent.default(''),
  messageType: messageType.exclude(['system']).optional(),
  media: z.array(mediaInput).max(MAX_MEDIA).optional(),
  replyTo: id.optional(),
  mentions: z.array(id).max(MAX_MENTIONS).optional(),
  metadata: metadata.optional(),
  silent: z.boolean().optional(),
}

/** Whether a message has something to show. */
export function hasSubstance({
  content,
  media,
}: {
  content: string
  media?: unknown[] | undefined
}): boolean {
  return !isBlank(content) || (media !== undefined && media.length > 0)
}

export const media = z.object({
  id: z.string(),
  kind: z.enum(['image', 'file', 'audio', 'video']),
  url: z.string(),
  name: z.string(),
  mime: z.string(),
  size: z.int(),
  width: z.int().optional(),
  height: z.int().optional(),
  durationMs: z.int().optional(),
  thumbUrl: z.string().optional(),
  alt: z.string().optional(),
  /** Somebody else's address: never fetched, shown as a link. */
  external: z.literal(true).optional(),
})
export type Media = z.output<typeof media>

export const reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  userIds: z.array(z.string()),
  /** Given to one reader; entries, which all readers share, have only `userIds`. */
  mine: z.boolean().optional(),
})

/** One chat message. A deleted one keeps `id`, `chatId`, `seq`, `senderId` and its times; the rest is empty. */
export const message = z.object({
  id: z.string(),
  /** For the sender alone means something: it pairs an echo with what is waiting. */
  clientId: z.string(),
  chatId: z.string(),
  seq: z.int(),
  senderId: z.string().nullable(),
  /** What others may call the sender. */
  senderName: z.string(),
  messageType,
  content: z.string(),
  media: z.array(media),
  /** All other active members have it, or have read it. */
  delivered: z.boolean(),
  isRead: z.boolean(),
  replyTo: z
    .object({ id: z.string(), seq: z.int(), senderId: z.string().nullable(), preview: z.string() })
    .optional(),
  mentions: z.array(z.string()),
  reactions: z.array(reaction),
  metadata: z.record(z.string(), z.unknown()).optional(),
  createdAt: z.iso.datetime(),
  editedAt: z.iso.datetime().optional(),
  deletedAt: z.iso.datetime().optional(),
  deletedBy: z.string().optional(),
  silent: z.boolean().optional(),
})
export type Message = z.output<typeof message>

export const member = z.object({
  userId: z.string(),
  /** What others may call this user. */
  name: z.string(),
  role: memberRole,
  access,
  joinedAt: z.iso.datetime(),
  leftAt: z.iso.datetime().optional(),
  mutedUntil: z.iso.datetime().optional(),
  lastReadSeq: z.int(),
  lastReadAt: z.iso.datetime().optional(),
  lastDeliveredSeq: z.int(),
  lastDeliveredAt: z.iso.datetime().optional(),
})
export type Member = z.output<typeof member>

/** A user's own settings of one chat; nobody else sees them. */
export const chatPrefs = z.object({
  notify: z.enum(['all', 'mentions', 'none']),
  mutedUntil: z.union([z.iso.datetime(), z.literal('forever')]).optional(),
  hiddenAt: z.iso.datetime().optional(),
  unreadFromSeq: z.int().optional(),
  privateReadSeq: z.int().optional(),
})
export type ChatPrefs = z.output<typeof chatPrefs>

/** What is the same for every member. */
const chatShape = {
  id: z.string(),
  type: chatType,
  /** The first 100. */
  memberIds: z.array(z.string()),
  memberCount: z.int(),
  title: z.string().optional(),
  avatarUrl: z.string().optional(),
  context: chatContext.optional(),
  state: chatState,
  /** Newcomers see what was said before they came, or not. */
  history: z.enum(['sinceJoin', 'all']),
  pins: z.array(z.object({ messageId: z.string(), seq: z.int() })),
  lastSeq: z.int(),
  updatedAt: z.iso.datetime(),
}

/** A chat as one member sees it. */
export const chat = z.object({
  ...chatShape,
  /** The title, or in its place the names of the others. */
  displayTitle: z.string(),
  lastMessage: message.optional(),
  unread: z.int(),
  unreadMentions: z.int(),
  prefs: chatPrefs,
  /** What this member may do now; the rest would be refused. */
  capabilities: z.array(z.enum(actions)),
  /** Why not, in words for people. */
  policyNotice: z.string().optional(),
})
export type Chat = z.output<typeof chat>
/** A chat as its entries tell it. */
export type ChatFacts = Omit<
  Chat,
  'displayTitle' | 'lastMessage' | 'unread' | 'unreadMentions' | 'prefs' | 'capabilities' | 'policyNotice'
>

/** Exact unread numbers of chats; never part of the notifications' unread. */
export const chatCounts = z.object({
  /** The chats that changed; a chat that is not named is as it was. */
  chats: z.record(z.string(), z.object({ unread: z.int(), mentions: z.int() })),
  /** Over all chats that are neither muted nor hidden. */
  total: z.object({ unread: z.int(), chats: z.int(), mentions: z.int() }),
})
export type ChatCounts = z.output<typeof chatCounts>

/** How far one member has come. */
export interface Watermarks {
  userId: string
  lastDeliveredSeq: number
  lastReadSeq: number
  /** That it is the reading that moved, and not the delivery alone. */
  hasReadMore?: boolean
  at: string
}

export const presenceStatus = z.enum(['online', 'away', 'dnd', 'offline'])
export const presence = z.object({
  userId: z.string(),
  status: presenceStatus,
  /** Whether the status is not `offline`. */
  isOnline: z.boolean(),
  /** Rounded down to the minute; null: never seen, or not for this reader. */
  lastActive: z.iso.datetime().nullable(),
  text: z.string().optional(),
  /** Rises with every change; a lower one is old. */
  version: z.int(),
})
export type Presence = z.output<typeof presence>
