import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import type { Ids } from '../ids.ts'
import { type Builder, builders, type SqlValue, type Statement } from '../sql/statement.ts'
import type { LogEntry, Reader, Tx } from '../store.ts'
import type { Database } from './database.ts'

/** Statements over one connection. Nothing here waits: the promises are settled when they are handed out. */
export class SqliteReader implements Reader {
  readonly now: number
  protected readonly db: Database

  constructor(db: Database, now: number) {
    this.db = db
    this.now = now
  }

  async get<P, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    const { sql, bind } = statement.compiled('sqlite')
    return this.db.prepare(sql).get(...bind(params as object)) as R | undefined
  }

  async all<P, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    const { sql, bind } = statement.compiled('sqlite')
    return this.db.prepare(sql).all(...bind(params as object)) as R[]
  }

  async query<R>(build: (db: Builder) => Compilable<R>): Promise<R[]> {
    const { sql, parameters } = build(builders.sqlite).compile()
    return this.db.all(sql, parameters as SqlValue[]) as R[]
  }
}

export class SqliteTx extends SqliteReader implements Tx {
  readonly entries: LogEntry[] = []
  readonly #ids: Ids

  constructor(db: Database, now: number, ids: Ids) {
    super(db, now)
    this.#ids = ids
  }

  async run<P, R>(statement: Statement<P, R>, params: P): Promise<number> {
    const { sql, bind } = statement.compiled('sqlite')
    return Number(this.db.prepare(sql).run(...bind(params as object)).changes)
  }

  write<P, R>(statement: Statement<P, R>, params: P): void {
    const { sql, bind } = statement.compiled('sqlite')
    this.db.prepare(sql).run(...bind(params as object))
  }

  newId(): string {
    return this.#ids.next(this.now)
  }

  publish(entry: Entry, except: string[] = []): void {
    this.entries.push(except.length === 0 ? entry : { ...entry, except })
  }
}
