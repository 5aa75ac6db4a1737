import { type Databases, databasesOf } from './services/postgres.ts'
import { SHARED_SERVICES, type SharedServices } from './services/shared.ts'

/**
 * What servers under test use: `BELFRY_TEST_STORE=postgres`, `postgres+redis` or `postgres+nats`; by default the embedded
 * store and no bus. Each data folder has a database of its own.
 */
const [store, bus] = (process.env.BELFRY_TEST_STORE ?? '').split('+')
export const isStoreShared = store === 'postgres'

let server: Databases | undefined
const databases = new Map<string, string>()

function services(): SharedServices {
  const json = process.env[SHARED_SERVICES]
  if (json === undefined) throw new Error('BELFRY_TEST_STORE needs BELFRY_STORES, which starts the servers')
  // Written by the set-up of this run.
  return JSON.parse(json) as SharedServices
}

/** What the environment of a server with this data folder has besides. */
export function storeOf(dataDir: string): Record<string, string> {
  if (!isStoreShared) return {}
  const { postgres, redis, nats } = services()
  // Other processes make databases there, too.
  server ??= databasesOf(postgres, `test_${process.pid}`)
  const url = databases.get(dataDir) ?? server.createDatabase()
  databases.set(dataDir, url)
  return {
    DATABASE_URL: url,
    ...(bus === 'redis' ? { REDIS_URL: redis } : {}),
    ...(bus === 'nats' ? { NATS_URL: nats } : {}),
  }
}

/** What a statement answers in the database of this data folder, a line per row. */
export function linesOf(dataDir: string, statement: string): string[] {
  const name = databases.get(dataDir)?.split('/').at(-1)
  if (server === undefined || name === undefined) throw new Error(`no database for ${dataDir}`)
  return server.query(`set search_path = belfry; ${statement}`, name).split('\n').filter(Boolean)
}
