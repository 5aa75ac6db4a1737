import type { Entry, EntryData, EntryKind } from '@belfry/protocol'
import { sql } from 'kysely'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'

const takeOffset = statement<{ topic: string }>()((db, p) =>
  db
    .updateTable('topic')
    .set((row) => ({ head: row('head', '+', 1) }))
    .where('topic', '=', p.topic)
    .returning('head'),
)

interface NewEntry {
  topic: string
  offset: number
  kind: string
  data: string
  at: number
  withheldFrom: string | null
}
const insertEntry = statement<NewEntry>()((db, p) =>
  db.insertInto('entry').values({
    topic: p.topic,
    offset: p.offset,
    kind: p.kind,
    data: p.data,
    at: p.at,
    withheld_from: p.withheldFrom,
  }),
)

/**
 * The log of a topic between two offsets: entries, and items, which are their own entries. As many items as offsets
 * can lie above an offset, and no more than offsets below it, so ranks bound the search and no index by offset is
 * needed. Offsets have no holes, so the span also says how many rows there are at most.
 */
export const logBetween = statement<{ topic: string; after: number; upTo: number }>()((db, p) =>
  db
    .selectFrom('entry')
    .select(['topic', 'offset', 'kind', 'data', 'at', 'withheld_from'])
    .select(sql<string | null>`null`.as('item_id'))
    .where('topic', '=', p.topic)
    .where('offset', '>', p.after)
    .where('offset', '<=', p.upTo)
    .unionAll(
      db
        .selectFrom('topic as t')
        .innerJoin('item as i', (join) =>
          join
            .onRef('i.topic', '=', 't.topic')
            .on('i.rank', '>', sql<number>`t.items - (t.head - ${p.after})`)
            .on('i.rank', '<=', p.upTo)
            .on('i.offset', '>', p.after)
            .on('i.offset', '<=', p.upTo),
        )
        .select(['i.topic', 'i.offset', sql<string>`'item.created'`.as('kind')])
        .select([sql<string>`'{}'`.as('data'), 'i.created_at as at', 'i.withheld_from', 'i.id as item_id'])
        .where('t.topic', '=', p.topic),
    )
    .orderBy('offset'),
)

async function next(tx: Tx, topic: string): Promise<number> {
  const row = await tx.get(takeOffset, { topic })
  if (!row) throw new Error(`No topic ${topic}`)
  return row.head
}

/**
 * Writes one entry to a topic's log and hands it to the topic's hearers but `except` after the commit. Notifications go through
 * `inbox/deliver.ts`, which also takes a rank.
 * @throws Error when the topic does not exist
 */
export async function append<K extends EntryKind>(
  tx: Tx,
  topic: string,
  kind: K,
  data: EntryData[K],
  except: string[] = [],
): Promise<number> {
  const offset = await next(tx, topic)
  tx.write(insertEntry, {
    ...{ topic, offset, kind, at: tx.now },
    data: JSON.stringify(data),
    withheldFrom: withheld(except),
  })
  tx.publish({ topic, offset, kind, data, at: new Date(tx.now).toISOString() } as Entry, except)
  return offset
}

const withheld = (except: string[]): string | null => (except.length === 0 ? null : JSON.stringify(except))

interface Reference<K extends EntryKind> {
  id: string
  make(offset: number): Promise<EntryData[K]>
  except?: string[]
}

/**
 * Like `append`, for data that are rows of their own: the log keeps only the row's id, and whoever reads the log is given
 * the row as it is then. `make` writes the row, which may hold the entry's offset, and gives what is handed out now. `except`
 * are hearers of the topic who may not see the row.
 */
export async function appendReference<K extends EntryKind>(
  tx: Tx,
  topic: string,
  kind: K,
  { id, make, except = [] }: Reference<K>,
): Promise<EntryData[K]> {
  const offset = await next(tx, topic)
  const at = tx.now
  const data = JSON.stringify({ id })
  tx.write(insertEntry, { topic, offset, kind, at, data, withheldFrom: withheld(except) })
  const made = await make(offset)
  tx.publish({ topic, offset, kind, data: made, at: new Date(at).toISOString() } as Entry, except)
  return made
}
