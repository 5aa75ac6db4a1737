import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ids } from '../store/ids.ts'
import { openPool } from '../store/postgres/connection.ts'
import { prepareDatabase } from '../store/postgres/migrate.ts'
import { PostgresReader, PostgresTx, SentAhead } from '../store/postgres/transaction.ts'
import type { Query } from '../store/store.ts'
import { everyStatement, type Statements } from '../test/every-statement.ts'
import { features } from '../test/features.ts'
import { makePostgresPlace, type PostgresPlace } from '../test/postgres-place.ts'

const USERS = 2000
const ITEMS_EACH = 20
/** One whose inbox is full. */
const FULL = 'full'
const FULL_ITEMS = 5000
const idOf = (rank: number) => `${String(rank).padStart(8, '0')}-0000-7000-8000-000000000000`

/** As many rows as make PostgreSQL choose as it does for many more. */
const CROWD = [
  `insert into topic (topic, head, items) select 'user:u' || u, ${ITEMS_EACH * 2}, ${ITEMS_EACH} from generate_series(1, ${USERS}) u`,
  `insert into account (id, roles, created_at) select 'u' || u, '[]', 0 from generate_series(1, ${USERS}) u`,
  `insert into subscription (user_id, topic, part, from_offset, from_rank, delivered_rank, seen_rank, read_rank, cleared_rank)
    select 'u' || u, t, 0, 0, 0, 0, 0, 0, 0 from generate_series(1, ${USERS}) u, lateral (values ('user:u' || u), ('all'), ('role:user')) v(t)`,
  `insert into item (id, topic, rank, "offset", category, created_at, sender, type, priority, body)
    select u || '-' || r, 'user:u' || u, r, r * 2, 'info', r, 's', 'info', 'medium', '{}'
    from generate_series(1, ${USERS}) u, generate_series(1, ${ITEMS_EACH}) r`,
  `insert into entry (topic, "offset", kind, data, at)
    select 'user:u' || u, r * 2 + 1, 'k', '{}', r from generate_series(1, ${USERS}) u, generate_series(1, ${ITEMS_EACH}) r`,
  `insert into exception (user_id, topic, rank, category, is_read, archived_at, snoozed_until)
    select 'u' || u, 'user:u' || u, r, 'info', 1, nullif(r % 2, 0), nullif(r % 5, 0)
    from generate_series(1, ${USERS}) u, generate_series(1, 8) r`,
  `insert into mark (user_id, topic, kind, rank, at)
    select 'u' || u, 'user:u' || u, 'read', r, 0 from generate_series(1, ${USERS}) u, generate_series(1, 5) r`,
  `insert into idempotency (principal, command, key, hash, reply, at)
    select 's', 'c', 'k' || u, 'h', 'r', u from generate_series(1, ${USERS * 10}) u`,
  `insert into revoked (topic, rank, category)
    select 'user:u' || u, r, 'info' from generate_series(1, ${USERS}) u, generate_series(1, 3) r`,
  `insert into room (id, kind, created_at) select 'room-' || u, 'audience', 0 from generate_series(1, ${USERS}) u`,
  `insert into item (id, topic, rank, "offset", category, created_at, sender, type, priority, body)
    select lpad(r::text, 8, '0') || '-0000-7000-8000-000000000000', 'user:${FULL}', r, r, 'info', r, 's', 'info', 'medium', '{}' from generate_series(1, ${FULL_ITEMS}) r`,
  `insert into topic (topic, head, items) values ('user:${FULL}', ${FULL_ITEMS}, ${FULL_ITEMS})`,
  `insert into subscription (user_id, topic, part, from_offset, from_rank, delivered_rank, seen_rank, read_rank, cleared_rank)
    values ('${FULL}', 'user:${FULL}', 0, 0, 0, 0, 0, 0, 0)`,
  'analyze',
]

let place: PostgresPlace
let pool: pg.Pool
let client: pg.PoolClient
let asked: Recording
let statements: Statements

beforeAll(async () => {
  place = await makePostgresPlace({ isVolatile: true })
  await prepareDatabase(place.url)
  pool = openPool({ url: place.url, max: 1, onError: () => {} })
  client = await pool.connect()
  asked = recording(client)
  const [ids, ahead] = [new Ids(undefined), new SentAhead()]
  statements = await everyStatement({
    tx: () => new PostgresTx(asked.client, Date.now(), { ids, ahead }),
    reader: () => new PostgresReader(asked.client, Date.now()),
    take: () => [...new Set(asked.take().map(({ text }) => text))],
  })
  await ahead.settle()
  for (const text of CROWD) await client.query(text)
  await client.query('set plan_cache_mode = force_generic_plan')
}, 60_000)
afterAll(async () => {
  client.release(true)
  await pool.end()
  await place.remove()
})

interface Recording {
  client: pg.PoolClient
  /** What it was asked since the last call. */
  take(): pg.QueryConfig[]
}

/** The same client, which remembers its statements. */
function recording(client: pg.PoolClient): Recording {
  let asked: pg.QueryConfig[] = []
  const recorder = new Proxy(client, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name, target)
      return (config: pg.QueryConfig) => {
        asked.push(config)
        return target.query(config)
      }
    },
  })
  return {
    client: recorder,
    take() {
      const taken = asked
      asked = []
      return taken
    },
  }
}

async function planOf(text: string): Promise<string[]> {
  const count = new Set(text.match(/\$\d+/g)).size
  const nulls = count === 0 ? '' : `(${Array.from({ length: count }, () => 'null').join(', ')})`
  await client.query(`prepare the_statement as ${text}`)
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute the_statement${nulls}`)
    return rows.map((row) => row['QUERY PLAN'])
  } finally {
    await client.query('deallocate the_statement')
  }
}

interface Step {
  /** What it looks through; of an index, what it knows of the rows that it wants. */
  table: string
  line: string
}

/** The steps of a plan that look at tables. */
function stepsOf(plan: readonly string[]): Step[] {
  let table = ''
  return plan.flatMap((line) => {
    // Below a bitmap's table there is a line with its index.
    table = /(?<!Bitmap Index )Scan (?:Backward )?(?:using \w+ )?on (\w+)/.exec(line)?.[1] ?? table
    return /Seq Scan on|Index Cond:/.test(line) ? [{ table, line: line.trim() }] : []
  })
}

/** How many rows each step has gone through. */
const rowsTouched = (plan: string): number[] =>
  [...plan.matchAll(/actual time=\S+ rows=([\d.]+) loops=(\d+)/g)].map(
    ([, rows, loops]) => Number(rows) * Number(loops),
  )

async function stepsThat(isWrong: (step: Step) => boolean): Promise<string[]> {
  const found: string[] = []
  for (const [name, texts] of statements)
    for (const text of texts)
      for (const step of stepsOf(await planOf(text)).filter(isWrong))
        found.push(`${name}: ${step.line} in ${text}`)
  return found
}

describe('the inbox on PostgreSQL', () => {
  it('never looks through a whole table', async () => {
    expect(await stepsThat(({ line }) => line.includes('Seq Scan'))).toEqual([])
  })

  it('finds items, entries, exceptions and marks by more than their topic or user', async () => {
    const narrow = /\b(id|rank|offset|body_id|origin_id|expires_at|snoozed_until)\b/
    const isWide = ({ table, line }: Step) =>
      ['item', 'entry', 'exception', 'mark', 'revoked'].includes(table) && !narrow.test(line)
    expect(await stepsThat(isWide)).toEqual([])
  })

  it('reads a page in the order of its index, without sorting', async () => {
    const pages = (statements.get('listNotifications') ?? []).filter((text) =>
      text.includes('order by "i"."rank"'),
    )
    expect(pages.length).toBeGreaterThan(5)
    for (const text of pages) expect((await planOf(text)).join('\n')).not.toMatch(/Sort/)
  })

  it.each([
    ['a page', 'listNotifications', { limit: 50 }],
    ['what is unread', 'listNotifications', { limit: 50, unread: true }],
    ['what is snoozed', 'listNotifications', { limit: 50, snoozed: true }],
    [
      'the next page',
      'listNotifications',
      { limit: 50, cursor: Buffer.from(idOf(4000)).toString('base64url') },
    ],
    ['the count', 'countNotifications', {}],
    [
      'what a cursor has missed',
      'sync',
      { cursor: { epoch: 'e', offsets: { [`user:${FULL}`]: FULL_ITEMS - 5 } } },
    ],
    ['a snapshot', 'sync', { cursor: undefined }],
    ['entries', 'entriesAfter', { topic: `user:${FULL}`, after: FULL_ITEMS - 5 }],
  ])('touches few rows of a full inbox for %s', async (_, name, input) => {
    const read = features.queries[name] as Query<object>
    await read(new PostgresReader(asked.client, Date.now()), { user: FULL, epoch: 'e', ...input })
    const statements = asked.take()
    expect(statements.length).toBeGreaterThan(0)
    for (const { text, values } of statements) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain analyze ${text}`, values)
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(Math.max(...rowsTouched(plan)), plan).toBeLessThan(200)
    }
  })

  it('notices a scan when there is one, and an index that knows only the topic', async () => {
    expect(stepsOf(await planOf('select * from item where sender = $1'))).toEqual([
      { table: 'item', line: expect.stringContaining('Seq Scan on item') },
    ])
    expect(stepsOf(await planOf('select * from item where topic = $1'))).toMatchObject([
      { table: 'item', line: 'Index Cond: (topic = $1)' },
    ])
  })
})
