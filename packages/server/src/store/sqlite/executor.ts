import { randomUUID } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Failure } from '@belfry/protocol'
import { HighWaterMark } from '../high-water-mark.ts'
import { assertHome } from '../home.ts'
import { runOnce } from '../idempotency.ts'
import { Ids, NEWEST_ID } from '../ids.ts'
import type { Features, LogEntry } from '../store.ts'
import { Database } from './database.ts'
import type { Job, Result, Round, WorkerSettings } from './messages.ts'
import { SqliteReader, SqliteTx } from './transaction.ts'

type Transact = Extract<Job, { kind: 'transact' }>

/**
 * Runs jobs on the one connection, many commands per commit.
 *
 *   open ──commit or flush fails──► broken ──re-opened, checkpointed, probe written──► open
 *
 * While it is broken, reads go on and writes are refused: after a failed flush the old write-ahead log may have a
 * hole that would swallow later commits (reliability.md §3.3).
 */
export class Executor {
  epoch = ''
  readonly #settings: WorkerSettings
  readonly #features: Features
  #db: Database
  #ids = new Ids(undefined)
  #isBroken = false
  #retryAt = 0
  #commits = 0
  #mark: HighWaterMark | undefined

  constructor(settings: WorkerSettings, features: Features) {
    this.#settings = settings
    this.#features = features
    this.#db = this.#open()
  }

  #open(): Database {
    const { file, readOnly } = this.#settings
    if (!readOnly) assertWhole(file)
    const db = new Database(file, { readOnly })
    if (!readOnly) {
      db.migrate()
      assertHome((name) => db.setting(name))
      db.prepare(`insert into setting values ('epoch', ?) on conflict do nothing`).run(randomUUID())
      db.prepare(`insert into setting values ('commits', '0') on conflict do nothing`).run()
      this.#commits = Number(db.pluck(COMMITS))
      this.#mark ??= new HighWaterMark(file)
    }
    this.epoch = String(db.pluck(`select value from setting where name = 'epoch'`))
    const newest = db.pluck(NEWEST_ID)
    this.#ids = new Ids(typeof newest === 'string' ? newest : undefined)
    return db
  }

  async round(jobs: Job[]): Promise<Round> {
    const writes = jobs.filter((job) => job.kind === 'transact')
    const entries: LogEntry[] = []
    const results = writes.length > 0 ? await this.#commit(writes, entries) : []
    for (const job of jobs) if (job.kind !== 'transact') results.push(await this.#other(job))
    return { kind: 'round', results, entries, committed: writes.length, isWritable: !this.#isBroken }
  }

  async #commit(jobs: Transact[], entries: LogEntry[]): Promise<Result[]> {
    if (this.#isBroken && !this.#heal()) return jobs.map(({ id }) => ({ id, failure: refused() }))
    const results: Result[] = []
    try {
      this.#db.prepare('begin immediate').run()
      const before = this.#changes()
      for (const job of jobs) results.push(await this.#run(job, entries))
      const isChanged = results.some(({ reply }) => reply !== undefined) && this.#changes() !== before
      if (isChanged) this.#countCommit()
      this.#db.prepare('commit').run()
      if (isChanged) this.#mark?.write(this.#commits)
      return results
    } catch {
      // A commit that failed may still be found on disk later: nobody can say what happened. The number is read again
      // when the file is opened anew.
      this.#isBroken = true
      entries.length = 0
      this.#rollBack()
      return jobs.map(({ id }) => ({ id, failure: new Failure('outcome_unknown').toShape() }))
    }
  }

  #changes(): number {
    return Number(this.#db.prepare(CHANGES).get()?.n)
  }

  /** Only what changed something: a timer that finds nothing to do must not cost a flush. */
  #countCommit(): void {
    this.#commits += 1
    this.#db.prepare(SET_COMMITS).run(String(this.#commits))
  }

  /** So that reads go on, and none of them sees what was not committed. */
  #rollBack(): void {
    try {
      this.#db.prepare('rollback').run()
    } catch {
      // SQLite has ended the transaction itself, as it does after most failures of the disk.
    }
  }

  async #run(job: Transact, entries: LogEntry[]): Promise<Result> {
    const handler = this.#features.handlers[job.name]
    if (!handler) return { id: job.id, error: { message: `No handler for ${job.name}` } }
    const tx = new SqliteTx(this.#db, Date.now(), this.#ids)
    this.#db.prepare('savepoint command').run()
    try {
      const reply = await runOnce(tx, job.actor, job.name, job.input, handler)
      this.#db.prepare('release command').run()
      for (const entry of tx.entries) entries.push(entry)
      return { id: job.id, reply }
    } catch (error) {
      // Throws in turn when the whole transaction is gone, as after an input/output error: then the batch is unknown.
      this.#db.prepare('rollback to command').run()
      this.#db.prepare('release command').run()
      if (isStorageError(error)) throw error
      return { id: job.id, ...describe(error) }
    }
  }

  async #other(job: Exclude<Job, Transact>): Promise<Result> {
    try {
      if (job.kind === 'read') return { id: job.id, reply: await this.#read(job.name, job.input) }
      this.#close()
      return { id: job.id }
    } catch (error) {
      return { id: job.id, ...describe(error) }
    }
  }

  async #read(name: string, input: unknown): Promise<unknown> {
    const query = this.#features.queries[name]
    if (!query) throw new Error(`No query ${name}`)
    // One transaction, so that several statements see one snapshot also on the connection that does not write.
    this.#db.prepare('begin').run()
    try {
      return await query(new SqliteReader(this.#db, Date.now()), input as never)
    } finally {
      this.#db.prepare('commit').run()
    }
  }

  #heal(): boolean {
    if (performance.now() < this.#retryAt) return false
    this.#retryAt = performance.now() + 2000
    try {
      this.#db.close()
    } catch {
      // A connection that has failed may also fail to close; a new one is opened either way.
    }
    try {
      this.#db = this.#open()
      this.#db.exec('pragma wal_checkpoint(truncate)')
      this.#db
        .prepare(`insert into setting values ('probe', ?1) on conflict (name) do update set value = ?1`)
        .run({
          '?1': String(Date.now()),
        })
      this.#isBroken = false
    } catch {
      this.#isBroken = true
    }
    return !this.#isBroken
  }

  #close(): void {
    if (!this.#settings.readOnly) this.#db.exec('pragma wal_checkpoint(truncate)')
    this.#db.close()
    this.#mark?.close()
  }
}

/** A full look at a larger file would take longer than a start may; SQLite still notices what it reads. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024

const CHANGES = 'select total_changes() as n'
const SET_COMMITS = `update setting set value = ? where name = 'commits'`
const COMMITS = `select value from setting where name = 'commits'`

/** Looked at without writing, so that a damaged file stays as it is. @throws Error with what is wrong */
export function assertWhole(file: string): void {
  const acknowledged = HighWaterMark.read(file)
  const bytes = existsSync(file) ? statSync(file).size : 0
  if (bytes === 0 && acknowledged === 0) return
  const lost = (present: number) =>
    new Error(
      `The database is damaged: ${acknowledged - present} acknowledged commits are lost from DATA_DIR. ` +
        'Bring back the files, or put a back-up in their place with: belfry restore FILE',
    )
  if (bytes === 0) throw lost(0)
  // Not the class of this folder's connections: a back-up that was put here has another journal mode until it is opened.
  const db = new DatabaseSync(file, { readOnly: true })
  const pluck = (text: string) => Object.values(db.prepare(text).get() ?? {})[0]
  try {
    const verdict = bytes > MAX_CHECKED_BYTES ? 'ok' : pluck('pragma quick_check(1)')
    if (verdict !== 'ok') throw new Error(`The database is damaged: ${String(verdict)}`)
    const hasSettings = pluck(`select 1 from sqlite_master where name = 'setting'`) === 1
    const present = hasSettings ? Number(pluck(COMMITS) ?? 0) : 0
    if (present < acknowledged) throw lost(present)
  } finally {
    db.close()
  }
}

function refused() {
  return new Failure('unavailable', { retryAfterMs: 2000 }).toShape()
}

/** SQLite's codes for a disk that fails, is full or read-only, or a file that is damaged. */
const STORAGE_CODES = new Set([8, 10, 11, 13, 14, 26])

function isStorageError(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
  return STORAGE_CODES.has(code & 0xff)
}

function describe(error: unknown): Pick<Result, 'failure' | 'error'> {
  if (error instanceof Failure) return { failure: error.toShape() }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { error: { message, stack } }
}
