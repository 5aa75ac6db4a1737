import { type PostgresService, startPostgres } from './services/postgres.ts'

/** `BELFRY_TEST_STORE=postgres`: servers under test keep everything there, each data folder in a database of its own. */
export const isStoreShared = process.env.BELFRY_TEST_STORE === 'postgres'

let server: Promise<PostgresService> | undefined
const databases = new Map<string, string>()

/** What the environment of a server with this data folder has besides. */
export async function storeOf(dataDir: string): Promise<{ DATABASE_URL?: string }> {
  if (!isStoreShared) return {}
  // It ends with the process that runs the tests.
  server ??= startPostgres({ isVolatile: true })
  const running = await server
  const url = databases.get(dataDir) ?? running.createDatabase()
  databases.set(dataDir, url)
  return { DATABASE_URL: url }
}
