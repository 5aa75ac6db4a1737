import { z } from 'zod'
import {
  access,
  chat,
  chatContext,
  chatCounts,
  chatPrefs,
  chatState,
  chatType,
  clientId,
  member,
  memberRole,
  message,
} from '../chat.ts'
import { id, instant, link, pageSize, visibleText } from '../text.ts'
import { nothing, row, writeInput } from './row.ts'

const inChat = { chatId: id }
const someUsers = z.array(id).min(1).max(100)
const cursor = z.string().min(1).max(512).optional()
const oneChat = z.object({ chat })
const someMembers = z.object({ members: z.array(member) })

/** People by `userIds`, or one of them by the path's `userId`. */
const people = { ...inChat, userId: id.optional(), userIds: someUsers.optional() }
const isNamed = (input: { userId?: string | undefined; userIds?: string[] | undefined }) =>
  (input.userId === undefined) !== (input.userIds === undefined)
const named = { path: ['userIds'], message: 'Name the users' }

/** Commands about chats and their members. Source: chat-presence.md §4 and §6. */
export const chatCommands = {
  createChat: row({
    summary: 'Make a chat; for two people without a type it is their one direct chat, new or not.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats', status: 201 },
    socket: true,
    input: writeInput({
      memberIds: z.array(id).max(500),
      type: chatType.optional(),
      title: visibleText(120).optional(),
      avatarUrl: link.optional(),
      context: chatContext.optional(),
      history: z.enum(['sinceJoin', 'all']).optional(),
      clientId: clientId.optional(),
    }),
    output: z.object({ chat, created: z.boolean() }),
  }),
  listChats: row({
    summary: 'A page of your chats, the latest first.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/chats' },
    socket: true,
    input: z.strictObject({
      limit: pageSize(30, 100),
      cursor,
      filter: z.enum(['all', 'unread', 'hidden']).default('all'),
    }),
    output: z.object({ chats: z.array(chat), nextCursor: z.string().nullable(), counts: chatCounts }),
  }),
  openChat: row({
    summary: 'A chat with its members and newest messages; on a socket it also starts its typing.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/chats/:chatId' },
    socket: true,
    input: z.strictObject({ ...inChat, limit: pageSize(50, 100) }),
    output: z.object({
      chat,
      members: z.array(member),
      messages: z.array(message),
      /** Where unread messages begin, if there are any. */
      firstUnreadSeq: z.int().optional(),
      /** Offset of the chat's topic at which this holds. */
      offset: z.int(),
    }),
  }),
  closeChat: row({
    summary: 'Ends what openChat has started on this socket.',
    effect: 'live',
    rule: 'user',
    socket: true,
    input: z.strictObject(inChat),
    output: nothing,
  }),
  focusChat: row({
    summary: 'Which chat is in front of the user on this socket: its messages make no noise on any device.',
    effect: 'live',
    rule: 'user',
    socket: true,
    input: z.strictObject({ chatId: id.nullable(), focused: z.boolean() }),
    output: nothing,
  }),
  updateChat: row({
    summary: 'Change title, picture, state or context of a chat.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PATCH', path: '/api/chats/:chatId' },
    socket: true,
    input: writeInput({
      ...inChat,
      title: visibleText(120).optional(),
      avatarUrl: link.optional(),
      state: chatState.optional(),
      context: chatContext.optional(),
    }),
    output: oneChat,
  }),
  leaveChat: row({
    summary: 'Leave a group; what was read there stays readable.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats/:chatId/leave' },
    socket: true,
    input: writeInput(inChat),
    output: nothing,
  }),
  setChatPrefs: row({
    summary: 'Your own settings of a chat: what rings, until when it is muted, whether it is hidden.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PATCH', path: '/api/chats/:chatId/prefs' },
    socket: true,
    input: writeInput({
      ...inChat,
      notify: z.enum(['all', 'mentions', 'none']).optional(),
      mutedUntil: z
        .union([instant, z.literal('forever')])
        .nullable()
        .optional(),
      hidden: z.boolean().optional(),
    }),
    output: z.object({ prefs: chatPrefs, counts: chatCounts }),
  }),
  listMembers: row({
    summary: 'Everyone in a chat, in the order of joining.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/chats/:chatId/members' },
    socket: true,
    input: z.strictObject(inChat),
    output: someMembers,
  }),
  addMembers: row({
    summary: 'Add people to a group.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats/:chatId/members' },
    socket: true,
    input: writeInput({ ...people, role: memberRole.optional(), access: access.optional() }).refine(
      isNamed,
      named,
    ),
    output: someMembers,
  }),
  updateMembers: row({
    summary: 'Change role, access or a moderator’s mute of members.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PATCH', path: '/api/chats/:chatId/members/:userId' },
    socket: true,
    input: writeInput({
      ...people,
      role: memberRole.optional(),
      access: access.optional(),
      mutedUntil: instant.nullable().optional(),
    }).refine(isNamed, named),
    output: someMembers,
  }),
  removeMembers: row({
    summary: 'Remove people from a group; with `removeHistory` they can no longer read what was said.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/chats/:chatId/members/:userId' },
    socket: true,
    input: writeInput({ ...people, removeHistory: z.boolean().optional() }).refine(isNamed, named),
    output: nothing,
  }),
  markChatRead: row({
    summary: 'Read everything up to `upToSeq`, or all so far; `private` moves only your own numbers.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats/:chatId/read' },
    socket: true,
    input: writeInput({ ...inChat, upToSeq: z.int().min(0).optional(), private: z.boolean().optional() }),
    output: z.object({ lastReadSeq: z.int(), counts: chatCounts }),
  }),
  markChatUnread: row({
    summary: 'Count everything from `fromSeq` on as unread again, until the chat is read the next time.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats/:chatId/unread' },
    socket: true,
    input: writeInput({ ...inChat, fromSeq: z.int().min(1) }),
    output: z.object({ counts: chatCounts }),
  }),
  listBlocks: row({
    summary: 'Whom you have blocked.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/blocks' },
    socket: true,
    input: z.strictObject({}),
    output: z.object({ userIds: z.array(z.string()) }),
  }),
  blockUser: row({
    summary: 'Block somebody: no direct messages, no presence, no typing, in both directions.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PUT', path: '/api/blocks/:userId' },
    socket: true,
    input: writeInput({ userId: id }),
    output: nothing,
  }),
  unblockUser: row({
    summary: 'Take a block back.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/blocks/:userId' },
    socket: true,
    input: writeInput({ userId: id }),
    output: nothing,
  }),
}
