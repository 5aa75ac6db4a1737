import { sql } from 'kysely'
import { type Builder, statement } from '../store/sql/statement.ts'

interface OfUser {
  user: string
}

/** Takes the next offset and rank of a topic; the row stays locked until the commit. No row: no such topic. */
export const takeRank = statement<{ topic: string }>()((db, p) =>
  db
    .updateTable('topic')
    .set((row) => ({ head: row('head', '+', 1), items: row('items', '+', 1) }))
    .where('topic', '=', p.topic)
    .returning(['head', 'items', 'categories']),
)

export const setCategories = statement<{ topic: string; categories: string }>()((db, p) =>
  db.updateTable('topic').set({ categories: p.categories }).where('topic', '=', p.topic),
)

export const insertItem = statement<{
  id: string
  topic: string
  rank: number
  offset: number
  category: string
  createdAt: number
  expiresAt: number | null
  bodyId: string | null
  sender: string
  type: string
  priority: string
  body: string | null
  withheldFrom: string | null
  originId: string | null
}>()((db, p) =>
  db.insertInto('item').values({
    id: p.id,
    topic: p.topic,
    rank: p.rank,
    offset: p.offset,
    category: p.category,
    created_at: p.createdAt,
    expires_at: p.expiresAt,
    revoked_at: null,
    body_id: p.bodyId,
    sender: p.sender,
    type: p.type,
    priority: p.priority,
    body: p.body,
    withheld_from: p.withheldFrom,
    origin_id: p.originId,
  }),
)

/** The item, and the items that share its body. */
export const itemsOfBody = statement<{ id: string }>()((db, p) =>
  db
    .selectFrom('item')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((row) => row.or([row('id', '=', p.id), row('body_id', '=', p.id)])),
)

export const setBody = statement<{ id: string; body: string; priority: string }>()((db, p) =>
  db.updateTable('item').set({ body: p.body, priority: p.priority }).where('id', '=', p.id),
)

export const setPriority = statement<{ id: string; priority: string }>()((db, p) =>
  db.updateTable('item').set({ priority: p.priority }).where('body_id', '=', p.id),
)

export const revokeItem = statement<{ id: string; at: number }>()((db, p) =>
  db.updateTable('item').set({ revoked_at: p.at }).where('id', '=', p.id),
)

export const insertRevoked = statement<{ topic: string; rank: number; category: string }>()((db, p) =>
  db.insertInto('revoked').values({ topic: p.topic, rank: p.rank, category: p.category }),
)

export const countRevoked = statement<{ topic: string }>()((db, p) =>
  db
    .updateTable('topic')
    .set((row) => ({ revoked: row('revoked', '+', 1) }))
    .where('topic', '=', p.topic),
)

export const expiredItems = statement<{ now: number }>()((db, p) =>
  db
    .selectFrom('item')
    .selectAll()
    .where('expires_at', '<=', p.now)
    .where('revoked_at', 'is', null)
    .orderBy('expires_at')
    .limit(200),
)

export const roomExists = statement<{ id: string }>()((db, p) =>
  db.selectFrom('room').select('id').where('id', '=', p.id),
)

/** The user's intervals with the state of their topics. */
export const intervalsOf = statement<OfUser>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .innerJoin('topic as t', 't.topic', 's.topic')
    .selectAll('s')
    .select(['t.head', 't.items', 't.categories', 't.revoked', 't.tail_offset'])
    .where('s.user_id', '=', p.user),
)

const itemColumns = [
  'i.id',
  'i.topic',
  'i.rank',
  'i.offset',
  'i.category',
  'i.created_at',
  'i.expires_at',
  'i.type',
  'i.priority',
  'i.origin_id',
] as const
const stateColumns = [
  'e.is_read',
  'e.read_at',
  'e.seen_at',
  'e.archived_at',
  'e.deleted_at',
  'e.snoozed_until',
] as const
const pointerColumns = [
  's.part',
  's.delivered_rank',
  's.delivered_late',
  's.seen_rank',
  's.read_rank',
  's.cleared_rank',
] as const

/**
 * The value, as if it came from that column's row. PostgreSQL plans for the average user, who has few rows: with a constant key it
 * begins anywhere, reads all of them and sorts, which is slow for the one who has thousands. This leaves it one way: from
 * row to row of that column's table, in the order of its index, with one lookup for each.
 */
export const perRowOf = (column: string, value: unknown) =>
  sql<string>`${value} || substr(${sql.ref(column)}, 1, 0)`

/**
 * Items as one user sees them: body, pointers of the interval they fall into, and exception. Revoked and cleared ones are
 * left out; a snoozed one is not cleared.
 */
export function visibleItems(db: Builder, user: string | ReturnType<typeof sql<string>>) {
  return db
    .selectFrom('item as i')
    .innerJoin('subscription as s', (join) =>
      join
        .on('s.user_id', '=', perRowOf('i.topic', user))
        .on('s.topic', '=', perRowOf('i.topic', sql.ref('i.topic')))
        .onRef('s.from_rank', '<', 'i.rank')
        .on((row) => row.or([row('s.to_rank', 'is', null), row('s.to_rank', '>=', row.ref('i.rank'))])),
    )
    .leftJoin('exception as e', (join) =>
      join
        .on('e.user_id', '=', perRowOf('i.topic', user))
        .onRef('e.topic', '=', 'i.topic')
        .onRef('e.rank', '=', 'i.rank'),
    )
    .leftJoin('item as b', 'b.id', 'i.body_id')
    .select([...itemColumns, ...stateColumns, ...pointerColumns])
    .select(sql<string>`coalesce(i.body, b.body)`.as('body'))
    .where('i.revoked_at', 'is', null)
    .where((row) =>
      row.or([row('i.rank', '>', row.ref('s.cleared_rank')), row('e.snoozed_until', 'is not', null)]),
    )
}

export const visibleItem = statement<OfUser & { id: string }>()((db, p) =>
  visibleItems(db, p.user as ReturnType<typeof sql<string>>).where('i.id', '=', p.id),
)

/** The item as which another one came back to the topic's user, the latest time. */
export const successorOf = statement<{ topic: string; id: string }>()((db, p) =>
  db
    .selectFrom('item as old')
    .innerJoin('item as i', (join) =>
      join.on('i.topic', '=', p.topic).on('i.origin_id', '=', sql<string>`coalesce(old.origin_id, old.id)`),
    )
    .select('i.id')
    .where('old.id', '=', p.id)
    .whereRef('i.id', '>', 'old.id')
    .orderBy('i.rank', 'desc')
    .limit(1),
)

/** Times at which pointers moved over a rank; the first at or above an item's rank is when it was read or seen. */
export const marksFrom = statement<OfUser & { topic: string; rank: number }>()((db, p) =>
  db
    .selectFrom('mark')
    .select(['kind', 'rank', 'at'])
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('rank', '>=', p.rank)
    .orderBy('rank'),
)

export const insertMark = statement<
  OfUser & { topic: string; kind: 'read' | 'seen'; rank: number; at: number }
>()((db, p) =>
  db
    .insertInto('mark')
    .values({ user_id: p.user, topic: p.topic, kind: p.kind, rank: p.rank, at: p.at })
    .onConflict((conflict) => conflict.doNothing()),
)

/** Id of the item at a rank; used to find a rank by an id. */
export const idAtRank = statement<{ topic: string; rank: number }>()((db, p) =>
  db.selectFrom('item').select('id').where('topic', '=', p.topic).where('rank', '=', p.rank),
)

/** Items of a topic between two offsets, without any user's state. */
export const bodiesOf = statement<{ topic: string; first: number; last: number }>()((db, p) =>
  db
    .selectFrom('topic as t')
    .innerJoin('item as i', (join) =>
      join
        .onRef('i.topic', '=', 't.topic')
        .on('i.rank', '>', sql<number>`t.items - (t.head - ${p.first} + 1)`)
        .on('i.offset', '>=', p.first)
        .on('i.offset', '<=', p.last),
    )
    .leftJoin('item as b', 'b.id', 'i.body_id')
    .select([...itemColumns, 'i.revoked_at'])
    .select(sql<string>`coalesce(i.body, b.body)`.as('body'))
    .where('t.topic', '=', p.topic),
)
