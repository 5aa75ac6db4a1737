import { Failure, type ParsedInput } from '@belfry/protocol'
import { sql } from 'kysely'
import type { MessageRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { toMessages } from './message-shape.ts'
import { readableMessages } from './message-statements.ts'
import { placeOf } from './place.ts'

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

function decode(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!ID.test(id))
    throw new Failure('validation_failed', { field: 'cursor', message: 'This cursor is not one of ours.' })
  return id
}

/** The words themselves: wildcards in the search stand for themselves. */
function contains(text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql<boolean>`lower(m.content) like lower(${pattern}) escape '\\'`
}

/** Newest first over all chats of the user, or in one; ids only grow, so the last one shown is the cursor. */
export async function searchMessages(
  reader: Reader,
  input: ParsedInput<'searchMessages'> & { user: string },
) {
  const { q, chatId, user, limit } = input
  if (chatId !== undefined) await placeOf(reader, chatId, user)
  const before = input.cursor === undefined ? undefined : decode(input.cursor)
  const rows: MessageRow[] = await reader.query((db) => {
    let query = readableMessages(db, user)
      .where('m.deleted_at', 'is', null)
      .where(contains(q))
      .orderBy('m.id', 'desc')
      .limit(limit + 1)
    if (chatId !== undefined) query = query.where('m.chat_id', '=', chatId)
    if (before !== undefined) query = query.where('m.id', '<', before)
    return query
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    hits: await toMessages(reader, page, user),
    nextCursor: rows.length > limit && last ? Buffer.from(last.id).toString('base64url') : null,
  }
}
