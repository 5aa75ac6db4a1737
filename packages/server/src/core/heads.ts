import { statement } from '../store/sql/statement.ts'
import type { Query } from '../store/store.ts'

/** Below the number of parameters that both databases take in one statement. */
const TOPICS_PER_QUERY = 500

const heads = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .innerJoin('topic as t', 't.topic', 's.topic')
    .select(['s.topic', 's.from_offset', 't.head'])
    .where('s.user_id', '=', p.user)
    .where('s.to_offset', 'is', null),
)

/** The topics a user hears now: how far each has come, and since which offset the user hears it. */
export type Hearing = Record<string, { head: number; since: number }>

export const hearingOf: Query<{ user: string }, Hearing> = async (reader, { user }) =>
  Object.fromEntries(
    (await reader.all(heads, { user })).map((row) => [row.topic, { head: row.head, since: row.from_offset }]),
  )

/** Heads of given topics: what a node compares its own position with. */
export const headsOfTopics: Query<{ topics: string[] }, Record<string, number>> = async (
  reader,
  { topics },
) => {
  const found: Record<string, number> = {}
  for (let at = 0; at < topics.length; at += TOPICS_PER_QUERY) {
    const some = topics.slice(at, at + TOPICS_PER_QUERY)
    const rows = await reader.query((db) =>
      db.selectFrom('topic').select(['topic', 'head']).where('topic', 'in', some),
    )
    for (const row of rows) found[row.topic] = row.head
  }
  return found
}
