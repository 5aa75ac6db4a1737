import { z } from 'zod'
import { presence, presenceStatus } from '../chat.ts'
import { id, instant, visibleText } from '../text.ts'
import { nothing, row, writeInput } from './row.ts'

const someUsers = z.array(id).min(1).max(100)
const several = z.object({ presence: z.array(presence) })
/** People that may arrive as one text in a query. */
const askedUsers = z.union([
  someUsers,
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(someUsers),
])

function live<I extends z.ZodType, O extends z.ZodType>(summary: string, input: I, output: O) {
  return row({ summary, effect: 'live', rule: 'user', socket: true, input, output })
}

/** Commands about who is there and who writes. Source: chat-presence.md §4. */
export const presenceCommands = {
  getPresence: row({
    summary: 'Who of these people is there; those whom you may not see look offline.',
    effect: 'live',
    rule: 'user',
    rest: { method: 'GET', path: '/api/presence' },
    socket: true,
    input: z.strictObject({ userIds: askedUsers }),
    output: several,
  }),
  setPresence: row({
    summary: 'Show yourself as online, away, busy or not at all, with a text, until a time.',
    effect: 'write',
    rule: 'user',
    rest: { method: 'PUT', path: '/api/presence' },
    socket: true,
    input: writeInput({
      status: presenceStatus.exclude(['offline']).or(z.literal('invisible')),
      text: visibleText(120).nullable().optional(),
      until: instant.nullable().optional(),
    }),
    output: z.object({ presence }),
  }),
  watchPresence: live(
    'Be told of changes of these people on this socket; at most 200.',
    z.strictObject({ userIds: someUsers }),
    several,
  ),
  unwatchPresence: live('No longer.', z.strictObject({ userIds: someUsers }), nothing),
  setIdle: live('Whether nobody sits before this device.', z.strictObject({ idle: z.boolean() }), nothing),
  startTyping: live(
    'Tell the others that you write; to be repeated every 3 s.',
    z.strictObject({ chatId: id }),
    nothing,
  ),
  stopTyping: live('You write no longer.', z.strictObject({ chatId: id }), nothing),
}
