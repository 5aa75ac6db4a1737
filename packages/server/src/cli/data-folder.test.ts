import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database } from '../store/sqlite/database.ts'
import { lockFolder } from '../store/sqlite/lock.ts'
import { backUp, renewEpoch, restore } from './data-folder.ts'

let root: string
let folder: string
let file: string
let live: Database | undefined
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'belfry-data-'))
  folder = join(root, 'data')
  file = join(root, 'copy.db')
})
afterEach(() => {
  live?.close()
  live = undefined
  rmSync(root, { recursive: true, force: true })
})

/** Adds a room to the folder's database, made when missing; the connection stays open, as a running server's does. */
function addRoom(room: string): void {
  mkdirSync(folder, { recursive: true })
  live ??= new Database(join(folder, 'belfry.db'), { readOnly: false })
  live.migrate()
  live.exec(`insert or ignore into setting values ('epoch', 'first')`)
  live.prepare(`insert into room values (?, 'plain', 0)`).run(room)
}

function stop(): void {
  live?.close()
  live = undefined
}

function read(path: string, text: string): unknown[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db
      .prepare(text)
      .all()
      .map((row) => Object.values(row)[0])
  } finally {
    db.close()
  }
}
const roomsIn = (path: string) => read(path, 'select id from room order by id')
const epochIn = (path: string) => read(path, `select value from setting where name = 'epoch'`)[0]
const data = () => join(folder, 'belfry.db')

describe('backUp', () => {
  it('copies what is committed, also what is only in the log, for its owner alone', () => {
    addRoom('one')
    backUp(folder, file)
    expect(roomsIn(file)).toEqual(['one'])
    expect(epochIn(file)).toBe('first')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(root).sort()).toEqual(['copy.db', 'data'])
  })

  it('works on the folder of a stopped server', () => {
    addRoom('one')
    stop()
    backUp(folder, file)
    expect(roomsIn(file)).toEqual(['one'])
  })

  it('refuses a file that exists, and a folder without data', () => {
    expect(() => backUp(folder, file)).toThrow('no database')
    addRoom('one')
    writeFileSync(file, 'mine')
    expect(() => backUp(folder, file)).toThrow('exists')
    expect(statSync(file).size).toBe(4)
  })

  it('leaves nothing behind when the data are damaged', () => {
    addRoom('one')
    stop()
    writeFileSync(data(), 'no database '.repeat(1000))
    expect(() => backUp(folder, file)).toThrow()
    expect(readdirSync(root)).toEqual(['data'])
  })
})

describe('restore', () => {
  it('puts the back-up in the place of the data, under a new epoch', () => {
    addRoom('kept')
    backUp(folder, file)
    addRoom('newer')
    stop()
    restore(folder, file)
    expect(roomsIn(data())).toEqual(['kept'])
    expect(epochIn(data())).not.toBe('first')
    expect(statSync(data()).mode & 0o777).toBe(0o600)
    expect(epochIn(file)).toBe('first')
  })

  it('does not let a log that was left behind into the restored data', () => {
    addRoom('kept')
    backUp(folder, file)
    addRoom('newer')
    // As after a crash: the log is there, and nobody has the database open.
    const [log, memory] = [`${data()}-wal`, `${data()}-shm`]
    copyFileSync(data(), join(root, 'a'))
    copyFileSync(log, join(root, 'b'))
    stop()
    copyFileSync(join(root, 'a'), data())
    copyFileSync(join(root, 'b'), log)
    expect(roomsIn(data())).toEqual(['kept', 'newer'])
    restore(folder, file)
    expect(existsSync(log) || existsSync(memory)).toBe(false)
    expect(roomsIn(data())).toEqual(['kept'])
  })

  it('makes the folder, and replaces data that are damaged', () => {
    addRoom('kept')
    backUp(folder, file)
    stop()
    rmSync(folder, { recursive: true })
    restore(folder, file)
    expect(roomsIn(data())).toEqual(['kept'])
    writeFileSync(data(), 'no database '.repeat(1000))
    restore(folder, file)
    expect(roomsIn(data())).toEqual(['kept'])
  })

  it('takes moved data back into use, as another log', () => {
    addRoom('kept')
    live?.exec(`insert into setting values ('moved_to', 'postgres://elsewhere')`)
    backUp(folder, file)
    stop()
    restore(folder, file)
    expect(read(data(), `select value from setting where name = 'moved_to'`)).toEqual([])
    expect(epochIn(data())).not.toBe('first')
  })

  it('refuses while a server holds the folder, and holds it itself', () => {
    addRoom('kept')
    backUp(folder, file)
    const lock = lockFolder(folder)
    expect(() => restore(folder, file)).toThrow('A server runs on')
    expect(() => renewEpoch(folder)).toThrow('A server runs on')
    lock.release()
    stop()
    restore(folder, file)
    lockFolder(folder).release()
  })

  it.each([
    ['that is missing', () => {}, 'There is no file'],
    ['that is no database', () => writeFileSync(file, 'text '.repeat(1000)), 'not a database'],
    ['of somebody else', () => new DatabaseSync(file).exec('create table t (x)'), 'no back-up of Belfry'],
    ['of a newer version', () => makeNewer(), 'newer Belfry (9999-next)'],
  ])('refuses a file %s, and leaves the data as they are', (_, prepare, reason) => {
    addRoom('kept')
    stop()
    prepare()
    expect(() => restore(folder, file)).toThrow(reason)
    expect(roomsIn(data())).toEqual(['kept'])
    expect(epochIn(data())).toBe('first')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

function makeNewer(): void {
  backUp(folder, file)
  const db = new DatabaseSync(file)
  db.exec(`insert into migration values ('9999-next', 1)`)
  db.close()
}

describe('renewEpoch', () => {
  it('gives the log a new identity and keeps everything else', () => {
    expect(() => renewEpoch(folder)).toThrow('no database')
    addRoom('kept')
    stop()
    const epoch = renewEpoch(folder)
    expect(epoch).not.toBe('first')
    expect(epochIn(data())).toBe(epoch)
    expect(roomsIn(data())).toEqual(['kept'])
  })
})
