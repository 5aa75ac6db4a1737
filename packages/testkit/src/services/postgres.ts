import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../wait.ts'
import { type Identity, type Service, startService } from './service.ts'

/** Where Debian has its versions. */
const ROOT = '/usr/lib/postgresql'
/** Linux keeps this folder in memory. */
const MEMORY = '/dev/shm'

export interface Databases {
  /** An empty database of its own; the answer is its address. */
  createDatabase(): string
  /** What the server answers to a statement, a line per row, columns apart by `|`. */
  query(statement: string, database?: string): string
}

export interface PostgresService extends Service, Databases {}

export interface PostgresOptions {
  /** For tests of meaning and not of durability: nothing waits for a disk. */
  isVolatile?: boolean
  /** Settings of the server. */
  settings?: Record<string, string>
}

/** Of the newest version that is installed: the folder of its programs. */
export function postgresPrograms(): string | undefined {
  const versions = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => `${ROOT}/${version}/bin`).find((bin) => existsSync(`${bin}/initdb`))
}

export const hasPostgres = (): boolean => postgresPrograms() !== undefined

/** PostgreSQL refuses to run as root; Debian has a user for it. */
function identity(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** A real PostgreSQL on a free port, whose own language sorts otherwise than by bytes. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresService> {
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error('PostgreSQL is not installed (Debian: postgresql)')
  const who = identity()
  const directory = mkdtempSync(
    join(options.isVolatile && existsSync(MEMORY) ? MEMORY : tmpdir(), 'belfry-pg-'),
  )
  if (who) chownSync(directory, who.uid, who.gid)
  const data = join(directory, 'data')
  const language = ['--locale-provider=icu', '--icu-locale=und', '--locale=C.UTF-8']
  execFileSync(`${bin}/initdb`, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', ...language], {
    stdio: 'pipe',
    cwd: directory,
    ...who,
  })
  const service = await startService({
    file: `${bin}/postgres`,
    args: ({ port }) => [
      ...['-D', data, '-p', String(port), '-k', directory, '-c', 'listen_addresses=127.0.0.1'],
      ...Object.entries(options.settings ?? {}).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    directory,
    identity: who,
    // Ends the sessions; SIGTERM would wait for them.
    stopSignal: 'SIGINT',
  })
  const databases = databasesOf(service.url)
  const isUp = () => eventually('PostgreSQL takes queries', databases.isUp, 20_000)
  await isUp()
  return {
    ...service,
    ...databases,
    async start() {
      await service.start()
      await isUp()
    },
  }
}

/** The databases of a server that runs, wherever it was started. */
export function databasesOf(url: string, prefix = 'test'): Databases & { isUp(): boolean } {
  const psql = join(postgresPrograms() ?? '', 'psql')
  const { port } = new URL(url)
  const query = (statement: string, database = 'postgres') =>
    execFileSync(
      psql,
      ['-h', '127.0.0.1', '-p', port, '-U', 'postgres', '-d', database, '-qAtc', statement],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    ).trim()
  let made = 0
  return {
    query,
    isUp() {
      try {
        return query('select 1') === '1'
      } catch {
        return false
      }
    },
    createDatabase() {
      made += 1
      const name = `${prefix}_${made}`
      query(`create database ${name}`)
      return url.replace(/postgres$/, name)
    },
  }
}
