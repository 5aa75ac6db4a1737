import { type CommandReply, Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { ReportRow } from '../store/sql/chat-schema.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader, Tx } from '../store/store.ts'
import { removeMessage } from './change-message.ts'
import { chatRow } from './chat-statements.ts'
import { iso } from './message-shape.ts'
import { messageById } from './message-statements.ts'
import type { Outside } from './outside.ts'
import { placeOf, readMessage, userOf } from './place.ts'

type Report = CommandReply<'resolveReport'>['report']

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
const reportRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('report').selectAll().where('id', '=', p.id),
)
const closeReport = statement<{ id: string; state: string }>()((db, p) =>
  db.updateTable('report').set({ state: p.state }).where('id', '=', p.id).where('state', '=', 'open'),
)

/** One open report per person and message; what was read may be reported, by former members too. */
export async function reportMessage(tx: Tx, actor: Actor, input: ParsedInput<'reportMessage'>) {
  const user = userOf(actor)
  const place = await placeOf(tx, input.chatId, user)
  const { id: message } = await readMessage(tx, place, input.messageId)
  if (await tx.get(openReport, { message, user })) throw new Failure('already_exists')
  const { reason, text = null } = input
  const id = tx.newId()
  tx.write(insertReport, { id, chat: place.chat.id, message, user, reason, text, now: tx.now })
  return {}
}

/** Without who has reported: that is told to nobody. */
async function toReport(reader: Reader, row: ReportRow): Promise<Report> {
  const message = await reader.get(messageById, { id: row.message_id })
  return {
    id: row.id,
    chatId: row.chat_id,
    messageId: row.message_id,
    // What the row holds was validated when it was written.
    reason: row.reason as Report['reason'],
    ...(row.text === null ? {} : { text: row.text }),
    state: row.state as Report['state'],
    createdAt: iso(row.created_at),
    message: message
      ? {
          senderId: message.sender_id,
          seq: message.seq,
          content: message.content,
          createdAt: iso(message.created_at),
          ...(message.deleted_at === null ? {} : { deletedAt: iso(message.deleted_at) }),
        }
      : null,
  }
}

/** Ids only grow, so the last one shown is the cursor. */
export async function listReports(reader: Reader, { state, cursor, limit }: ParsedInput<'listReports'>) {
  const before = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString()
  const rows = await reader.query((db) => {
    let query = db
      .selectFrom('report')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (state !== 'all') query = query.where('state', '=', state)
    if (before !== undefined) query = query.where('id', '<', before)
    return query
  })
  const reports: Report[] = []
  for (const row of rows.slice(0, limit)) reports.push(await toReport(reader, row))
  const last = reports.at(-1)
  return {
    reports,
    nextCursor: rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null,
  }
}

/** What was reported may be gone by then. @throws Failure `not_found` for no report, or one that is closed */
export function createResolveReport(outside: Outside) {
  return async (tx: Tx, actor: Actor, input: ParsedInput<'resolveReport'>) => {
    const { id, state, deleteMessage = false } = input
    const row = await tx.get(reportRow, { id })
    if (!row || (await tx.run(closeReport, { id, state })) === 0) throw new Failure('not_found')
    const message = await tx.get(messageById, { id: row.message_id })
    const chat = await tx.get(chatRow, { id: row.chat_id })
    if (deleteMessage && message && chat && message.deleted_at === null) {
      await removeMessage(tx, outside, { chat, row: message, by: actor.kind === 'user' ? actor.id : null })
    }
    return { report: await toReport(tx, { ...row, state }) }
  }
}
