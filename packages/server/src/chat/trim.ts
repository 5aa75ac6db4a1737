import type { Actor } from '../core/actor.ts'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { deleteMentions, deleteReactions, mentionsIn } from './message-statements.ts'
import type { Outside } from './outside.ts'
import { unpinDeleted } from './pins.ts'

/** Messages one run may remove, so that a command stays short; the timer comes again until there are no more. */
const MAX_MESSAGES = 200

/** Ids only grow and begin with their time, so the oldest messages are the first, and no other index is needed. */
const oldMessages = statement<{ below: string; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'chat_id', 'seq'])
    .where('id', '<', p.below)
    .orderBy('id')
    .limit(p.limit),
)
const deleteRow = statement<{ id: string }>()((db, p) => db.deleteFrom('message').where('id', '=', p.id))

/** The first id of a millisecond. */
function firstIdOf(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`
}

/**
 * Run by the server's own timer, where messages are kept for a while only: the oldest disappear with all that belongs to
 * them. Each chat loses its beginning, so what is left has no holes.
 */
export function createTrim(outside: Outside) {
  return async (
    tx: Tx,
    _: Actor,
    { before }: { before: number },
  ): Promise<{ trimmed: number; hasMore: boolean }> => {
    const rows = await tx.all(oldMessages, { below: firstIdOf(before), limit: MAX_MESSAGES })
    for (const { id, chat_id: chat, seq } of rows) {
      const items = (await tx.all(mentionsIn, { chat, seq })).flatMap(({ item_id }) => item_id ?? [])
      for (const item of new Set(items)) await outside.withdraw(tx, item)
      tx.write(deleteMentions, { chat, seq })
      tx.write(deleteReactions, { message: id })
      await outside.detachMedia(tx, id)
      tx.write(deleteRow, { id })
    }
    for (const chat of new Set(rows.map(({ chat_id }) => chat_id))) await unpinDeleted(tx, chat)
    return { trimmed: rows.length, hasMore: rows.length === MAX_MESSAGES }
  }
}
