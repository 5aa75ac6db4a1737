import type { Entry } from '@belfry/protocol'
import type { Compilable } from 'kysely'
import { V7Generator } from 'uuidv7'
import { type Builder, builders, type SqlValue, type Statement } from '../sql/statement.ts'
import type { LogEntry, Reader, Tx } from '../store.ts'
import type { Database } from './database.ts'

/** Random words, fetched a thousand at a time: one call to the system per id would cost more than the rest of it. */
class RandomWords {
  readonly #words = new Uint32Array(1024)
  #next = this.#words.length

  nextUint32(): number {
    if (this.#next === this.#words.length) {
      crypto.getRandomValues(this.#words)
      this.#next = 0
    }
    return this.#words[this.#next++] ?? 0
  }
}

/** Ids that only grow: the clock gives the leading part when it is ahead, and is ignored when it has gone back. */
export class Ids {
  readonly #generator = new V7Generator(new RandomWords())
  #lastMs: number

  constructor(newestId: string | undefined) {
    this.#lastMs = newestId ? Number.parseInt(newestId.replace('-', '').slice(0, 12), 16) + 1 : 0
  }

  next(now: number): string {
    this.#lastMs = Math.max(this.#lastMs, now)
    return this.#generator.generateOrResetCore(this.#lastMs, 0).toString()
  }
}

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

  newId(): string {
    return this.#ids.next(this.now)
  }

  publish(entry: Entry, except: string[] = []): void {
    this.entries.push(except.length === 0 ? entry : { ...entry, except })
  }
}
