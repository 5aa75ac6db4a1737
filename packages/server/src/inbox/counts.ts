import type { Counts } from '@belfry/protocol'
import { sql } from 'kysely'
import { sideBySide } from '../core/side-by-side.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import {
  type CountException,
  type CountInterval,
  type CountRevoked,
  countItems,
  type Numbers,
} from './count.ts'
import { intervalsOf, perRowOf } from './statements.ts'

type IntervalRow = Awaited<ReturnType<typeof intervals>>[number]
const intervals = (reader: Reader, user: string) => reader.all(intervalsOf, { user })

const exceptionColumns = [
  'e.topic',
  'e.rank',
  'e.category',
  'e.is_read',
  'e.seen_at',
  'e.archived_at',
  'e.deleted_at',
  'e.snoozed_until',
] as const

const itsTopic = perRowOf('e.topic', sql.ref('e.topic'))

/** Live exceptions above a pointer of their interval: a range of the primary key. */
const exceptionsAbove = statement<{ user: string; topic: string; rank: number }>()((db, p) =>
  db
    .selectFrom('exception as e')
    .leftJoin('revoked as r', (join) => join.on('r.topic', '=', itsTopic).onRef('r.rank', '=', 'e.rank'))
    .select(exceptionColumns)
    .where('e.user_id', '=', p.user)
    .where('e.topic', '=', p.topic)
    .where('e.rank', '>', p.rank)
    .where('r.rank', 'is', null),
)
/** As the partial index says it. */
const unlike = sql`e.is_read = 0 or e.archived_at is not null or e.deleted_at is not null or e.snoozed_until is not null`
/** Live exceptions below it that still matter: the partial index `exception_unlike`. */
const exceptionsBelow = statement<{ user: string; topic: string; from: number; rank: number }>()((db, p) =>
  db
    .selectFrom('exception as e')
    .leftJoin('revoked as r', (join) => join.on('r.topic', '=', itsTopic).onRef('r.rank', '=', 'e.rank'))
    .select(exceptionColumns)
    .where('e.user_id', '=', p.user)
    .where('e.topic', '=', p.topic)
    .where('e.rank', '>', p.from)
    .where('e.rank', '<=', p.rank)
    .where(sql<boolean>`(${unlike})`)
    .where('r.rank', 'is', null),
)
const revokedBetween = statement<{ topic: string; from: number; to: number }>()((db, p) =>
  db
    .selectFrom('revoked')
    .selectAll()
    .where('topic', '=', p.topic)
    .where('rank', '>', p.from)
    .where('rank', '<=', p.to),
)

const snoozedOf = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('exception as e')
    .leftJoin('revoked as r', (join) => join.on('r.topic', '=', itsTopic).onRef('r.rank', '=', 'e.rank'))
    .select((row) => row.fn.countAll<number>().as('n'))
    .where('e.user_id', '=', p.user)
    .where('e.snoozed_until', '>', 0)
    .where('e.deleted_at', 'is', null)
    .where('r.rank', 'is', null),
)

function toInterval(row: IntervalRow): CountInterval {
  const numbers = (text: string): Numbers => (text === '{}' ? {} : JSON.parse(text))
  return {
    topic: row.topic,
    from: row.from_rank,
    to: row.to_rank ?? row.items,
    cleared: row.cleared_rank,
    read: row.read_rank,
    seen: row.seen_rank,
    categories: {
      from: numbers(row.from_categories),
      to: numbers(row.to_categories ?? row.categories),
      cleared: numbers(row.cleared_categories),
      read: numbers(row.read_categories),
    },
  }
}

interface Facts {
  exceptions: CountException[]
  revoked: CountRevoked[]
}

/** What an interval's pointers do not say. Statements leave together: none needs what another one finds. */
async function factsOf(reader: Reader, user: string, row: IntervalRow): Promise<Facts> {
  const { topic } = row
  const floor = Math.max(row.from_rank, row.cleared_rank)
  const to = row.to_rank ?? row.items
  if (to <= floor) return { exceptions: [], revoked: [] }
  const pointer = Math.max(floor, Math.min(row.read_rank, row.seen_rank, to))
  const [above, below, revoked] = await Promise.all([
    reader.all(exceptionsAbove, { user, topic, rank: pointer }),
    pointer > floor ? reader.all(exceptionsBelow, { user, topic, from: floor, rank: pointer }) : [],
    row.revoked > 0 ? reader.all(revokedBetween, { topic, from: floor, to }) : [],
  ])
  // A later interval of the same topic looks at its own ranks.
  const own = [...above, ...below].filter(({ rank }) => rank <= to)
  return { exceptions: own.map(toException), revoked }
}

/** Exact numbers of one user, and the cursor at which they hold. */
export async function countsOf(reader: Reader, user: string): Promise<Counts> {
  const rows = await intervals(reader, user)
  const [facts, snoozed] = await Promise.all([
    sideBySide(rows, (row) => factsOf(reader, user, row)),
    reader.get(snoozedOf, { user }),
  ])
  const at = Object.fromEntries(
    rows.flatMap((row) => (row.to_offset === null ? [[row.topic, row.head]] : [])),
  )
  const exceptions = facts.flatMap((one) => one.exceptions)
  const revoked = facts.flatMap((one) => one.revoked)
  return { at, ...countItems(rows.map(toInterval), exceptions, revoked), snoozed: Number(snoozed?.n) }
}

function toException(row: {
  topic: string
  rank: number
  category: string
  is_read: number | null
  seen_at: number | null
  archived_at: number | null
  deleted_at: number | null
  snoozed_until: number | null
}): CountException {
  return {
    topic: row.topic,
    rank: row.rank,
    category: row.category,
    isRead: row.is_read === null ? undefined : row.is_read === 1,
    isSeen: row.seen_at !== null,
    isArchived: row.archived_at !== null,
    isSnoozed: row.snoozed_until !== null,
    isDeleted: row.deleted_at !== null,
  }
}
