/**
 * What the server has told, as a value: every function here is pure and answers the next one.
 *
 *   sync frame ─► applySync ─┐
 *   live entries ► applyLive ┼─► Applied { inbox, entries, created, rest }
 *   counts ─────► applyCounts┘
 *   page ───────► applyPage ─┘
 */
import { type Counts, type Cursor, type Entry, type Item, moveCounts, type SyncFrame } from '@belfry/protocol'
import { applyChange, isInboxChange } from './effects.ts'
import { emptyList, type ItemList } from './item-list.ts'

/** Source: ui.md C11. */
const MAX_ITEMS = 1000
const MAX_OTHERS = 100

/** An entry of a kind that this version does not show. */
export interface OtherEntry {
  topic: string
  offset: number
  kind: string
  data: unknown
  at: string
}

export interface Inbox {
  /** What has been applied; undefined until the first sync. */
  readonly cursor: Cursor | undefined
  readonly list: ItemList
  /** Of the next page; undefined when pages have to be walked from the top again. */
  readonly nextCursor: string | undefined
  readonly counts: Counts
  /** Numbers that hold at a cursor which is still ahead: shown together with its entries. */
  readonly countsAhead: Counts | undefined
  readonly others: readonly OtherEntry[]
}

export interface Applied {
  readonly inbox: Inbox
  /** What was new, in order. */
  readonly entries: readonly Entry[]
  /** Everything was replaced. */
  readonly isSnapshot: boolean
  readonly created: readonly Item[]
  /** From the first entry on that does not follow the last one: something is missing before it. */
  readonly rest: readonly Entry[]
}

export const emptyInbox: Inbox = {
  cursor: undefined,
  list: emptyList,
  nextCursor: undefined,
  counts: { at: {}, total: 0, unread: 0, unseen: 0, snoozed: 0, byCategory: {} },
  countsAhead: undefined,
  others: [],
}

/** A snapshot takes the place of everything; a page of the log is applied and moves the cursor to where it says. */
export function applySync(inbox: Inbox, frame: SyncFrame): Applied {
  if (!frame.complete) {
    return { inbox: fromSnapshot(inbox, frame), entries: [], isSnapshot: true, created: [], rest: [] }
  }
  const offsets = inbox.cursor?.offsets ?? {}
  const fresh = frame.entries.filter(({ topic, offset }) => offset > (offsets[topic] ?? -1))
  const { inbox: changed, created } = fresh.reduce(applyEntry, { inbox, created: [] as readonly Item[] })
  const moved = trim({ ...changed, cursor: frame.cursor })
  return { inbox: applyCounts(moved, frame.counts), entries: fresh, isSnapshot: false, created, rest: [] }
}

/** Live entries: the next one of its topic is applied, an older one ignored; a gap stops. */
export function applyLive(inbox: Inbox, entries: readonly Entry[]): Applied {
  let state: Progress = { inbox, created: [] }
  const applied: Entry[] = []
  for (const [index, entry] of entries.entries()) {
    const last = state.inbox.cursor?.offsets[entry.topic]
    if (last === undefined || entry.offset > last + 1) {
      return {
        ...state,
        inbox: trim(state.inbox),
        entries: applied,
        isSnapshot: false,
        rest: entries.slice(index),
      }
    }
    if (entry.offset <= last) continue
    state = applyEntry(state, entry)
    applied.push(entry)
  }
  const moved = { ...trim(state.inbox), counts: countsAfter(state.inbox.counts, applied) }
  return { ...state, inbox: adoptCounts(moved), entries: applied, isSnapshot: false, rest: [] }
}

/** The server's numbers, moved over entries by the function that moves them there. */
function countsAfter(counts: Counts, entries: readonly Entry[]): Counts {
  const moved = structuredClone(counts)
  try {
    for (const entry of entries) moveCounts(moved, entry)
    return moved
  } catch {
    // Data in a shape that this version does not know: the server's next numbers hold.
    return counts
  }
}

/** Absolute numbers: older ones are ignored, those that are ahead of the entries wait for them. */
export function applyCounts(inbox: Inbox, counts: Counts): Inbox {
  if (isOlder(counts.at, inbox.counts.at)) return inbox
  if (isBeyond(counts.at, inbox.cursor)) return { ...inbox, countsAhead: counts }
  return { ...inbox, counts, countsAhead: undefined }
}

/** The server says that nothing is missing: numbers that waited for entries hold. */
export function settleCounts(inbox: Inbox): Inbox {
  return inbox.countsAhead ? { ...inbox, counts: inbox.countsAhead, countsAhead: undefined } : inbox
}

interface Progress {
  inbox: Inbox
  created: readonly Item[]
}

function applyEntry({ inbox, created }: Progress, entry: Entry): Progress {
  const moved = { ...inbox, cursor: movedBy(inbox.cursor, entry) }
  if (!isInboxChange(entry)) return { inbox: keepOther(moved, entry), created }
  try {
    const list = applyChange(inbox.list, entry)
    const item = entry.kind === 'item.created' ? list.items.find(({ id }) => id === entry.data.id) : undefined
    return { inbox: { ...moved, list }, created: item ? [...created, item] : created }
  } catch {
    // Data in a shape that this version does not know.
    return { inbox: keepOther(moved, entry), created }
  }
}

function movedBy(cursor: Cursor | undefined, entry: Entry): Cursor {
  const offsets = { ...cursor?.offsets, [entry.topic]: entry.offset }
  if (entry.kind === 'topic.joined') offsets[entry.data.topic] = entry.data.offset
  // A left topic keeps its offset: what was received there and not yet applied is still asked for.
  return { epoch: cursor?.epoch ?? '', offsets }
}

function keepOther(inbox: Inbox, entry: OtherEntry): Inbox {
  if (entry.kind === 'topic.joined' || entry.kind === 'topic.left') return inbox
  return { ...inbox, others: [...inbox.others, entry].slice(-MAX_OTHERS) }
}

function fromSnapshot(inbox: Inbox, frame: Extract<SyncFrame, { complete: false }>): Inbox {
  const floor = frame.nextCursor === null ? '' : (frame.items.at(-1)?.id ?? '')
  return {
    ...emptyInbox,
    cursor: frame.cursor,
    list: { items: frame.items, floor, removed: inbox.list.removed },
    nextCursor: frame.nextCursor ?? undefined,
    counts: frame.counts,
    others: inbox.others,
  }
}

function trim(inbox: Inbox): Inbox {
  const { list } = inbox
  if (list.items.length <= MAX_ITEMS) return inbox
  const items = list.items.slice(0, MAX_ITEMS)
  return { ...inbox, list: { ...list, items, floor: items.at(-1)?.id ?? '' }, nextCursor: undefined }
}

function adoptCounts(inbox: Inbox): Inbox {
  return inbox.countsAhead ? applyCounts(inbox, inbox.countsAhead) : inbox
}

const isOlder = (at: Counts['at'], than: Counts['at']) =>
  Object.entries(at).some(([topic, offset]) => offset < (than[topic] ?? 0))

const isBeyond = (at: Counts['at'], cursor: Cursor | undefined) =>
  Object.entries(cursor?.offsets ?? {}).some(([topic, offset]) => (at[topic] ?? 0) > offset)
