/** Looks into the embedded store from outside, read-only, to tell whether anything changed. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isStoreShared, linesOf } from './test-database.ts'

const MAGIC = 'SQLite format 3\0'
/** security.md §12: compared without audit and limits. */
const UNCOMPARED = /audit|limit|attempt|^lease$/i

export type Dump = Record<string, string[]>

function isDatabase(path: string): boolean {
  const head = Buffer.alloc(MAGIC.length)
  try {
    const file = openSync(path, 'r')
    readSync(file, head, 0, MAGIC.length, 0)
    closeSync(file)
  } catch {
    return false
  }
  return head.toString('latin1') === MAGIC
}

/** The (largest) database file in a data folder; throws when there is none. */
export function databaseFile(dataDir: string): string {
  const files = readdirSync(dataDir)
    .filter((name) => !/-(wal|shm|journal)$/.test(name))
    .map((name) => join(dataDir, name))
    .filter(isDatabase)
    .sort((a, b) => statSync(b).size - statSync(a).size)
  if (files[0] === undefined) throw new Error(`no SQLite file in ${dataDir}`)
  return files[0]
}

export function withDatabase<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

function tables(database: DatabaseSync): string[] {
  const rows = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
  return rows
    .map((row) => String(row.name))
    .filter((name) => !name.startsWith('sqlite_') && !UNCOMPARED.test(name))
}

/** When somebody was there last moves by itself, with every socket that ends: a row of nothing else says nothing. */
function isAboutTimeAlone(table: string, row: Record<string, unknown>): boolean {
  return table === 'presence' && row.status === null && row.text === null
}

function readable(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

/** All rows of all tables as sorted JSON lines. */
export function dumpDatabase(dataDir: string): Dump {
  if (isStoreShared) return dumpShared(dataDir)
  return withDatabase(databaseFile(dataDir), (database) => {
    database.exec('begin')
    const dump: Dump = {}
    for (const table of tables(database)) {
      const statement = database.prepare(`select * from "${table}"`)
      statement.setReadBigInts(true)
      dump[table] = statement
        .all()
        .filter((row) => !isAboutTimeAlone(table, row))
        .map(({ last_active: _, ...row }) => JSON.stringify(row, (_key, value) => readable(value)))
        .sort()
    }
    return dump
  })
}

function dumpShared(dataDir: string): Dump {
  const names = linesOf(dataDir, `select tablename from pg_tables where schemaname = 'belfry' order by 1`)
  const dump: Dump = {}
  for (const table of names.filter((name) => !UNCOMPARED.test(name))) {
    const rows = linesOf(dataDir, `select row_to_json(t) from "${table}" t`)
    dump[table] = rows
      // PostgreSQL wrote it from a row.
      .map((row) => JSON.parse(row) as Record<string, unknown>)
      .filter((row) => !isAboutTimeAlone(table, row))
      .map(({ last_active: _, ...row }) => JSON.stringify(row))
      .sort()
  }
  return dump
}

/** Tables whose rows differ, with the rows that came and went. */
export function compareDumps(before: Dump, after: Dump): string[] {
  const problems: string[] = []
  for (const table of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = new Set(before[table] ?? [])
    const is = new Set(after[table] ?? [])
    for (const row of is) if (!was.has(row)) problems.push(`${table} + ${row.slice(0, 300)}`)
    for (const row of was) if (!is.has(row)) problems.push(`${table} - ${row.slice(0, 300)}`)
  }
  return problems
}

/** `ok`, or what SQLite's own check found. */
export function integrityOf(dataDir: string): string {
  return withDatabase(databaseFile(dataDir), (database) => {
    const rows = database.prepare('pragma integrity_check').all()
    return rows.map((row) => String(Object.values(row)[0])).join('; ')
  })
}
