import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Ids } from '../ids.ts'
import { migrations } from '../migrations/migrations.ts'
import type { Tx } from '../store.ts'
import { Database } from './database.ts'
import { Executor } from './executor.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-database-'))
  file = join(folder, 'belfry.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const features = { handlers: {}, queries: {} }
const openExecutor = () => new Executor({ file, readOnly: false, features: '' }, features)

async function withDatabase<T>(work: (db: Database) => T, readOnly = false): Promise<T> {
  const db = new Database(file, { readOnly })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

async function makeStore(): Promise<void> {
  await openExecutor().round([{ id: 1, kind: 'close' }])
}

describe('a connection', () => {
  it.each([false, true])('has the settings that the promises rest on (read only: %s)', async (readOnly) => {
    await makeStore()
    const found = await withDatabase(
      (db) =>
        ['journal_mode', 'synchronous', 'foreign_keys', 'mmap_size'].map((name) =>
          db.pluck(`pragma ${name}`),
        ),
      readOnly,
    )
    expect(found).toEqual(['wal', 2, 1, 0])
  })

  it('checkpoints at 16 MiB', async () => {
    const pages = await withDatabase((db) => [
      db.pluck('pragma wal_autocheckpoint'),
      db.pluck('pragma page_size'),
    ])
    expect(pages).toEqual([4096, 4096])
  })

  it.each([
    ['3.51.2', false],
    ['3.9.9', false],
    ['2.99.99', false],
    ['3.51.3', true],
    ['3.51.10', true],
    ['3.52.0', true],
    ['4.0.0', true],
  ])('takes SQLite %s: %s', (version, isTaken) => {
    const open = () => new VersionedDatabase(version, file).close()
    if (isTaken) expect(open).not.toThrow()
    else expect(open).toThrow(`SQLite ${version} is too old; 3.51.3 or newer is needed.`)
  })

  it('runs on a SQLite that it takes', async () => {
    expect(await withDatabase((db) => db.pluck('select sqlite_version()'))).toBe(process.versions.sqlite)
  })
})

/** Says that it runs on another version. */
class VersionedDatabase extends Database {
  static version = ''

  constructor(version: string, path: string) {
    VersionedDatabase.version = version
    super(path, { readOnly: false })
  }

  override pluck(text: string): unknown {
    return text === 'select sqlite_version()' ? VersionedDatabase.version : super.pluck(text)
  }
}

describe('migrations', () => {
  const schemaOf = (db: Database) => db.all('select type, name, sql from sqlite_schema order by name', [])

  it('run once: a second start changes nothing', async () => {
    await makeStore()
    const before = await withDatabase(schemaOf)
    await withDatabase((db) => db.migrate())
    expect(await withDatabase(schemaOf)).toEqual(before)
    const names = await withDatabase((db) => db.all('select name from migration', []))
    expect(names).toEqual(migrations.map(({ name }) => ({ name })))
  })

  it('leave an empty file as it was when one of them fails', async () => {
    await withDatabase((db) => db.exec('create table account (id text)'))
    await withDatabase((db) => expect(() => db.migrate()).toThrow('already exists'))
    expect(await withDatabase(schemaOf)).toMatchObject([{ name: 'account' }])
  })

  it.each([
    [1, 'refuse'],
    [0, 'accept'],
  ])('of a newer Belfry, with breaking = %i: %s', async (breaking, verdict) => {
    await makeStore()
    await withDatabase((db) => db.exec(`insert into migration values ('9999-future', ${breaking})`))
    if (verdict === 'accept') return makeStore()
    expect(openExecutor).toThrow('The data were written by a newer Belfry (9999-future).')
  })
})

describe('a damaged file', () => {
  const ofPage = 4096

  async function refused(damage: () => void, reason: RegExp): Promise<void> {
    await makeStore()
    damage()
    const before = readFileSync(file)
    expect(openExecutor).toThrow(reason)
    expect(readFileSync(file).equals(before)).toBe(true)
  }

  it('that is no database is refused and stays as it is', () =>
    refused(() => writeFileSync(file, 'not a database '.repeat(1000)), /file is not a database/))

  it('with a scrambled page is refused and stays as it is', () =>
    refused(() => {
      const bytes = readFileSync(file)
      bytes.fill(0xa5, 3 * ofPage, 4 * ofPage)
      writeFileSync(file, bytes)
    }, /damaged|malformed/))

  it('that was cut short is refused and stays as it is', () =>
    refused(() => truncateSync(file, statSync(file).size - 2 * ofPage), /damaged|malformed/))
})

describe('ids', () => {
  const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

  it('grow when the clock stands still, jumps and goes back', () => {
    const ids = new Ids(undefined)
    const times = [1000, 1000, 1000, 5000, 4000, 1, 5000, 5001, 0, 0].map((second) => 1.7e12 + second)
    const given = times.map((now) => ids.next(now))
    expect(given).toEqual([...new Set(given)].sort())
    for (const id of given) expect(id).toMatch(uuid7)
  })

  it('grow by the hundred thousand within one millisecond', () => {
    const ids = new Ids(undefined)
    let last = ''
    for (let number = 0; number < 100_000; number += 1) {
      const next = ids.next(1.7e12)
      if (next <= last) throw new Error(`${next} after ${last}`)
      last = next
    }
  })

  it('go on above the newest one of an earlier run, whatever the clock says', () => {
    const newest = new Ids(undefined).next(Date.now() + 3600_000)
    expect(new Ids(newest).next(Date.now()) > newest).toBe(true)
  })

  it.each(['item', 'message'])('go on above the newest %s of an earlier run', async (table) => {
    await makeStore()
    const newest = new Ids(undefined).next(Date.now() + 3600_000)
    const db = new DatabaseSync(file)
    const columns = db.prepare(`pragma table_info(${table})`).all()
    const needed = columns.filter(({ notnull, name }) => notnull === 1 && name !== 'id')
    const names = ['id', ...needed.map(({ name }) => `"${String(name)}"`)]
    const values = [newest, ...needed.map(({ type }) => (type === 'bigint' ? 1 : 'x'))]
    db.prepare(`insert into ${table} (${names}) values (${values.map(() => '?')})`).run(...values)
    db.close()
    const giving = { handlers: { give: async (tx: Tx) => tx.newId() }, queries: {} }
    const executor = new Executor({ file, readOnly: false, features: '' }, giving)
    const { results } = await executor.round([
      { id: 1, kind: 'transact', name: 'give', actor: { kind: 'system' }, input: {} },
    ])
    expect(String(results[0]?.reply) > newest).toBe(true)
    await executor.round([{ id: 2, kind: 'close' }])
  })
})

describe('a disk that fails under a command', () => {
  const write = (name: string) =>
    ({ id: 1, kind: 'transact', name, actor: { kind: 'system' }, input: {} }) as const
  const failing = {
    handlers: {
      keep: async () => 'kept',
      async loseDisk() {
        throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
      },
    },
    queries: { settings: async () => 'read' },
  }

  it('leaves the whole batch unknown, goes on to read, and takes writes again after a probe', async () => {
    const executor = new Executor({ file, readOnly: false, features: '' }, failing)
    const lost = await executor.round([write('keep'), write('loseDisk'), write('keep')])
    expect(lost.results.map((result) => result.failure?.code)).toEqual(Array(3).fill('outcome_unknown'))
    expect(lost).toMatchObject({ entries: [], isWritable: false })
    const read = await executor.round([{ id: 2, kind: 'read', name: 'settings', input: {} }])
    expect(read.results).toEqual([{ id: 2, reply: 'read' }])
    const healed = await executor.round([write('keep')])
    expect(healed).toMatchObject({ results: [{ reply: 'kept' }], isWritable: true })
    await executor.round([{ id: 3, kind: 'close' }])
  })
})
