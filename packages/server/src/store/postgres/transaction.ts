import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import type pg from 'pg'
import type { Ids } from '../ids.ts'
import { type Builder, builders, type Statement } from '../sql/statement.ts'
import type { LogEntry, Reader, Tx } from '../store.ts'

/** Statements of fixed shape are prepared once per connection, under the same name on all of them. */
const names = new Map<string, string>()

function nameOf(sql: string): string {
  let name = names.get(sql)
  if (name === undefined) {
    name = `s${names.size}`
    names.set(sql, name)
  }
  return name
}

const READS = /^\s*select\b/i

/** Statements over one connection, one after the other. */
export class PostgresReader implements Reader {
  readonly now: number
  readonly #client: pg.ClientBase

  constructor(client: pg.ClientBase, now: number) {
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
    return (await this.#client.query<R & object>(sql, [...parameters])).rows
  }

  protected ask<P, R>(statement: Statement<P, R>, params: P): Promise<pg.QueryResult<R & object>> {
    const { sql, bind } = statement.compiled('postgres')
    this.beforeAsking(sql)
    return this.#client.query<R & object>({ name: nameOf(sql), text: sql, values: bind(params as object) })
  }

  protected beforeAsking(_sql: string): void {}
}

export class PostgresTx extends PostgresReader implements Tx {
  readonly entries: LogEntry[] = []
  /** Whether anything was changed; until then there is nothing to undo. */
  hasWritten = false
  readonly #ids: Ids

  constructor(client: pg.ClientBase, now: number, ids: Ids) {
    super(client, now)
    this.#ids = ids
  }

  async run<P, R>(statement: Statement<P, R>, params: P): Promise<number> {
    return (await this.ask(statement, params)).rowCount ?? 0
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
