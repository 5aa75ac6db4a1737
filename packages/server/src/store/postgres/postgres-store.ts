import { Failure } from '@belfry/protocol'
import type pg from 'pg'
import { Ids } from '../ids.ts'
import type { FeatureModule, Features, Store, StoreEvents } from '../store.ts'
import { failure } from './batch.ts'
import { isAway, isTooSlow, isUnstorable, openPool } from './connection.ts'
import { contended, placeOf } from './contention.ts'
import { Lane } from './lane.ts'
import { type Prepared, prepareDatabase } from './migrate.ts'
import { PostgresReader } from './transaction.ts'

/** Commands that may wait for a commit before new ones are refused. Source: reliability.md §11. */
const MAX_QUEUED = 5000
const LANES = 4
const READERS = 6
/** Searches at once: they look at every text of an inbox, and must not hold up the others. */
const SLOW_READERS = 2
/** Shorter than a query may take: a topic that a stopped node holds is busy, and the database is not away. */
const LOCK_WAIT_MS = 2000
const PROBE_EVERY_MS = 500
const RETRY_AFTER_MS = 1000

export interface PostgresOptions extends StoreEvents {
  url: string
  /** URL of a `FeatureModule`. */
  features: URL
  /** Plain data for the module's `prepare`. */
  settings?: unknown
  /** What `prepareDatabase` has found, where it was called before. */
  prepared?: Prepared
  /** Tells what goes wrong with the connection and mends itself. */
  onTrouble?(error: unknown): void
}

/** PostgreSQL, which several nodes may share. @throws Error when it cannot keep what Belfry promises */
export async function openPostgresStore(options: PostgresOptions): Promise<Store> {
  // A module from a place that is only known at run time; the port says what it exports.
  const { features, prepare } = (await import(options.features.href)) as FeatureModule
  await prepare?.(options.settings)
  return new PostgresStore(options, features, options.prepared ?? (await prepareDatabase(options.url)))
}

class PostgresStore implements Store {
  readonly epoch: string
  readonly isShared = true
  readonly #options: PostgresOptions
  readonly #features: Features
  readonly #writers: pg.Pool
  readonly #readers: pg.Pool
  readonly #slowReaders: pg.Pool
  readonly #lanes: readonly Lane[]
  readonly #stats = { queued: 0, commits: 0, commands: 0, retries: 0 }
  #isUp = true
  #closing: Promise<void> | undefined
  #probe: NodeJS.Timeout | undefined

  constructor(options: PostgresOptions, features: Features, { epoch, newestId }: Prepared) {
    this.epoch = epoch
    this.#options = options
    this.#features = features
    const onError = (error: unknown) => this.#options.onTrouble?.(error)
    const pool = (max: number, session?: Record<string, string>) =>
      openPool({ url: options.url, max, onError, ...(session ? { session } : {}) })
    this.#writers = pool(LANES, { lock_timeout: String(LOCK_WAIT_MS) })
    this.#readers = pool(READERS)
    this.#slowReaders = pool(SLOW_READERS)
    const ids = new Ids(newestId)
    this.#lanes = Array.from({ length: LANES }, () => this.#openLane(ids))
  }

  #openLane(ids: Ids): Lane {
    return new Lane({
      ...{ pool: this.#writers, features: this.#features, ids },
      isUp: () => this.#isUp,
      onAway: (error) => this.#goDown(error),
      onLostRace: () => {
        this.#stats.retries += 1
      },
      onCommitted: (entries, commands) => {
        this.#stats.commits += 1
        this.#stats.commands += commands
        if (entries.length > 0) this.#options.onCommitted(entries)
      },
    })
  }

  transact(command: string, actor: Parameters<Store['transact']>[1], input: unknown): Promise<unknown> {
    if (this.#closing || !this.#isUp || this.#stats.queued >= MAX_QUEUED)
      return Promise.reject(failure('unavailable', RETRY_AFTER_MS))
    const keys = contended(command, actor, input)
    const lane = this.#lanes[placeOf(keys[0] ?? command, LANES)]
    this.#stats.queued += 1
    return new Promise((resolve, reject) =>
      lane?.push({ command, actor, input, keys, resolve, reject }),
    ).finally(() => {
      this.#stats.queued -= 1
    })
  }

  async read(name: string, input: unknown): Promise<unknown> {
    const query = this.#features.queries[name]
    if (!query) throw new Error(`No query ${name}`)
    if (this.#closing || !this.#isUp) throw failure('unavailable', RETRY_AFTER_MS)
    try {
      const client = await (isSlow(name, input) ? this.#slowReaders : this.#readers).connect()
      return await inSnapshot(client, (reader) => query(reader, input as never))
    } catch (error) {
      if (isUnstorable(error)) throw new Failure('validation_failed')
      if (!isAway(error) && !isTooSlow(error)) throw error
      if (!isTooSlow(error)) this.#goDown(error)
      // A long search is no sign of a database that is away; one that is cannot answer this either.
      else this.#writers.query('select 1').catch((reason) => this.#goDown(reason))
      throw failure('unavailable', RETRY_AFTER_MS)
    }
  }

  isWritable(): boolean {
    return this.#isUp && !this.#closing
  }

  stats() {
    return { ...this.#stats }
  }

  /** From now on everything is refused at once, until the database answers again. */
  #goDown(error: unknown): void {
    this.#options.onTrouble?.(error)
    if (!this.#isUp || this.#closing) return
    this.#isUp = false
    const probe = () =>
      this.#writers.query('select pg_is_in_recovery() as is_replica').then(
        ({ rows }) => {
          this.#isUp = rows[0]?.is_replica === 0
          if (!this.#isUp) this.#probe = setTimeout(probe, PROBE_EVERY_MS)
        },
        () => {
          this.#probe = setTimeout(probe, PROBE_EVERY_MS)
        },
      )
    this.#probe = setTimeout(probe, PROBE_EVERY_MS)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearTimeout(this.#probe)
    await Promise.all(this.#lanes.map((lane) => lane.idle()))
    await Promise.all([this.#writers, this.#readers, this.#slowReaders].map((pool) => pool.end()))
  }
}

/** All statements see the same; the connection is given back afterwards. */
async function inSnapshot<T>(
  client: pg.PoolClient,
  work: (reader: PostgresReader) => Promise<T>,
): Promise<T> {
  // Not waited for: the first statement fails in turn when this does.
  client.query('begin isolation level repeatable read read only').catch(() => {})
  try {
    return await work(new PostgresReader(client, Date.now()))
  } finally {
    client.query('commit').then(
      () => client.release(),
      () => client.release(true),
    )
  }
}

const isSlow = (name: string, input: unknown): boolean =>
  name === 'listNotifications' &&
  typeof input === 'object' &&
  input !== null &&
  'q' in input &&
  input.q !== undefined
