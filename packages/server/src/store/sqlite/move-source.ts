import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Counts } from '@belfry/protocol'
import { MOVED_TO } from '../home.ts'
import type { Column, MoveSource, Row, Table } from '../move/ports.ts'
import type { SqlValue } from '../sql/statement.ts'
import type { Features } from '../store.ts'
import { Database } from './database.ts'
import { assertWhole } from './executor.ts'
import { lockFolder } from './lock.ts'
import { SqliteReader } from './transaction.ts'

/** Tables that stay: each database has its own migrations, and who of several nodes does what is asked anew. */
const STAYING_TABLES = new Set(['migration', 'lease'])
/** Settings that are about the file and not about what is in it. */
const STAYING_SETTINGS = ['commits', 'probe', MOVED_TO]

/**
 * The embedded store's data as they are, taken for this process alone and brought to this version's schema.
 * @throws Error when a server runs on the folder, or there is no database
 */
export function openMoveSource(folder: string, queries: Features['queries']): MoveSource {
  const file = join(folder, 'belfry.db')
  if (!existsSync(file)) throw new Error(`There is no database in ${folder}.`)
  const lock = lockFolder(folder)
  try {
    assertWhole(file)
    const db = new Database(file, { readOnly: false })
    db.migrate()
    return sourceOf(db, queries, () => {
      db.exec('pragma wal_checkpoint(truncate)')
      db.close()
      lock.release()
    })
  } catch (error) {
    lock.release()
    throw error
  }
}

function sourceOf(db: Database, queries: Features['queries'], close: () => void): MoveSource {
  const [epoch, commits] = [db.setting('epoch'), db.setting('commits')]
  if (epoch === undefined || commits === undefined)
    throw new Error('No server has ever started on these data.')
  return {
    origin: { epoch, commits },
    movedTo: db.setting(MOVED_TO),
    tables: tablesOf(db),
    rowsIn: (table) => Number(db.pluck(`select count(*) from "${table.name}"${conditionOf(table)}`)),
    page: (table, after, limit) => pageOf(db, table, after, limit),
    sampleUsers: (limit) => sampleOf(db, limit),
    // The query's answer; its name does not carry the type.
    countsOf: (user, now) =>
      queries.countNotifications?.(new SqliteReader(db, now), { user } as never) as Promise<Counts>,
    markMoved(to) {
      db.prepare(
        'insert into setting values (?, ?) on conflict (name) do update set value = excluded.value',
      ).run(MOVED_TO, to)
    },
    close,
  }
}

/** From the database itself: a table that a later migration adds is moved without a word here. */
function tablesOf(db: Database): Table[] {
  const names = db.all(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
    [],
  ) as { name: string }[]
  return names.filter(({ name }) => !STAYING_TABLES.has(name)).map(({ name }) => tableOf(db, name))
}

function tableOf(db: Database, name: string): Table {
  const info = db.all('select name, lower(type) as type, pk from pragma_table_info(?) order by cid', [
    name,
  ]) as {
    name: string
    type: string
    pk: number
  }[]
  const key = info.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  if (key.length === 0) throw new Error(`Table ${name} has no primary key.`)
  const columns = info.map((column): Column => ({ name: column.name, type: typeOf(name, column) }))
  return { name, columns, key: key.map((column) => column.name) }
}

function typeOf(table: string, { name, type }: { name: string; type: string }): Column['type'] {
  if (type === 'text') return 'text'
  if (type === 'bigint' || type === 'integer') return 'bigint'
  throw new Error(`Column ${table}.${name} is a ${type}, which the other database may keep otherwise.`)
}

const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ')

const conditionOf = ({ name }: Table, more = ''): string => {
  const own =
    name === 'setting' ? `name not in (${STAYING_SETTINGS.map((one) => `'${one}'`).join(', ')})` : ''
  const all = [own, more].filter((one) => one !== '')
  return all.length === 0 ? '' : ` where ${all.join(' and ')}`
}

function pageOf(db: Database, table: Table, after: Row | undefined, limit: number): Row[] {
  const key = list(table.key)
  const isAfter = after ? `(${key}) > (${after.map(() => '?').join(', ')})` : ''
  const columns = list(table.columns.map(({ name }) => name))
  const text = `select ${columns} from "${table.name}"${conditionOf(table, isAfter)} order by ${key} limit ${limit}`
  const rows = db.all(text, [...(after ?? [])]) as Record<string, SqlValue>[]
  return rows.map((row) => table.columns.map(({ name }) => row[name] ?? null))
}

/** Half of them have the most exceptions to the pointers, the others are spread over all. */
function sampleOf(db: Database, limit: number): string[] {
  const pluck = (text: string) =>
    (db.all(text, [Math.ceil(limit / 2)]) as { user_id: string }[]).map((row) => row.user_id)
  return [
    ...new Set([
      ...pluck('select user_id from exception group by user_id order by count(*) desc limit ?'),
      ...pluck(
        `select substr(topic, 6) as user_id from topic where topic like 'user:%' order by random() limit ?`,
      ),
    ]),
  ]
}
