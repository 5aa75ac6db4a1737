import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { markFile } from '../store/high-water-mark.ts'
import { MOVED_TO } from '../store/home.ts'
import { migrations } from '../store/migrations/migrations.ts'

/** Waits this long for a lock of the running server, in milliseconds. */
const BUSY_MS = 10_000

const databaseIn = (folder: string) => join(folder, 'belfry.db')

/**
 * Copies the database of a data folder to `file`: whole, checked, readable by its owner alone, and on stable storage
 * before it gets its name. A server that runs on the folder goes on.
 * @throws Error when there is nothing to copy, `file` exists, or the copy is not whole
 */
export function backUp(folder: string, file: string): void {
  if (existsSync(file)) throw new Error(`${file} exists. Name a new file.`)
  const source = databaseIn(folder)
  if (!existsSync(source)) throw new Error(`There is no database in ${folder}. Set DATA_DIR.`)
  withDraft(file, (draft) => copy(source, draft))
}

/**
 * Puts a back-up in the place of a folder's database, under a new epoch. Up to the last step the old data stay as
 * they are.
 * @throws Error when a server runs on the folder, or `file` is no back-up that this version can read
 */
export function restore(folder: string, file: string): void {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  withLock(folder, () => {
    const target = databaseIn(folder)
    withDraft(target, (draft) => {
      withDatabase(file, true, assertBackup)
      copy(file, draft)
      withDatabase(draft, false, bringHome)
      settleLog(target)
      // It counts the commits of the database that goes.
      rmSync(markFile(target), { force: true })
    })
  })
}

/**
 * Gives the log of a folder a new identity and returns it.
 * @throws Error when a server runs on the folder, or there is no database
 */
export function renewEpoch(folder: string): string {
  const file = databaseIn(folder)
  if (!existsSync(file)) throw new Error(`There is no database in ${folder}. Set DATA_DIR.`)
  return withLock(folder, () => withDatabase(file, false, setNewEpoch))
}

function withDatabase<T>(file: string, readOnly: boolean, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file, { readOnly, timeout: BUSY_MS })
  try {
    return work(db)
  } finally {
    db.close()
  }
}

/** The lock that a running server holds, see store/sqlite/lock.ts: the system frees it however the holder ends. */
function withLock<T>(folder: string, work: () => T): T {
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    try {
      lock.exec('pragma locking_mode = exclusive; begin exclusive')
    } catch {
      throw new Error(`A server runs on ${folder}. Stop it first.`)
    }
    return work()
  } finally {
    lock.close()
  }
}

/** Makes a file aside and renames it into place, so that nobody ever finds a part of it. */
function withDraft(file: string, make: (draft: string) => void): void {
  const draft = `${file}.part`
  rmSync(draft, { force: true })
  // SQLite writes into an empty file that is there; made before, it is at no moment readable by others.
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    make(draft)
    flush(draft)
    renameSync(draft, file)
    flush(dirname(file))
  } finally {
    rmSync(draft, { force: true })
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

/** One snapshot, whatever is written meanwhile. */
function copy(source: string, target: string): void {
  withDatabase(source, true, (db) => db.prepare('vacuum into ?').run(target))
  withDatabase(target, true, assertWhole)
}

const pluck = (db: DatabaseSync, text: string): unknown => Object.values(db.prepare(text).get() ?? {})[0]

function assertWhole(db: DatabaseSync): void {
  const verdict = pluck(db, 'pragma integrity_check(1)')
  if (verdict !== 'ok') throw new Error(`The data are damaged: ${String(verdict)}`)
}

function assertBackup(db: DatabaseSync): void {
  const tables = pluck(
    db,
    `select count(*) from sqlite_master where name in ('migration', 'setting', 'entry')`,
  )
  if (tables !== 3) throw new Error('This file is no back-up of Belfry.')
  const done = db.prepare('select name, breaking from migration').all()
  const newer = done.find((row) => row.breaking && migrations.every(({ name }) => name !== row.name))
  if (newer) throw new Error(`The back-up was made by a newer Belfry (${String(newer.name)}).`)
}

/** Whoever puts a back-up of moved data back wants to use them here; the log that went on elsewhere is another one from now on. */
function bringHome(db: DatabaseSync): void {
  db.prepare('delete from setting where name = ?').run(MOVED_TO)
  setNewEpoch(db)
}

/** A cursor of another epoch is answered with a snapshot: nothing that the log no longer has stays on a screen. */
function setNewEpoch(db: DatabaseSync): string {
  const epoch = randomUUID()
  db.prepare(`update setting set value = ? where name = 'epoch'`).run(epoch)
  return epoch
}

/**
 * Folds the write-ahead log of the database that is replaced into it. A log left behind would be taken for the new
 * one's. Of a database that is too damaged for this, the log goes with it.
 */
function settleLog(file: string): void {
  if (!existsSync(file)) return
  try {
    withDatabase(file, false, (db) => db.exec('pragma wal_checkpoint(truncate)'))
  } catch {
    // It is about to be replaced.
  }
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
}
