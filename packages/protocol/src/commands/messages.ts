import { z } from 'zod'
import { clientId, emoji, hasSubstance, message, messageContent, messageDraft, reaction } from '../chat.ts'
import { id, pageSize, visibleText } from '../text.ts'
import { nothing, row, writeInput } from './row.ts'

const inChat = { chatId: id }
const oneMessage = { chatId: id, messageId: id }
const withMessage = z.object({ message })
/** A place in a chat that may arrive as text in a query. */
const place = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.int().min(0))
  .optional()

function reacting(method: 'PUT' | 'DELETE', summary: string) {
  return row({
    summary,
    effect: 'write',
    rule: 'user',
    rest: { method, path: '/api/chats/:chatId/messages/:messageId/reactions/:emoji' },
    socket: true,
    input: writeInput({ ...oneMessage, emoji }),
    output: z.object({ reactions: z.array(reaction) }),
  })
}

export const reportReason = z.enum(['spam', 'harassment', 'inappropriate', 'contact', 'other'])

/** Commands about messages. Source: chat-presence.md §4 and §6. */
export const messageCommands = {
  postMessage: row({
    summary: 'Post a message; a repeat with the same `clientId` is the same message.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/chats/:chatId/messages', status: 201 },
    socket: true,
    input: writeInput({ ...inChat, clientId: clientId.optional(), ...messageDraft }).refine(hasSubstance, {
      path: ['content'],
      message: 'Must not be blank',
    }),
    output: z.object({ message, duplicate: z.boolean(), policyNotice: z.string().optional() }),
  }),
  editMessage: row({
    summary: 'Change the text of your own message.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PATCH', path: '/api/chats/:chatId/messages/:messageId' },
    socket: true,
    input: writeInput({ ...oneMessage, content: messageContent }),
    output: withMessage,
  }),
  deleteMessage: row({
    summary: 'Delete a message for everyone; its place stays.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/chats/:chatId/messages/:messageId' },
    socket: true,
    input: writeInput(oneMessage),
    output: withMessage,
  }),
  reactToMessage: reacting('PUT', 'Add your reaction to a message.'),
  unreactToMessage: reacting('DELETE', 'Take your reaction back.'),
  pinMessage: row({
    summary: 'Pin a message for all members; at most 50 per chat.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PUT', path: '/api/chats/:chatId/pins/:messageId' },
    socket: true,
    input: writeInput(oneMessage),
    output: nothing,
  }),
  unpinMessage: row({
    summary: 'Take a pin back.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/chats/:chatId/pins/:messageId' },
    socket: true,
    input: writeInput(oneMessage),
    output: nothing,
  }),
  listMessages: row({
    summary: 'Messages of a chat, ascending by `seq`: the newest, or those before, after or around a place.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/chats/:chatId/messages' },
    socket: true,
    input: z
      .strictObject({ ...inChat, before: place, after: place, around: place, limit: pageSize(50, 100) })
      .refine(
        ({ before, after, around }) => [before, after, around].filter((one) => one !== undefined).length <= 1,
        { path: ['before'], message: 'Give one of before, after and around' },
      ),
    output: z.object({ messages: z.array(message), hasOlder: z.boolean(), hasNewer: z.boolean() }),
  }),
  searchMessages: row({
    summary: 'Find words in the messages that you may read, newest first.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/messages/search' },
    socket: true,
    input: z.strictObject({
      q: visibleText(200),
      chatId: id.optional(),
      cursor: z.string().min(1).max(512).optional(),
      limit: pageSize(20, 50),
    }),
    output: z.object({ hits: z.array(message), nextCursor: z.string().nullable() }),
  }),
  reportMessage: row({
    summary: 'Report a message to those who run the site; the sender is never told.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'POST', path: '/api/reports', status: 201 },
    socket: true,
    input: writeInput({
      ...oneMessage,
      reason: reportReason,
      text: visibleText(1000).optional(),
    }),
    output: nothing,
  }),
}
