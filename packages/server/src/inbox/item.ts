import type { Item, ItemBody } from '@belfry/protocol'

/** What a sender said, as it is stored: everything of the body that is not a column. */
export interface StoredBody {
  title: string
  message: string
  meta: Record<string, unknown> | null
  url?: string | undefined
  icon?: string | undefined
  imageUrl?: string | undefined
  actions?: ItemBody['actions'] | undefined
  actor?: ItemBody['actor'] | undefined
  groupKey?: string | undefined
  editedAt?: string | undefined
}

export interface BodyRow {
  id: string
  topic: string
  offset: number
  category: string
  created_at: number
  expires_at: number | null
  type: string
  priority: string
  body: string
  origin_id: string | null
}

/** A user's state of one item: its exception, where there is one, over the pointers of its interval. */
export interface StateRow {
  rank: number
  is_read: number | null
  read_at: number | null
  seen_at: number | null
  archived_at: number | null
  deleted_at: number | null
  snoozed_until: number | null
  delivered_rank: number
  delivered_late: string | null
  seen_rank: number
  read_rank: number
}

/** When pointers passed, ascending by rank. */
export interface Mark {
  kind: 'read' | 'seen'
  rank: number
  at: number
}

export const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

export function toBody(row: BodyRow): ItemBody {
  const { title, message, meta, ...extras }: StoredBody = JSON.parse(row.body)
  return {
    id: row.id,
    topic: row.topic,
    offset: row.offset,
    type: row.type,
    category: row.category,
    title,
    message,
    priority: row.priority as ItemBody['priority'],
    meta,
    createdAt: iso(row.created_at),
    ...(extras as Partial<ItemBody>),
    ...(row.expires_at === null ? {} : { expiresAt: iso(row.expires_at) }),
    ...(row.origin_id === null ? {} : { originId: row.origin_id }),
  }
}

export const isRead = (row: StateRow): boolean =>
  row.is_read === null ? row.rank <= row.read_rank : row.is_read === 1

export const isSeen = (row: StateRow): boolean =>
  row.seen_at !== null || row.rank <= row.seen_rank || isRead(row)

/** What to keep as the item's own time when it is seen now: nothing where a pointer saw it before. */
export const firstSeenAt = (row: StateRow, now: number): number | null =>
  row.seen_at ?? (row.rank <= row.seen_rank ? null : now)

function isDelivered(row: StateRow): boolean {
  if (row.rank <= row.delivered_rank) return true
  if (row.delivered_late === null) return false
  const ranges: [number, number][] = JSON.parse(row.delivered_late)
  return ranges.some(([from, to]) => from <= row.rank && row.rank <= to)
}

/** The item as its user sees it, in every spelling that a client may know. */
export function toItem(row: BodyRow & StateRow, marks: readonly Mark[]): Item {
  const passed = (kind: Mark['kind']) =>
    marks.find((mark) => mark.kind === kind && mark.rank >= row.rank)?.at ?? null
  const read = isRead(row)
  const readAt = read ? (row.read_at ?? passed('read') ?? row.created_at) : null
  const seenAt = isSeen(row) ? (row.seen_at ?? passed('seen') ?? readAt) : null
  const status = read ? 'read' : seenAt !== null ? 'seen' : isDelivered(row) ? 'delivered' : 'pending'
  return withState(toBody(row), {
    status,
    readAt: isoOrNull(readAt),
    seenAt: isoOrNull(seenAt),
    archivedAt: isoOrNull(row.archived_at),
    ...(row.snoozed_until === null ? {} : { snoozedUntil: iso(row.snoozed_until) }),
  })
}

/** The item right after it was accepted. */
export const freshItem = (body: ItemBody): Item =>
  withState(body, { status: 'pending', readAt: null, seenAt: null, archivedAt: null })

type State = Pick<Item, 'status' | 'readAt' | 'seenAt' | 'archivedAt' | 'snoozedUntil'>

function withState(body: ItemBody, state: State): Item {
  const isReadNow = state.readAt !== null
  return {
    ...body,
    ...state,
    _id: body.id,
    timestamp: body.createdAt,
    isRead: isReadNow,
    is_read: isReadNow,
    delivered: state.status !== 'pending',
  }
}
