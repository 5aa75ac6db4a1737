import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { placeOf, readMessage, userOf } from './place.ts'

const openReport = statement<{ message: string; user: string }>()((db, p) =>
  db
    .selectFrom('report')
    .select('id')
    .where('message_id', '=', p.message)
    .where('reporter_id', '=', p.user)
    .where('state', '=', 'open'),
)
const insertReport = statement<{
  id: string
  chat: string
  message: string
  user: string
  reason: string
  text: string | null
  now: number
}>()((db, p) =>
  db.insertInto('report').values({
    id: p.id,
    chat_id: p.chat,
    message_id: p.message,
    reporter_id: p.user,
    reason: p.reason,
    text: p.text,
    state: 'open',
    created_at: p.now,
  }),
)

/** One open report per person and message; what was read may be reported, by former members too. */
export async function reportMessage(tx: Tx, actor: Actor, input: ParsedInput<'reportMessage'>) {
  const user = userOf(actor)
  const place = await placeOf(tx, input.chatId, user)
  const { id: message } = await readMessage(tx, place, input.messageId)
  if (await tx.get(openReport, { message, user })) throw new Failure('already_exists')
  const { reason, text = null } = input
  await tx.run(insertReport, {
    id: tx.newId(),
    chat: place.chat.id,
    message,
    user,
    reason,
    text,
    now: tx.now,
  })
  return {}
}
