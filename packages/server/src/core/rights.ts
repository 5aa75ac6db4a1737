import { sql } from 'kysely'
import { RIGHTS_KINDS } from '../store/sql/rights-kinds.ts'
import { statement } from '../store/sql/statement.ts'
import type { LogEntry, Query } from '../store/store.ts'

/** More than happens in the time that is asked for; beyond it the newest are told. */
const MAX_ENTRIES = 5000

/** As literals: only so does PostgreSQL see that the index of these kinds serves. */
const kinds = sql.raw(RIGHTS_KINDS.map((kind) => `'${kind}'`).join(', '))
const newest = statement<{ since: number }>()((db, p) =>
  db
    .selectFrom('entry')
    .select(['topic', 'offset', 'kind', 'data', 'at'])
    .where('at', '>', p.since)
    .where(sql<boolean>`kind in (${kinds})`)
    .orderBy('at', 'desc')
    .limit(MAX_ENTRIES),
)

export interface RightsAnswer {
  /** The store's time, by which `since` is meant. */
  now: number
  entries: LogEntry[]
}

/** Entries of all topics by which somebody's rights have changed in the last `forMs`, each topic's in order. */
export const rightsOf: Query<{ forMs: number }, RightsAnswer> = async (reader, { forMs }) => {
  const rows = await reader.all(newest, { since: reader.now - forMs })
  rows.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.offset - b.offset))
  const entries = rows.map(({ topic, offset, kind, data, at }) => {
    // What a kind's data looks like is the log's own promise: the row was written from a typed entry.
    return { topic, offset, kind, data: JSON.parse(data), at: new Date(at).toISOString() } as LogEntry
  })
  return { now: reader.now, entries }
}
