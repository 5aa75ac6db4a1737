import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import type { Actor } from './actor.ts'

/** Rows one run may remove, so that a command stays short; the timer comes again. */
const MAX_ROWS = 2000

const oldKeys = statement<{ before: number }>()((db, p) =>
  db.deleteFrom('idempotency').where('at', '<', p.before),
)
const ends = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select(['head', 'tail_offset']).where('topic', '=', p.topic),
)
const trimEntries = statement<{ topic: string; upTo: number }>()((db, p) =>
  db.deleteFrom('entry').where('topic', '=', p.topic).where('offset', '<=', p.upTo),
)
const moveTail = statement<{ topic: string; upTo: number }>()((db, p) =>
  db.updateTable('topic').set({ tail_offset: p.upTo }).where('topic', '=', p.topic),
)

export interface Retention {
  idempotencyMs: number
  maxTopicEntries: number
  /** Topics that may have grown past their limit. */
  topics: string[]
}

/**
 * Run by the server's own timer. Trims what nobody needs any more: old keys and the log's oldest
 * entries; a cursor below the tail is answered with a snapshot.
 */
export async function retain(tx: Tx, _: Actor, limits: Retention): Promise<{ trimmed: number }> {
  // Counted: where nothing was old nothing is written, not even to the lease.
  await tx.run(oldKeys, { before: tx.now - limits.idempotencyMs })
  let trimmed = 0
  for (const topic of limits.topics) {
    const row = await tx.get(ends, { topic })
    const upTo = Math.min((row?.head ?? 0) - limits.maxTopicEntries, (row?.tail_offset ?? 0) + MAX_ROWS)
    if (!row || upTo <= row.tail_offset) continue
    trimmed += await tx.run(trimEntries, { topic, upTo })
    tx.write(moveTail, { topic, upTo })
  }
  return { trimmed }
}
