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

const NUMBERS = Array.from({ length: TOPICS_PER_QUERY }, (_, index) => `t${index}`)
const headsOf = statement<Record<string, string>>()((db, p) =>
  db
    .selectFrom('topic')
    .select(['topic', 'head'])
    .where(
      'topic',
      'in',
      NUMBERS.flatMap((name) => p[name] ?? []),
    ),
)

/** Of a node's positions those that the log has passed, with its heads there. */
export const headsPassed: Query<{ positions: [string, number][] }, [string, number][]> = async (
  reader,
  { positions },
) => {
  const passed: [string, number][] = []
  for (let at = 0; at < positions.length; at += TOPICS_PER_QUERY) {
    const some = new Map(positions.slice(at, at + TOPICS_PER_QUERY))
    const names = [...some.keys()]
    // Always as many, so that one statement serves: compiling it would cost more than running it.
    const filled = NUMBERS.map((name, index) => [name, names[index] ?? names[0] ?? ''] as const)
    for (const { topic, head } of await reader.all(headsOf, Object.fromEntries(filled)))
      if (head > (some.get(topic) ?? head)) passed.push([topic, head])
  }
  return passed
}
