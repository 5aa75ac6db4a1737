import { sql } from 'kysely'
import { statement } from '../store/sql/statement.ts'
import type { LogEntry, Reader } from '../store/store.ts'
import { iso, toBody } from './item.ts'

const PAGE = 500

const rowsAfter = statement<{ topic: string; after: number }>()((db, p) =>
  db
    .selectFrom('entry as n')
    .leftJoin('item as i', 'i.id', 'n.item_id')
    .leftJoin('item as b', 'b.id', 'i.body_id')
    .select(['n.topic', 'n.offset', 'n.kind', 'n.data', 'n.at', 'n.item_id'])
    .select(['i.id', 'i.category', 'i.created_at', 'i.expires_at', 'i.type', 'i.priority', 'i.revoked_at'])
    .select(sql<string | null>`coalesce(i.body, b.body)`.as('body'))
    .where('n.topic', '=', p.topic)
    .where('n.offset', '>', p.after)
    .orderBy('n.offset')
    .limit(PAGE),
)

type Row = Awaited<ReturnType<typeof read>>[number]
const read = (reader: Reader, from: { topic: string; after: number }) => reader.all(rowsAfter, from)

/** Entries of one topic after an offset, as they were committed: for a node that has noticed a hole. */
export async function entriesAfter(
  reader: Reader,
  from: { topic: string; after: number },
): Promise<LogEntry[]> {
  return (await read(reader, from)).map(toEntry)
}

function toEntry(row: Row): LogEntry {
  const { topic, offset, kind } = row
  const at = iso(row.at)
  // What a kind's data looks like is the log's own promise: the row was written from a typed entry.
  if (row.item_id === null) return { topic, offset, kind, data: JSON.parse(row.data ?? '{}'), at } as LogEntry
  const { id, category, created_at, type, priority, body, expires_at } = row
  const isGone = row.revoked_at !== null || id === null || body === null
  if (isGone || category === null || created_at === null || type === null || priority === null) {
    return { topic, offset, kind: 'item.withheld', data: {}, at }
  }
  const data = toBody({ id, topic, offset, category, created_at, expires_at, type, priority, body })
  const { except = [] }: { except?: string[] } = row.data === null ? {} : JSON.parse(row.data)
  return { topic, offset, kind: 'item.created', data, at, ...(except.length > 0 ? { except } : {}) }
}
