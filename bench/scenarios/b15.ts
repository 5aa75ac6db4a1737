import { startPostgres } from '@belfry/testkit/services'
import { startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { onClose } from '../closers.ts'
import { requirePostgres } from '../debian.ts'
import type { Figures, Scenario } from '../result.ts'
import { seedPostgres } from '../seeding/seed-postgres.ts'
import { settings } from '../settings.ts'
import { COUNT, LIST, startAsking } from './b6.ts'

/** Some of a large machine's memory; the ten million take more. */
const SERVER_SETTINGS = { shared_buffers: '1GB', max_wal_size: '8GB' }
const MAX_GROWTH = 1.5

interface Seeded {
  readonly env: { readonly DATABASE_URL: string }
  readonly sizeGb: number
}

const made = new Map<number, Promise<Seeded>>()

/** Made once for all runs; each adds the few notifications that it sends. */
const seeded = (items: number): Promise<Seeded> => {
  const database = made.get(items) ?? makeDatabase(items)
  made.set(items, database)
  return database
}

const makeDatabase = async (items: number): Promise<Seeded> => {
  const postgres = await startPostgres({ settings: SERVER_SETTINGS })
  onClose(() => postgres.close())
  const env = { DATABASE_URL: postgres.createDatabase() }
  const database = new URL(env.DATABASE_URL).pathname.slice(1)
  const empty = await startBelfry(undefined, env)
  await empty.running.stop()
  console.log(`seeding ${settings.accounts} accounts and ${items} notifications`)
  seedPostgres(postgres, database, { accounts: settings.accounts, items })
  const sizeGb = Number(postgres.query('select pg_database_size(current_database()) / 1e9', database))
  return { env, sizeGb }
}

const timesWith = async (items: number, fault: (text: string) => void) => {
  const { env, sizeGb } = await seeded(items)
  const asking = await startAsking(await startBelfry(undefined, env), fault)
  const list = await asking.read(LIST)
  const count = await asking.read(COUNT)
  const send = await asking.timesOf(asking.target.sendToOne)
  await asking.stop()
  return { list, count, send, sizeGb }
}

const measure = async (fault: (text: string) => void): Promise<Figures> => {
  await requirePostgres('B15')
  const few = await timesWith(settings.fewItems, fault)
  const many = await timesWith(settings.storedItems, fault)
  return {
    ...{ listP50: many.list.p50, listP99: many.list.p99, listGrowth: many.list.p50 / few.list.p50 },
    ...{ countP50: many.count.p50, countP99: many.count.p99, countGrowth: many.count.p50 / few.count.p50 },
    ...{ sendP50: many.send.p50, sendP99: many.send.p99, sendGrowth: many.send.p50 / few.send.p50 },
    ...{
      fewListP99: few.list.p99,
      fewCountP99: few.count.p99,
      fewSendP99: few.send.p99,
      sizeGb: many.sizeGb,
    },
  }
}

const from = settings.fewItems.toLocaleString('en')
const rowsOf = (key: string, label: string) => [
  { key: `${key}P50`, label: `${label}, p50`, unit: 'ms', bars: [] },
  { key: `${key}P99`, label: `${label}, p99`, unit: 'ms', bars: [] },
  {
    key: `${key}Growth`,
    label: `${label}, growth from ${from}`,
    unit: '×',
    bars: [{ is: '<=' as const, value: MAX_GROWTH }],
  },
]

export const b15: Scenario = {
  name: 'b15',
  title: `PostgreSQL with ${settings.storedItems.toLocaleString('en')} notifications and ${settings.accounts.toLocaleString('en')} users`,
  measures: [
    ...rowsOf('list', 'latest 50'),
    ...rowsOf('count', 'unread count'),
    ...rowsOf('send', 'notification to one user stored'),
    { key: 'sizeGb', label: 'the database', unit: 'GB', bars: [] },
  ],
  run: () => belfryAlone(measure),
}
