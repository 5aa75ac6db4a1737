import { Failure } from '@belfry/protocol'
import pg from 'pg'

/** A frozen server cannot time itself out. Source: reliability.md §3.5. */
const QUERY_TIMEOUT_MS = 4000
const POOL_WAIT_MS = 3000
/** A node that was stopped amid a transaction must not keep the others from its rows. */
const ABANDONED_AFTER_MS = 5000
const MINIMUM_VERSION = 140000

/** Numbers as SQLite gives them: whole ones that fit, flags as 0 and 1. */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
    if (oid === pg.types.builtins.BOOL) return (value: string) => Number(value === 't')
    return pg.types.getTypeParser(oid, format)
  },
}

/**
 * From index to index, one row after the other, as SQLite does it too. Otherwise it plans for the average inbox, reads all
 * that it holds, and is slow for the full one. And looking at a whole small table would make a transaction depend on all of it.
 */
const BY_INDEX = {
  ...Object.fromEntries(
    ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'material'].map((way) => [`enable_${way}`, 'off']),
  ),
  // Ways that are off look expensive where there is no other, and what looks expensive would be compiled, for seconds.
  jit: 'off',
}

export interface PoolOptions {
  url: string
  max: number
  /** Settings of the sessions, by name. */
  session?: Record<string, string>
  /** Waits for whatever takes long, such as a migration. */
  isPatient?: boolean
  onError(error: Error): void
}

/** Where the tables are: apart from those of an app that shares the database. Named by `?schema=` of the address. */
export function schemaOf(url: string): string {
  return new URL(url).searchParams.get('schema') ?? 'belfry'
}

export function openPool({ url, max, session = {}, isPatient = false, onError }: PoolOptions): pg.Pool {
  const address = new URL(url)
  address.searchParams.delete('schema')
  const settings = {
    search_path: schemaOf(url),
    idle_in_transaction_session_timeout: String(ABANDONED_AFTER_MS),
    ...(isPatient ? {} : { statement_timeout: String(QUERY_TIMEOUT_MS), ...BY_INDEX }),
    ...session,
  }
  const pool = new pg.Pool({
    connectionString: address.href,
    application_name: 'belfry',
    max,
    connectionTimeoutMillis: POOL_WAIT_MS,
    ...(isPatient ? {} : { query_timeout: QUERY_TIMEOUT_MS }),
    keepAlive: true,
    types,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    ...{ pipeline: true },
  })
  // Of a connection that breaks while nobody uses it, and of one in use, whose queries tell it, too.
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}

/** Runs statements that one text holds; the driver's types do not know that each then has a result of its own. */
export async function several<R extends object>(
  client: pg.Client,
  text: string,
  settings: { query_timeout?: number } = {},
): Promise<pg.QueryResult<R>[]> {
  return [await client.query<R>({ text, ...settings })].flat()
}

/** Settings without which an acknowledgement would mean nothing. @throws Error that names the setting */
export async function assertDurable(client: pg.Client): Promise<void> {
  const show = async (name: string) => String((await client.query(`show ${name}`)).rows[0]?.[name])
  if (Number(await show('server_version_num')) < MINIMUM_VERSION)
    throw new Error(`PostgreSQL ${await show('server_version')} is too old; 14 or newer is needed.`)
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if ((await show(name)) === 'off')
      throw new Error(`PostgreSQL has ${name} = off: what it acknowledges can be lost. Set it to on.`)
  }
}

/** What the database answers when a race was lost: the same once more finds what the other has done. */
const LOST_RACES = new Set(['40001', '40P01', '23505', '55P03'])

export const isLostRace = (error: unknown): boolean => LOST_RACES.has(stateOf(error))

/** It took longer than it may; that says nothing yet of the connection, or of the server behind it. */
export const isTooSlow = (error: unknown): boolean =>
  stateOf(error) === '57014' || (isOfDriver(error) && /timeout/i.test(error.message))

/** Connection, resources, shutdown, read-only, damage. Source: PostgreSQL's appendix A. */
const AWAY = /^(08|53|57P|25006|25P03|XX|58)/

/** The connection, or the server behind it, is of no more use; nothing of an open transaction is kept. */
export const isAway = (error: unknown): boolean => AWAY.test(stateOf(error)) || isOfDriver(error)

const DRIVER = /timeout|terminated|Connection ended|not queryable/i
const SOCKET = /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENETUNREACH|ENOENT)/

function isOfDriver(error: unknown): error is Error {
  if (!(error instanceof Error) || isOfSql(error) || error instanceof Failure) return false
  return DRIVER.test(error.message) || ('code' in error && SOCKET.test(String(error.code)))
}

/** Text that the database cannot hold, such as U+0000. */
export const isUnstorable = (error: unknown): boolean => /^(22021|22P05|22P02|22003)$/.test(stateOf(error))

/** Refused by the database itself: whatever was done in the transaction is gone. */
export const isOfSql = (error: unknown): boolean => error instanceof pg.DatabaseError

function stateOf(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : ''
}
