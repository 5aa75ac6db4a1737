import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { migrations } from '../migrations/migrations.ts'
import type { SqlValue } from '../sql/statement.ts'

const MINIMUM_SQLITE = [3, 51, 3]
/** Distinct filter shapes seldom pass a few dozen; the bound only guards against a caller that invents more. */
const MAX_PREPARED = 500
/** Source: reliability.md §3.4. */
const WAL_PAGES = 4096

/** One SQLite connection with the settings that the promises rest on, asserted and not assumed. */
export class Database {
  readonly #db: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(file: string, options: { readOnly: boolean }) {
    this.#db = new DatabaseSync(file, { readOnly: options.readOnly, timeout: 5000 })
    this.#assertVersion()
    if (!options.readOnly) this.#db.exec('pragma journal_mode = wal')
    this.#db.exec(`pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -65536;
      pragma temp_store = memory; pragma mmap_size = 0`)
    if (!options.readOnly) this.#db.exec(`pragma wal_autocheckpoint = ${WAL_PAGES}`)
    this.#assert('journal_mode', 'wal')
    this.#assert('synchronous', 2)
    this.#assert('foreign_keys', 1)
  }

  #assertVersion(): void {
    const version = String(this.pluck('select sqlite_version()'))
    const parts = version.split('.').map(Number)
    const index = MINIMUM_SQLITE.findIndex((minimum, at) => (parts[at] ?? 0) !== minimum)
    if (index >= 0 && (parts[index] ?? 0) < (MINIMUM_SQLITE[index] ?? 0)) {
      throw new Error(`SQLite ${version} is too old; ${MINIMUM_SQLITE.join('.')} or newer is needed.`)
    }
  }

  #assert(pragma: string, expected: string | number): void {
    const actual = this.pluck(`pragma ${pragma}`)
    if (actual !== expected) throw new Error(`SQLite ${pragma} is ${String(actual)}, not ${expected}.`)
  }

  /** First column of the first row. */
  pluck(text: string): unknown {
    const row = this.#db.prepare(text).get()
    return row && Object.values(row)[0]
  }

  /** What stands in the table of settings under a name. */
  setting(name: string): string | undefined {
    const row = this.prepare('select value from setting where name = ?').get(name)
    return row === undefined ? undefined : String(row.value)
  }

  exec(text: string): void {
    this.#db.exec(text)
  }

  prepare(text: string): StatementSync {
    let statement = this.#prepared.get(text)
    if (!statement) {
      if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear()
      statement = this.#db.prepare(text)
      this.#prepared.set(text, statement)
    }
    return statement
  }

  all(text: string, values: SqlValue[]): unknown[] {
    return this.prepare(text).all(...values)
  }

  /** Runs every migration that this file has not seen; refuses a file from a newer, breaking version. */
  migrate(): void {
    this.exec('begin exclusive')
    try {
      this.exec('create table if not exists migration (name text primary key, breaking bigint not null)')
      const done = this.all('select name, breaking from migration', []) as {
        name: string
        breaking: number
      }[]
      const unknown = done.find((row) => row.breaking && migrations.every((known) => known.name !== row.name))
      if (unknown) throw new Error(`The data were written by a newer Belfry (${unknown.name}).`)
      for (const migration of migrations) {
        if (done.some((row) => row.name === migration.name)) continue
        for (const statement of migration.statements(' without rowid', 'integer primary key')) {
          this.exec(statement)
        }
        this.prepare('insert into migration values (?, ?)').run(migration.name, Number(migration.breaking))
      }
      this.exec('commit')
    } catch (error) {
      this.exec('rollback')
      throw error
    }
  }

  close(): void {
    this.#prepared.clear()
    this.#db.close()
  }
}
