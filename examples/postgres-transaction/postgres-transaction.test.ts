import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import {
  type BelfryServer,
  eventually,
  listAll,
  nodeBinary,
  type Person,
  register,
  startServer,
} from '@belfry/testkit'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TABLE } from './orders.ts'

const SENT_WITHIN_MS = 20_000
/** begin, the order, the notification, commit */
const STATEMENTS = [1, 2, 3, 4]

let database: PostgresService
let belfry: BelfryServer
let ada: Person
let url: string

beforeAll(async () => {
  database = await startPostgres({ isVolatile: true })
  url = database.createDatabase()
  belfry = await startServer({ env: { DATABASE_URL: url } })
  ada = await register(belfry)
  query(TABLE)
}, 60_000)
afterAll(async () => {
  await belfry?.close()
  await database?.close()
})

const query = (text: string) => database.query(text, new URL(url).pathname.slice(1))

/** Answers the signal that ended it. */
async function place(id: string, statement: number, when: string): Promise<string | null> {
  const script = join(import.meta.dirname, 'killed.ts')
  const child = spawn(
    nodeBinary(),
    ['--conditions=@belfry/source', script, id, ada.id, String(statement), when],
    {
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}

it('has an order if, and only if, it has one notification of it, wherever the app is killed', async () => {
  const killed: string[] = []
  for (const statement of STATEMENTS)
    for (const when of ['before', 'during', 'after']) {
      const id = `${statement}-${when}`
      killed.push(id)
      expect(await place(id, statement, when), id).toBe('SIGKILL')
      if (statement === 3) await belfry.restart('SIGKILL')
    }
  expect(await place('whole', 0, 'never')).toBe(null)
  // A transaction whose client was killed ends when the database notices.
  await eventually('all transactions have ended', () => query(OPEN) === '0', SENT_WITHIN_MS)
  await eventually(
    'the outbox is empty',
    () => query('select count(*) from belfry.outbox') === '0',
    SENT_WITHIN_MS,
  )
  const orders = query('select id from orders').split('\n')
  const notes = (await listAll(ada)).map(({ meta }) => String((meta as { orderId: string }).orderId))
  expect(notes.sort()).toEqual(orders.sort())
  expect(orders).toEqual(expect.arrayContaining(['whole', '4-after']))
  // What was killed while a statement was on its way may have come further than that.
  expect(orders.filter((id) => /^[123]-(before|after)|^4-before/.test(id))).toEqual([])
}, 120_000)

const OPEN = `select count(*) from pg_stat_activity
  where state like 'idle in transaction%' and application_name <> 'belfry'`
