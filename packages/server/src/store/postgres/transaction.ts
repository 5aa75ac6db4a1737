import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import type pg from 'pg'
import type { Ids } from '../ids.ts'
import { type Builder, builders, type Statement } from '../sql/statement.ts'
import type { LogEntry, Reader, Tx } from '../store.ts'

/** Statements are prepared once per connection, under the same name on all of them. */
const names = new Map<string, string>()

/** Filters can be put together in many ways; what comes later is planned each time. */
const MAX_NAMES = 400

function nameOf(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) {
    name = `s${names.size}`
    names.set(sql, name)
  }
  return name
}

/** What one turn sends leaves in one write: writes to a socket are what a statement costs most. */
function gather(client: pg.Client): void {
  const { stream } = client.connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

const READS = /^\s*select\b/i

/** Statements over one connection, one after the other. */
export class PostgresReader implements Reader {
  readonly now: number
  readonly #client: pg.Client

  constructor(client: pg.Client, now: number) {
    this.#client = client
    this.now = now
  }

  async get<P, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0]
  }

  async all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    return (await this.ask(statement, params)).rows
  }

  async query<R>(build: (db: Builder) => Compilable<R>): Promise<R[]> {
    const { sql, parameters } = build(builders.postgres).compile()
    this.beforeAsking(sql)
    gather(this.#client)
    const name = names.size < MAX_NAMES || names.has(sql) ? { name: nameOf(sql) } : {}
    return (await this.#client.query<R & object>({ ...name, text: sql, values: [...parameters] })).rows
  }

  protected ask<P, R>(statement: Statement<P, R>, params: P): Promise<pg.QueryResult<R & object>> {
    const { sql, bind } = statement.compiled('postgres')
    this.beforeAsking(sql)
    gather(this.#client)
    return this.#client.query<R & object>({ name: nameOf(sql), text: sql, values: bind(params as object) })
  }

  protected beforeAsking(_sql: string): void {}
}

/** Statements that nobody waits for one by one. They are answered in the order in which they were sent. */
export class SentAhead {
  #last: Promise<void> = Promise.resolve()
  #failed: { error: unknown } | undefined

  add(sent: Promise<unknown>): void {
    this.#last = sent.then(
      () => {},
      (error) => {
        // The first: what follows it fails because of it.
        this.#failed ??= { error }
      },
    )
  }

  /** Waits for all of them. @throws what the first that failed has failed with, once */
  async settle(): Promise<void> {
    await this.#last
    const failed = this.#failed
    this.#failed = undefined
    if (failed) throw failed.error
  }
}

export class PostgresTx extends PostgresReader implements Tx {
  readonly entries: LogEntry[] = []
  /** Whether anything was changed; until then there is nothing to undo. */
  hasWritten = false
  readonly #ahead: SentAhead
  readonly #ids: Ids

  constructor(client: pg.Client, now: number, { ids, ahead }: { ids: Ids; ahead: SentAhead }) {
    super(client, now)
    this.#ids = ids
    this.#ahead = ahead
  }

  async run<P, R>(statement: Statement<P, R>, params: P): Promise<number> {
    return (await this.ask(statement, params)).rowCount ?? 0
  }

  write<P, R>(statement: Statement<P, R>, params: P): void {
    this.#ahead.add(this.ask(statement, params))
  }

  newId(): string {
    return this.#ids.next(this.now)
  }

  publish(entry: Entry, except: string[] = []): void {
    this.entries.push(except.length === 0 ? entry : { ...entry, except })
  }

  protected override beforeAsking(sql: string): void {
    this.hasWritten ||= !READS.test(sql)
  }
}
