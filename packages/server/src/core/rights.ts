import { sql } from 'kysely'
import { RIGHTS_KINDS } from '../store/sql/rights-kinds.ts'
import { statement } from '../store/sql/statement.ts'
import type { LogEntry, Query } from '../store/store.ts'

/** What one look brings; of more, those of the same moment come together, so that the next look goes on behind them. */
const PAGE = 1000

/** As literals: only so does PostgreSQL see that the index of these kinds serves. */
const kinds = sql.raw(RIGHTS_KINDS.map((kind) => `'${kind}'`).join(', '))
const newest = statement()((db) =>
  db.selectFrom('entry').select('at').where(sql<boolean>`kind in (${kinds})`).orderBy('at', 'desc').limit(1),
)
const oldest = statement<{ after: number }>()((db, p) =>
  db
    .selectFrom('entry')
    .select(['topic', 'offset', 'kind', 'data', 'at'])
    .where('at', '>', p.after)
    .where(sql<boolean>`kind in (${kinds})`)
    .orderBy('at')
    .limit(PAGE),
)
const ofMoment = statement<{ at: number }>()((db, p) =>
  db
    .selectFrom('entry')
    .select(['topic', 'offset', 'kind', 'data', 'at'])
    .where('at', '=', p.at)
    .where(sql<boolean>`kind in (${kinds})`),
)

export interface RightsAnswer {
  /** Each topic's in order. */
  entries: LogEntry[]
  /** All there are have times up to this one; `hasMore`: or there are later ones. */
  upTo: number
  hasMore: boolean
}

/**
 * Entries of all topics by which somebody's rights have changed, later than `after`; without it, only the time of the
 * last one. Times are those of the log: no clock of a node is compared with them.
 */
export const rightsOf: Query<{ after?: number }, RightsAnswer> = async (reader, { after }) => {
  if (after === undefined)
    return { entries: [], upTo: (await reader.get(newest, {}))?.at ?? 0, hasMore: false }
  const rows = await reader.all(oldest, { after })
  const upTo = rows.at(-1)?.at ?? after
  const hasMore = rows.length === PAGE
  const whole = hasMore
    ? [...rows.filter(({ at }) => at < upTo), ...(await reader.all(ofMoment, { at: upTo }))]
    : rows
  whole.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.offset - b.offset))
  const entries = whole.map(({ topic, offset, kind, data, at }) => {
    // What a kind's data looks like is the log's own promise: the row was written from a typed entry.
    return { topic, offset, kind, data: JSON.parse(data), at: new Date(at).toISOString() } as LogEntry
  })
  return { entries, upTo, hasMore }
}
