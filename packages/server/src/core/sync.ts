import type { Counts, Cursor, Entry, Item, SyncFrame } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Query, Reader } from '../store/store.ts'
import type { Hearing } from './heads.ts'
import { logBetween } from './log.ts'

/** Source: reliability.md §7. */
const PAGE = 500
const MAX_BEHIND = 5000
/** A page is one packet. It must fit into what a socket may leave unread, and leave room there for what is live. */
const PAGE_CHARACTERS = 384 * 1024
/** Entries whose items are read at once: of large ones no more are read than a page takes. */
const AT_ONCE = 50

/** What a client is answered, and what its node has to know to go on from there. */
export interface SyncAnswer {
  frame: SyncFrame
  hearing: Hearing
}

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
  /** Entries that hold only the id of a row, with that row as it is now. */
  fill(reader: Reader, user: string, entries: Entry[]): Promise<Entry[]>
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
const readEntries = (reader: Reader, span: Span) => reader.all(logBetween, span)

interface Span {
  topic: string
  after: number
  upTo: number
}

/**
 * Everything after a cursor, page by page, or a snapshot where that cannot be proven: no cursor, another epoch, a
 * cursor above the head or below the tail, or too far behind. Never a part of a range.
 */
export function createSync(content: SyncContent): Query<SyncInput, SyncAnswer> {
  return async (reader, { user, epoch, cursor }) => {
    const rows = await reader.all(spans, { user })
    const { ends, hearing } = placesOf(rows)
    const missing = cursor?.epoch === epoch ? missingSpans(rows, cursor) : undefined
    const common = { counts: await content.counts(reader, user), now: new Date(reader.now).toISOString() }
    if (!cursor || !missing) {
      const newest = await content.newest(reader, user)
      return { frame: { complete: false, cursor: { epoch, offsets: ends }, ...newest, ...common }, hearing }
    }
    const { rows: found, more: hasMore } = await page(reader, missing)
    const entries = await presentThatFit(found, (some) => present(reader, content, user, some))
    const more = hasMore || entries.length < found.length
    const reached = Object.fromEntries(entries.map(({ topic, offset }) => [topic, offset]))
    const offsets = more ? { ...cursor.offsets, ...reached } : ends
    return { frame: { complete: true, entries, cursor: { epoch, offsets }, more, ...common }, hearing }
  }
}

type SpanRow = {
  topic: string
  from_offset: number
  to_offset: number | null
  head: number
  tail_offset: number
}

/** How far the user may read each topic, left ones too, and which of them the user hears now. */
function placesOf(rows: readonly SpanRow[]): { ends: Record<string, number>; hearing: Hearing } {
  const ends: Record<string, number> = {}
  const hearing: Hearing = {}
  for (const { topic, head, from_offset: since, to_offset } of rows) {
    ends[topic] = to_offset ?? head
    if (to_offset === null) hearing[topic] = { head, since }
  }
  return { ends, hearing }
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

async function page(reader: Reader, missing: Span[]): Promise<{ rows: EntryRow[]; more: boolean }> {
  const rows: EntryRow[] = []
  for (const span of missing) {
    const upTo = Math.min(span.upTo, span.after + PAGE - rows.length)
    rows.push(...(await readEntries(reader, { ...span, upTo })))
    if (upTo < span.upTo) return { rows, more: true }
  }
  return { rows, more: false }
}

/** As many of the first rows as one packet takes; at least one, or a reader would never get on. */
async function presentThatFit(
  rows: EntryRow[],
  presentSome: (rows: EntryRow[]) => Promise<Entry[]>,
): Promise<Entry[]> {
  const entries: Entry[] = []
  let characters = 0
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    for (const entry of await presentSome(rows.slice(at, at + AT_ONCE))) {
      characters += JSON.stringify(entry).length
      if (entries.length > 0 && characters > PAGE_CHARACTERS) return entries
      entries.push(entry)
    }
  }
  return entries
}

/** Rows to entries as this user may see them; what may not be seen keeps its offset and loses its content. */
async function present(
  reader: Reader,
  content: SyncContent,
  user: string,
  rows: EntryRow[],
): Promise<Entry[]> {
  const entries = rows.map(toEntry)
  const ids = entries.flatMap(itemsIn)
  const items = ids.length === 0 ? new Map<string, Item>() : await content.itemsById(reader, user, ids)
  return content.fill(
    reader,
    user,
    entries.map((entry) => asOfNow(entry, items)),
  )
}

function toEntry(row: EntryRow): Entry {
  const { topic, offset, item_id: id } = row
  const kind = id === null ? row.kind : 'item.created'
  // What a kind's data looks like is the log's own promise; of a new item, the id is enough here.
  const data = id === null ? JSON.parse(row.data) : { id }
  return { topic, offset, kind, data, at: new Date(row.at).toISOString() } as Entry
}

/** Items whose content an entry carries. */
function itemsIn(entry: Entry): string[] {
  switch (entry.kind) {
    case 'item.created':
    case 'item.edited':
      return [entry.data.id]
    case 'item.restored':
    case 'item.unarchived':
    case 'item.unsnoozed':
      return entry.data.ids
    default:
      return []
  }
}

/** An old entry brings its items as they are now, or not at all: what was recalled since must not come back. */
function asOfNow(entry: Entry, items: ReadonlyMap<string, Item>): Entry {
  switch (entry.kind) {
    case 'item.created':
    case 'item.edited': {
      const item = items.get(entry.data.id)
      return item ? { ...entry, data: item } : { ...entry, kind: 'item.withheld', data: {} }
    }
    case 'item.restored':
    case 'item.unarchived':
    case 'item.unsnoozed': {
      const { ids } = entry.data
      return { ...entry, data: { ids, items: ids.flatMap((id) => items.get(id) ?? []) } }
    }
    default:
      return entry
  }
}
