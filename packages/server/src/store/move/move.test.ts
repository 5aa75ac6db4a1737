import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { features } from '../../features.ts'
import { openMoveTarget } from '../postgres/move-target.ts'
import { Database } from '../sqlite/database.ts'
import { lockFolder } from '../sqlite/lock.ts'
import { openMoveSource } from '../sqlite/move-source.ts'
import { move, type Report } from './move.ts'
import type { MoveTarget } from './ports.ts'

/** What each database has for itself. */
const STAYING = ['lease', 'migration']

let server: PostgresService
let root: string
let folder: string
let url: string
beforeAll(async () => {
  server = await startPostgres({ isVolatile: true })
})
afterAll(() => server.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-move-'))
  folder = join(root, 'data')
  mkdirSync(folder)
  url = server.createDatabase()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A text that is hard to carry: quotes, separators of arrays and of rows, letters of several bytes, and nothing at all. */
const TEXTS = ['plain', '', `it's "so", {a,b} \\ \t\n`, 'Ελλάδα 🎈', 'NULL', '-']

/** A folder as a server leaves it, with so many rows in every table that there is, and in one of them more. */
function fill(rows: number, items = rows): void {
  const db = new Database(join(folder, 'belfry.db'), { readOnly: false })
  db.migrate()
  db.exec(`insert into setting values ('epoch', 'the epoch'), ('commits', '17'), ('probe', '1')`)
  db.exec('begin')
  for (const table of tablesOf(db)) {
    const columns = db.all(
      'select name, lower(type) as type, pk + "notnull" as needed from pragma_table_info(?)',
      [table],
    ) as Column[]
    const insert = db.prepare(`insert into "${table}" values (${columns.map(() => '?').join(', ')})`)
    const count = table === 'item' ? items : rows
    for (let row = 0; row < count; row++) insert.run(...columns.map((column) => sampleOf(table, column, row)))
  }
  db.exec('commit')
  db.close()
}

interface Column {
  name: string
  type: string
  /** 0 where it may be null. */
  needed: number
}

function sampleOf(table: string, { name, type, needed }: Column, row: number): string | number | null {
  if (name.endsWith('categories')) return '{}'
  if (table === 'topic' && name === 'topic') return `user:u${row}`
  if (table === 'subscription' && name === 'topic') return `user:u${row}`
  if (/^user_id$/.test(name)) return `u${row}`
  if (type !== 'text') return needed > 0 || row % 3 > 0 ? row + (row % 2) * 2 ** 44 : null
  if (needed === 0 && row % 3 === 0) return null
  const text = TEXTS[row % TEXTS.length] ?? ''
  // Unique where something has to be.
  return `${text} ${row} ${name}`
}

const tablesOf = (db: Database) =>
  (
    db.all(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`, []) as {
      name: string
    }[]
  )
    .map(({ name }) => name)
    .filter((name) => !STAYING.includes(name))

const inSqlite = (text: string) => {
  const db = new DatabaseSync(join(folder, 'belfry.db'))
  try {
    return db.prepare(text).all()
  } finally {
    db.close()
  }
}
const inPostgres = (text: string) =>
  server.query(`set search_path to belfry; ${text}`, new URL(url).pathname.slice(1))

async function run(options: { report?: Report; spoil?(target: MoveTarget): MoveTarget } = {}) {
  const source = openMoveSource(folder, features.queries)
  try {
    const target = await openMoveTarget(url, features.queries)
    try {
      const { spoil = (same) => same, report = () => {} } = options
      return await move({ source, target: spoil(target), secret: 'the secret', report })
    } finally {
      await target.close()
    }
  } finally {
    source.close()
  }
}

/** All rows of a table as lines of JSON, on either side. */
function linesOf(table: string): { here: string[]; there: string[] } {
  const others = table === 'setting' ? ` where name not in ('commits', 'probe', 'moved_to')` : ''
  const here = inSqlite(`select * from "${table}"${others}`).map((row) => JSON.stringify(row))
  const own = table === 'setting' ? ` where name <> 'secret'` : ''
  const there = inPostgres(`select row_to_json(t) from "${table}" t${own}`)
    .split('\n')
    .filter((line) => line !== '')
  return { here: here.sort(), there: there.map((line) => JSON.stringify(JSON.parse(line))).sort() }
}

const rowsThere = (table: string) => Number(inPostgres(`select count(*) from "${table}"`))

describe('a move', () => {
  it('brings every row of every table that there is on the other side, and leaves out only what it must', async () => {
    fill(50)
    await run()
    const tables = inPostgres(
      `select table_name from information_schema.tables where table_schema = 'belfry'`,
    )
    for (const table of tables.split('\n').filter((name) => !STAYING.includes(name))) {
      const { here, there } = linesOf(table)
      expect(there.length, table).toBeGreaterThanOrEqual(50)
      expect(there, table).toEqual(here)
    }
    expect(STAYING.map(rowsThere)).toEqual([0, expect.any(Number)])
    expect(inPostgres(`select value from setting where name in ('epoch', 'secret') order by name`)).toBe(
      'the epoch\nthe secret',
    )
  })

  it('counts on where the other side counted itself', async () => {
    fill(5)
    await run()
    inPostgres(`insert into outbox (input) values ('new')`)
    expect(inPostgres('select max(id) from outbox')).toBe(
      inPostgres(`select id from outbox where input = 'new'`),
    )
  })

  it('goes on where it was interrupted, and does nothing twice', async () => {
    fill(20, 5000)
    let pages = 0
    const report: Report = (_, __, ___, table) => {
      if (table === 'item' && ++pages === 2) throw new Error('power cut')
    }
    await expect(run({ report })).rejects.toThrow('power cut')
    const begun = Number(inPostgres('select sum(rows) from moving'))
    expect(begun).toBeGreaterThan(4000)
    const shown: number[] = []
    const { rows } = await run({ report: (phase, done) => void (phase === 'copy' && shown.push(done)) })
    expect(shown[0]).toBeGreaterThan(begun)
    expect(shown.at(-1)).toBe(rows)
    for (const table of ['setting', 'topic']) expect(linesOf(table).there).toEqual(linesOf(table).here)
    expect(rowsThere('item')).toBe(5000)
    expect(inPostgres(`select count(*) from information_schema.tables where table_name = 'moving'`)).toBe('0')
  })

  it('begins anew when a server has worked on the source meanwhile', async () => {
    fill(20)
    const report = () => {
      throw new Error('power cut')
    }
    await expect(run({ report })).rejects.toThrow('power cut')
    inSqlite(`update setting set value = '18' where name = 'commits'`)
    inSqlite(`delete from account where id like '%7%'`)
    await run()
    expect(linesOf('account').there).toEqual(linesOf('account').here)
  })

  it('leaves the source closed and the target open, in this order', async () => {
    fill(3)
    const spoil = (target: MoveTarget): MoveTarget => ({
      ...bound(target),
      finish: () => Promise.reject(new Error('power cut')),
    })
    await expect(run({ spoil })).rejects.toThrow('power cut')
    const movedTo = () => inSqlite(`select value from setting where name = 'moved_to'`)[0]?.value
    expect(movedTo()).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/test_\w+\?schema=belfry$/)
    expect(inPostgres(`select count(*) from setting where name = 'moving_from'`)).toBe('1')
    await run()
    expect(inPostgres(`select count(*) from setting where name = 'moving_from'`)).toBe('0')
    await expect(run()).rejects.toThrow('were moved to')
  })

  it('notices a copy that is not the same, and switches nothing over', async () => {
    fill(30)
    const spoil = (target: MoveTarget): MoveTarget => ({
      ...bound(target),
      async digest(table) {
        if (table.name === 'item') inPostgres(`update item set body = body || ' ' where id like '%7%'`)
        return target.digest(table)
      },
    })
    await expect(run({ spoil })).rejects.toThrow('The copy of item is not the same')
    expect(inSqlite(`select value from setting where name = 'moved_to'`)).toEqual([])
    expect(inPostgres(`select count(*) from setting where name = 'moving_from'`)).toBe('1')
  })

  it('notices numbers that differ', async () => {
    fill(30)
    const spoil = (target: MoveTarget): MoveTarget => ({
      ...bound(target),
      countsOf: async (user, now) => ({ ...(await target.countsOf(user, now)), unread: 99 }),
    })
    await expect(run({ spoil })).rejects.toThrow('The numbers of u')
    expect(inSqlite(`select value from setting where name = 'moved_to'`)).toEqual([])
  })

  it('refuses a source that is in use, and one that has never been used', async () => {
    await expect(run()).rejects.toThrow('no database')
    new Database(join(folder, 'belfry.db'), { readOnly: false }).close()
    await expect(run()).rejects.toThrow('No server has ever started')
    const lock = lockFolder(folder)
    await expect(run()).rejects.toThrow('in use')
    lock.release()
  })

  it('refuses a target that holds anything else', async () => {
    fill(3)
    await openMoveTarget(url, features.queries).then(async (target) => {
      await target.isBegun()
      await target.close()
    })
    inPostgres(`insert into room values ('r', 'audience', 0)`)
    await expect(run()).rejects.toThrow(/data in postgres:.* already \(room\)/)
    expect(rowsThere('room')).toBe(1)
    expect(inSqlite(`select value from setting where name = 'moved_to'`)).toEqual([])
  })

  it('refuses a second move into the same target at the same time', async () => {
    fill(3)
    const other = await openMoveTarget(url, features.queries)
    await expect(run()).rejects.toThrow('is under way')
    await other.close()
    await run()
  })

  it('names the target without its password', async () => {
    const address = new URL(url)
    address.password = 'secret'
    const target = await openMoveTarget(`${address.href}?schema=apart`, features.queries)
    expect(target.name).not.toContain('secret')
    expect(target.name).toContain('schema=apart')
    await target.close()
  })
})

/** The methods of an instance as an object's own, so that some of them can be replaced. */
function bound(target: MoveTarget): MoveTarget {
  return {
    name: target.name,
    isBegun: () => target.isBegun(),
    begin: (...args) => target.begin(...args),
    write: (...args) => target.write(...args),
    digest: (...args) => target.digest(...args),
    countsOf: (...args) => target.countsOf(...args),
    finish: (...args) => target.finish(...args),
    close: () => target.close(),
  }
}
