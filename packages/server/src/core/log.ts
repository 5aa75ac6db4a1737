import type { Entry, EntryData, EntryKind } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'

const takeOffset = statement<{ topic: string }>()((db, p) =>
  db
    .updateTable('topic')
    .set((row) => ({ head: row('head', '+', 1) }))
    .where('topic', '=', p.topic)
    .returning(['head', 'items']),
)

export const insertEntry = statement<{
  topic: string
  offset: number
  kind: string
  item_rank: number
  item_id: string | null
  data: string | null
  at: number
}>()((db, p) =>
  db.insertInto('entry').values({
    topic: p.topic,
    offset: p.offset,
    kind: p.kind,
    item_rank: p.item_rank,
    item_id: p.item_id,
    data: p.data,
    at: p.at,
  }),
)

/**
 * Writes one entry to a topic's log and hands it to the readers after the commit. Notifications go through
 * `inbox/deliver.ts`, which also takes a rank.
 * @throws Error when the topic does not exist
 */
export async function append<K extends EntryKind>(
  tx: Tx,
  topic: string,
  kind: K,
  data: EntryData[K],
): Promise<number> {
  const row = await tx.get(takeOffset, { topic })
  if (!row) throw new Error(`No topic ${topic}`)
  const entry = { topic, offset: row.head, kind, data, at: new Date(tx.now).toISOString() }
  await tx.run(insertEntry, {
    topic,
    offset: row.head,
    kind,
    item_rank: row.items,
    item_id: null,
    data: JSON.stringify(data),
    at: tx.now,
  })
  tx.publish(entry as Entry)
  return row.head
}
