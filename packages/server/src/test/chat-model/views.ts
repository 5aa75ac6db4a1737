import type { Chat, ChatPrefs, Member, Message } from '@belfry/protocol'
import { previewOf } from '../../core/preview.ts'
import type { Oracle } from './oracle.ts'
import type { OracleChat, Said, Seat } from './oracle-chat.ts'
import { allowed } from './verdicts.ts'

export const iso = (ms: number): string => new Date(ms).toISOString()

const previewIn = ({ deletedAt, content }: Said): string =>
  deletedAt === undefined ? previewOf(content) : ''

function replyIn(oracle: Oracle, { replyTo: id }: Said, viewer: string): Pick<Message, 'replyTo'> {
  if (id === undefined) return {}
  const original = oracle.canRead(viewer, id) ? oracle.message(id)?.message : undefined
  if (!original) return { replyTo: { id, seq: 0, senderId: null, preview: '' } }
  return { replyTo: { id, seq: original.seq, senderId: original.sender, preview: previewIn(original) } }
}

/** Same signs are one group, in the order of the first of each. */
function reactionsOf({ reactions }: Said, viewer: string): Message['reactions'] {
  const sorted = [...reactions].sort((a, b) => a.at - b.at || (a.user < b.user ? -1 : 1))
  return [...new Set(sorted.map(({ emoji }) => emoji))].map((emoji) => {
    const userIds = sorted.filter((one) => one.emoji === emoji).map(({ user }) => user)
    return { emoji, count: userIds.length, userIds, mine: userIds.includes(viewer) }
  })
}

function receiptsOf(chat: OracleChat, message: Said): Pick<Message, 'delivered' | 'isRead'> {
  const others = chat.active.filter(({ user, role }) => user !== message.sender && role !== 'observer')
  const copies = others.map(({ user }) => chat.copy(user, message))
  return {
    delivered: copies.every(({ isDelivered }) => isDelivered),
    isRead: copies.every((copy) => copy.isRead),
  }
}

/** A message as one reader must see it. */
export function messageFor(oracle: Oracle, chat: OracleChat, message: Said, viewer: string): Message {
  const { id, clientId, seq, sender, type, content, media, mentions, metadata } = message
  return {
    ...{ id, clientId, chatId: chat.id, seq, senderId: sender, senderName: sender, content, mentions },
    // Drawn from what the protocol allows.
    messageType: type as Message['messageType'],
    media: media as Message['media'],
    ...receiptsOf(chat, message),
    ...replyIn(oracle, message, viewer),
    reactions: reactionsOf(message, viewer),
    ...(metadata ? { metadata } : {}),
    createdAt: iso(message.createdAt),
    ...(message.editedAt === undefined ? {} : { editedAt: iso(message.editedAt) }),
    ...(message.deletedAt === undefined ? {} : { deletedAt: iso(message.deletedAt) }),
    ...(message.deletedBy === undefined ? {} : { deletedBy: message.deletedBy }),
    ...(message.isSilent ? { silent: true } : {}),
  }
}

/** Everything that a user may read of a chat, ascending. */
export const messagesFor = (oracle: Oracle, chat: OracleChat, viewer: string): Message[] =>
  chat.readable(viewer).map((message) => messageFor(oracle, chat, message, viewer))

export function prefsFor(chat: OracleChat, user: string): ChatPrefs {
  const { notify, silencedUntil: until, hiddenAt, unreadFrom } = chat.seat(user)
  const privately = chat.said.filter(({ copies }) => copies.get(user)?.isReadPrivately)
  return {
    notify,
    ...(until === undefined ? {} : { mutedUntil: until === 'forever' ? until : iso(until) }),
    ...(hiddenAt === undefined ? {} : { hiddenAt: iso(hiddenAt) }),
    ...(unreadFrom === undefined ? {} : { unreadFromSeq: unreadFrom }),
    ...(privately.length === 0 ? {} : { privateReadSeq: privately.at(-1)?.seq }),
  }
}

/** Without the time of the last delivery, which is told to nobody and kept for show. */
export function memberFor(chat: OracleChat, seat: Seat): Omit<Member, 'lastDeliveredAt'> {
  const { user, role, access, joinedAt, leftAt, mutedUntil, lastReadAt } = seat
  const { read, delivered } = chat.shownWatermark(user)
  return {
    ...{ userId: user, name: user, role, access, joinedAt: iso(joinedAt) },
    ...(leftAt === undefined ? {} : { leftAt: iso(leftAt) }),
    ...(mutedUntil === undefined ? {} : { mutedUntil: iso(mutedUntil) }),
    ...{ lastReadSeq: read, lastDeliveredSeq: delivered },
    ...(lastReadAt === undefined || role === 'observer' ? {} : { lastReadAt: iso(lastReadAt) }),
  }
}

/** Who has left is told of nobody else. */
export const membersFor = (chat: OracleChat, viewer: string): Omit<Member, 'lastDeliveredAt'>[] =>
  (chat.isActive(viewer) ? chat.active : [chat.seat(viewer)]).map((seat) => memberFor(chat, seat))

/** What a chat without a title is called: the first few others. */
function namesIn(chat: OracleChat, user: string): string {
  const first = chat.active.slice(0, 4).map((seat) => seat.user)
  return first
    .filter((one) => one !== user)
    .slice(0, 3)
    .join(', ')
}

/** A chat as one of its members, here now or before, must see it; without the words of a refusal. */
export function chatFor(
  oracle: Oracle,
  chat: OracleChat,
  user: string,
  now: number,
): Omit<Chat, 'policyNotice'> {
  const isActive = chat.isActive(user)
  const lastMessage = messagesFor(oracle, chat, user).at(-1)
  const memberIds = membersFor(chat, user).map(({ userId }) => userId)
  const { unread, mentions } = oracle.unreadIn(user, chat)
  const { id, type, title, context, state, history } = chat
  const updatedAt = isActive ? chat.updatedAt : (chat.seat(user).leftAt ?? 0)
  return {
    ...{ id, type, state, history, memberIds, memberCount: memberIds.length },
    ...(title === undefined ? {} : { title }),
    displayTitle: title ?? namesIn(chat, user),
    ...(context === undefined ? {} : { context }),
    pins: chat.pins.map((message) => ({ messageId: message.id, seq: message.seq })),
    lastSeq: isActive ? chat.said.length : (lastMessage?.seq ?? 0),
    updatedAt: iso(updatedAt),
    ...(lastMessage ? { lastMessage } : {}),
    ...{ unread, unreadMentions: mentions },
    prefs: prefsFor(chat, user),
    capabilities: allowed({ oracle, chat, user, now }),
  }
}
