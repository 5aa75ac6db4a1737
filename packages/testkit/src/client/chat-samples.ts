import type { Chat, CommandReply, Cursor, Entry, EntryData, Member, Message } from '@belfry/protocol'
import { entry, ME } from './samples.ts'

const AT = '2026-11-24T12:00:00.000Z'

export const CHAT = 'c1'
export const ROOM = `room:${CHAT}`

export const chatCursor = (offset: number, own = 0, epoch = 'e1'): Cursor => ({
  epoch,
  offsets: { [ME]: own, [ROOM]: offset },
})

/** From somebody else, unless it says so. */
export const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  clientId: `bob-${seq}`,
  chatId: CHAT,
  seq,
  senderId: 'bob',
  senderName: 'bob',
  messageType: 'text',
  content: `Message ${seq}`,
  media: [],
  delivered: false,
  isRead: false,
  mentions: [],
  reactions: [],
  createdAt: AT,
  ...more,
})

export const messages = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index))

export const member = (userId: string, more: Partial<Member> = {}): Member => ({
  userId,
  name: userId,
  role: 'member',
  access: 'readwrite',
  joinedAt: AT,
  lastReadSeq: 0,
  lastDeliveredSeq: 0,
  ...more,
})

export const chat = (more: Partial<Chat> = {}): Chat => ({
  id: CHAT,
  type: 'direct',
  memberIds: ['ada', 'bob'],
  memberCount: 2,
  state: 'open',
  history: 'sinceJoin',
  pins: [],
  lastSeq: 0,
  updatedAt: AT,
  displayTitle: 'bob',
  unread: 0,
  unreadMentions: 0,
  prefs: { notify: 'all' },
  capabilities: ['openChat', 'listMessages', 'postMessage', 'editMessage', 'deleteMessage', 'reactToMessage'],
  ...more,
})

/** The answer to `openChat` at an offset of the chat's topic. */
export const opened = (
  list: Message[],
  more: Partial<CommandReply<'openChat'>> = {},
): CommandReply<'openChat'> => ({
  chat: chat({ lastSeq: list.at(-1)?.seq ?? 0 }),
  members: [member('ada'), member('bob')],
  messages: list,
  offset: list.length,
  ...more,
})

type MessageKind = Extract<Entry['kind'], `message.${string}`>

export const told = (offset: number, data: Message, kind: MessageKind = 'message.posted'): Entry =>
  entry(offset, kind, data, `room:${data.chatId}`)

/** An entry of the chat's own topic. */
export const inRoom = <K extends Entry['kind']>(offset: number, kind: K, data: EntryData[K]): Entry =>
  entry(offset, kind, data, ROOM)
