import { logBetween } from '../core/log.ts'
import type { LogEntry, Reader } from '../store/store.ts'
import { iso, toBody } from './item.ts'
import { bodiesOf } from './statements.ts'

const PAGE = 500

type Row = Awaited<ReturnType<typeof read>>[number]
const read = (reader: Reader, topic: string, after: number) =>
  reader.all(logBetween, { topic, after, upTo: after + PAGE })
type Body = Awaited<ReturnType<typeof readBodies>>[number]
const readBodies = (reader: Reader, span: { topic: string; first: number; last: number }) =>
  reader.all(bodiesOf, span)

/** Entries of one topic after an offset, as they were committed: for a node that has noticed a hole. */
export async function entriesAfter(
  reader: Reader,
  { topic, after }: { topic: string; after: number },
): Promise<LogEntry[]> {
  const rows = await read(reader, topic, after)
  const items = rows.filter((row) => row.item_id !== null)
  const [first, last] = [items.at(0)?.offset ?? 0, items.at(-1)?.offset ?? 0]
  const bodies = new Map<string, Body>()
  if (last > 0) for (const body of await readBodies(reader, { topic, first, last })) bodies.set(body.id, body)
  return rows.map((row) => toEntry(row, row.item_id === null ? undefined : bodies.get(row.item_id)))
}

function toEntry(row: Row, item: Body | undefined): LogEntry {
  const { topic, offset, kind } = row
  const at = iso(row.at)
  const except = row.withheld_from === null ? {} : { except: JSON.parse(row.withheld_from) as string[] }
  // What a kind's data looks like is the log's own promise: the row was written from a typed entry.
  if (row.item_id === null)
    return { topic, offset, kind, data: JSON.parse(row.data), at, ...except } as LogEntry
  if (!item || item.revoked_at !== null) return { topic, offset, kind: 'item.withheld', data: {}, at }
  return { topic, offset, kind: 'item.created', data: toBody(item), at, ...except }
}
