import { z } from 'zod'
import { chatPrefs, media } from '../chat.ts'
import { item } from '../notification.ts'
import { nothing, row } from './row.ts'

const ownChat = z.object({
  chatId: z.string(),
  type: z.string(),
  title: z.string().optional(),
  role: z.string(),
  isCreator: z.boolean(),
  joinedAt: z.iso.datetime(),
  leftAt: z.iso.datetime().optional(),
  lastReadSeq: z.int(),
  prefs: chatPrefs,
})
const ownMessage = z.object({
  id: z.string(),
  chatId: z.string(),
  seq: z.int(),
  messageType: z.string(),
  content: z.string(),
  media: z.array(media),
  replyTo: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  createdAt: z.iso.datetime(),
  editedAt: z.iso.datetime().optional(),
})
const ownReport = z.object({
  chatId: z.string(),
  messageId: z.string(),
  reason: z.string(),
  text: z.string().optional(),
  createdAt: z.iso.datetime(),
})

/** What people may do with all that is kept about them. */
export const personalDataCommands = {
  exportUser: row({
    summary:
      'Everything that is kept about you, in pages; all but messages and notifications is on the first.',
    effect: 'read',
    rule: 'user',
    rest: { method: 'GET', path: '/api/auth/me/export' },
    socket: false,
    input: z.strictObject({ cursor: z.string().min(1).max(512).optional() }),
    output: z.object({
      account: z
        .object({
          id: z.string(),
          email: z.string().nullable(),
          role: z.string(),
          roles: z.array(z.string()),
          disabled: z.boolean(),
        })
        .optional(),
      chats: z.array(ownChat).optional(),
      reactions: z
        .array(z.object({ messageId: z.string(), emoji: z.string(), at: z.iso.datetime() }))
        .optional(),
      blocks: z.array(z.string()).optional(),
      reports: z.array(ownReport).optional(),
      presence: z
        .object({
          status: z.string().nullable(),
          text: z.string().nullable(),
          lastActive: z.iso.datetime().nullable(),
        })
        .optional(),
      media: z.array(media).optional(),
      messages: z.array(ownMessage),
      notifications: z.array(item),
      nextCursor: z.string().nullable(),
    }),
  }),
  eraseUser: row({
    summary: 'Delete your account and everything you have said and uploaded; there is no way back.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'DELETE', path: '/api/auth/me' },
    socket: false,
    /** `password` for accounts that have one. */
    input: z.strictObject({ password: z.string().max(4096).optional() }),
    output: nothing,
  }),
}
