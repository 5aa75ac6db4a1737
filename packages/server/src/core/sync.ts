import type { Counts, Cursor, Entry, Item, SyncFrame } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Query, Reader } from '../store/store.ts'
import { logBetween } from './log.ts'

/** Source: reliability.md §7. */
const PAGE = 500
const MAX_BEHIND = 5000

export interface SyncInput {
  user: string
  epoch: string
  cursor: Cursor | undefined
}

/** What a snapshot and a page hold besides entries; the inbox feature gives it. */
export interface SyncContent {
  counts(reader: Reader, user: string): Promise<Counts>
  newest(reader: Reader, user: string): Promise<{ items: Item[]; nextCursor: string | null }>
  /** Items as the user sees them now; those that may not be seen are missing. */
  itemsById(reader: Reader, user: string, ids: string[]): Promise<Map<string, Item>>
}

const spans = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .innerJoin('topic as t', 't.topic', 's.topic')
    .select(['s.topic', 's.from_offset', 's.to_offset', 't.head', 't.tail_offset'])
    .where('s.user_id', '=', p.user)
    .orderBy('s.topic')
    .orderBy('s.part'),
)
type EntryRow = Awaited<ReturnType<typeof readEntries>>[number]
const readEntries = (reader: Reader, span: { topic: string; after: number; upTo: number; limit: number }) =>
  reader.all(logBetween, span)

interface Span {
  topic: string
  after: number
  upTo: number
}

/**
 * Everything after a cursor, page by page, or a snapshot where that cannot be proven: no cursor, another epoch, a
 * cursor above the head or below the tail, or too far behind. Never a part of a range.
 */
export function createSync(content: SyncContent): Query<SyncInput, SyncFrame> {
  return async (reader, { user, epoch, cursor }) => {
    const rows = await reader.all(spans, { user })
    const heads: Record<string, number> = {}
    for (const row of rows) if (row.to_offset === null) heads[row.topic] = row.head
    const missing = cursor?.epoch === epoch ? missingSpans(rows, cursor) : undefined
    const common = { counts: await content.counts(reader, user), now: new Date(reader.now).toISOString() }
    if (!cursor || !missing) {
      return {
        complete: false,
        cursor: { epoch, offsets: heads },
        ...(await content.newest(reader, user)),
        ...common,
      }
    }
    const read = await page(reader, missing)
    const entries = await present(reader, content, user, read.rows)
    const offsets = read.more ? { ...cursor.offsets, ...read.reached } : heads
    return { complete: true, entries, cursor: { epoch, offsets }, more: read.more, ...common }
  }
}

type SpanRow = {
  topic: string
  from_offset: number
  to_offset: number | null
  head: number
  tail_offset: number
}

/** What the reader lacks, or undefined when the log cannot tell. Pure. */
export function missingSpans(rows: readonly SpanRow[], cursor: Cursor): Span[] | undefined {
  const missing: Span[] = []
  let behind = 0
  for (const row of rows) {
    const applied = cursor.offsets[row.topic]
    if (applied !== undefined && applied > row.head) return undefined
    const after = Math.max(row.from_offset, applied ?? 0)
    const upTo = row.to_offset ?? row.head
    if (after >= upTo) continue
    if (after < row.tail_offset) return undefined
    behind += upTo - after
    missing.push({ topic: row.topic, after, upTo })
  }
  return behind > MAX_BEHIND ? undefined : missing
}

async function page(reader: Reader, missing: Span[]) {
  const rows: EntryRow[] = []
  const reached: Record<string, number> = {}
  for (const span of missing) {
    const limit = PAGE - rows.length
    if (limit === 0) return { rows, reached, more: true }
    const found = await readEntries(reader, { ...span, limit })
    rows.push(...found)
    reached[span.topic] = found.at(-1)?.offset ?? span.after
    if (reached[span.topic] !== span.upTo) return { rows, reached, more: true }
  }
  return { rows, reached, more: false }
}

/** Rows to entries as this user may see them; what may not be seen keeps its offset and loses its content. */
async function present(
  reader: Reader,
  content: SyncContent,
  user: string,
  rows: EntryRow[],
): Promise<Entry[]> {
  const ids = rows.map((row) => row.item_id).filter((id) => id !== null)
  const items = ids.length === 0 ? new Map<string, Item>() : await content.itemsById(reader, user, ids)
  return rows.map((row) => {
    const { topic, offset } = row
    const at = new Date(row.at).toISOString()
    if (row.item_id === null) {
      return { topic, offset, kind: row.kind, data: JSON.parse(row.data), at } as Entry
    }
    const item = items.get(row.item_id)
    if (!item) return { topic, offset, kind: 'item.withheld', data: {}, at }
    return { topic, offset, kind: 'item.created', data: item, at }
  })
}
