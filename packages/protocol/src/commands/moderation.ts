import { z } from 'zod'
import { access, actions, chatContext, chatState, chatType, memberRole, messageDraft } from '../chat.ts'
import { id, instant, pageSize, roleName } from '../text.ts'
import { reportReason } from './messages.ts'
import { row, writeInput } from './row.ts'

/** What somebody has reported. Who it was is told to nobody. */
const report = z.object({
  id: z.string(),
  chatId: z.string(),
  messageId: z.string(),
  reason: reportReason,
  text: z.string().optional(),
  state: z.enum(['open', 'resolved', 'dismissed']),
  createdAt: z.iso.datetime(),
  /** As it is now; null when it is gone. The content of a deleted one is empty. */
  message: z
    .object({
      senderId: z.string().nullable(),
      seq: z.int(),
      content: z.string(),
      createdAt: z.iso.datetime(),
      deletedAt: z.iso.datetime().optional(),
    })
    .nullable(),
})

const kind = z.enum(['client', 'provider', 'staff'])
const count = z.int().min(0).max(1_000_000)
/** What is taken for true in place of what is so. */
const assumed = z.strictObject({
  actor: z.strictObject({ kind: kind.optional(), roles: z.array(roleName).max(20).optional() }).optional(),
  counterpart: z.strictObject({ kind: kind.optional() }).optional(),
  chat: z
    .strictObject({
      type: chatType.optional(),
      state: chatState.optional(),
      context: chatContext.optional(),
    })
    .optional(),
  membership: z
    .strictObject({
      role: memberRole.optional(),
      access: access.optional(),
      isActive: z.boolean().optional(),
      mutedUntil: instant.optional(),
    })
    .optional(),
  facts: z
    .strictObject({
      actorMessages: count.optional(),
      counterpartMessages: count.optional(),
      lastActorMessageAt: instant.optional(),
      blockedEither: z.boolean().optional(),
    })
    .optional(),
})

/** Commands of those who look after the chats. Source: chat-presence.md §6. */
export const moderationCommands = {
  listReports: row({
    summary: 'What people have reported, the newest first.',
    effect: 'read',
    rule: 'admin',
    rest: { method: 'GET', path: '/api/admin/reports' },
    socket: true,
    input: z.strictObject({
      state: z.enum(['open', 'resolved', 'dismissed', 'all']).default('open'),
      cursor: z.string().min(1).max(512).optional(),
      limit: pageSize(50, 100),
    }),
    output: z.object({ reports: z.array(report), nextCursor: z.string().nullable() }),
  }),
  resolveReport: row({
    summary: 'Close an open report; with `deleteMessage` its message goes too.',
    effect: 'write',
    rule: 'admin',
    rest: { method: 'PATCH', path: '/api/admin/reports/:id' },
    socket: true,
    input: writeInput({
      id,
      state: z.enum(['resolved', 'dismissed']),
      deleteMessage: z.boolean().optional(),
    }),
    output: z.object({ report }),
  }),
  testPolicy: row({
    summary:
      'What the rules of chats would decide, and which of them: for a member as it is, or for what is assumed.',
    effect: 'read',
    rule: 'admin',
    rest: { method: 'POST', path: '/api/admin/policy/test' },
    socket: true,
    input: z
      .strictObject({
        action: z.enum(actions).default('postMessage'),
        chatId: id.optional(),
        userId: id.optional(),
        assumed: assumed.optional(),
        message: z.strictObject(messageDraft).optional(),
      })
      .refine(({ chatId, userId }) => (chatId === undefined) === (userId === undefined), {
        path: ['userId'],
        message: 'Name both the chat and the member, or neither',
      }),
    output: z.object({
      decision: z.object({
        effect: z.enum(['allow', 'deny']),
        /** The rule that decided; without one nothing had an objection. */
        rule: z.string().optional(),
        code: z.string().optional(),
        message: z.string().optional(),
        retryAfterMs: z.int().optional(),
        policyNotice: z.string().optional(),
        /** What would be said in place of the message. */
        transform: z.record(z.string(), z.unknown()).optional(),
      }),
      /** In the order in which they are asked. */
      rules: z.array(z.string()),
      capabilities: z.array(z.enum(actions)),
    }),
  }),
}
