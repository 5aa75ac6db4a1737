import { type PostgresService, startPostgres } from './services/postgres.ts'

/** `BELFRY_TEST_STORE=postgres`: servers under test keep everything there, each data folder in a database of its own. */
export const isStoreShared = process.env.BELFRY_TEST_STORE === 'postgres'

let running: PostgresService | undefined
let server: Promise<PostgresService> | undefined
const databases = new Map<string, string>()

/** What the environment of a server with this data folder has besides. */
export async function storeOf(dataDir: string): Promise<{ DATABASE_URL?: string }> {
  if (!isStoreShared) return {}
  // It ends with the process that runs the tests.
  server ??= startPostgres({ isVolatile: true })
  running = await server
  const url = databases.get(dataDir) ?? running.createDatabase()
  databases.set(dataDir, url)
  return { DATABASE_URL: url }
}

/** What a statement answers in the database of this data folder, a line per row. */
export function linesOf(dataDir: string, statement: string): string[] {
  const name = databases.get(dataDir)?.split('/').at(-1)
  if (running === undefined || name === undefined) throw new Error(`no database for ${dataDir}`)
  return running.query(`set search_path = belfry; ${statement}`, name).split('\n').filter(Boolean)
}
