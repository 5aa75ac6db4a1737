import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Ids } from '../ids.ts'
import type { Features, LogEntry } from '../store.ts'
import { type Batch, CommitUnknown, failure, type Job, runBatch, UndoOne } from './batch.ts'
import { isAway, isLostRace, isTooSlow, isUnstorable } from './connection.ts'

/** Enough to hide the flush, few enough that a lost race costs little. */
const MAX_BATCH = 32
const MAX_TRIES = 20
/** Longer than the database lets a node that was stopped keep its locks. */
const MAX_TRYING_MS = 8000
const RETRY_WITHIN_MS = 20
const RETRY_AFTER_MS = 1000

export interface LaneOptions {
  pool: pg.Pool
  features: Features
  ids: Ids
  onCommitted(entries: LogEntry[], commands: number): void
  /** A batch runs again. */
  onLostRace(): void
  /** The database did not answer. */
  onAway(error: unknown): void
  isUp(): boolean
}

/** Commands that want the same topics, one batch after the other: everything that queued while the last one ran. */
export class Lane {
  readonly #options: LaneOptions
  readonly #queue: Job[] = []
  #running: Promise<void> | undefined

  constructor(options: LaneOptions) {
    this.#options = options
  }

  push(job: Job): void {
    this.#queue.push(job)
    // In the next turn, so that what one turn brings shares a commit.
    this.#running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#drain())
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) await this.#run(this.#queue.splice(0, MAX_BATCH))
    this.#running = undefined
  }

  async #run(jobs: Job[]): Promise<void> {
    try {
      this.#settle(jobs, await this.#attempt(jobs))
    } catch (error) {
      // One that can never win would take the others along.
      if (isLostRace(error) && jobs.length > 1) for (const job of jobs) await this.#run([job])
      else this.#refuse(jobs, error)
    }
  }

  #refuse(jobs: Job[], error: unknown): void {
    const isUnknown = error instanceof CommitUnknown
    if (isUnknown || isAway(error)) this.#options.onAway(error)
    for (const job of jobs) job.reject(isUnknown ? failure('outcome_unknown') : refusalOf(error))
  }

  #settle(jobs: Job[], { answers, entries }: Batch): void {
    this.#options.onCommitted(entries, jobs.length)
    for (const [index, job] of jobs.entries()) {
      const answer = answers[index]
      if (answer === undefined || 'error' in answer) job.reject(refusalOf(answer?.error))
      else reply(job, answer.reply)
    }
  }

  /** Until it is kept. Nothing leaves a batch before its commit, so it can begin anew as often as need be. */
  async #attempt(jobs: Job[]): Promise<Batch> {
    let isCareful = false
    const until = performance.now() + MAX_TRYING_MS
    for (let tries = 1; ; tries += 1) {
      if (!this.#options.isUp()) throw unavailable()
      try {
        return await this.#once(jobs, isCareful)
      } catch (error) {
        if (error instanceof UndoOne) isCareful = true
        else if (!isLostRace(error) || tries >= MAX_TRIES || performance.now() > until) throw error
        else {
          this.#options.onLostRace()
          await sleep(Math.random() * RETRY_WITHIN_MS * tries)
        }
      }
    }
  }

  async #once(jobs: Job[], isCareful: boolean): Promise<Batch> {
    const { pool, features, ids } = this.#options
    const client = await pool.connect()
    let isBroken = true
    try {
      const batch = await runBatch({ client, features, ids, isCareful }, jobs)
      isBroken = false
      return batch
    } catch (error) {
      if (!isAway(error) && !(error instanceof CommitUnknown)) isBroken = !(await undone(client))
      throw error
    } finally {
      client.release(isBroken)
    }
  }
}

function refusalOf(error: unknown): unknown {
  if (isUnstorable(error)) return failure('validation_failed')
  return isAway(error) || isLostRace(error) || isTooSlow(error) ? unavailable() : error
}
const unavailable = () => failure('unavailable', RETRY_AFTER_MS)

function undone(client: pg.Client): Promise<boolean> {
  return client.query('rollback; select pg_advisory_unlock_all()').then(
    () => true,
    () => false,
  )
}

/** A copy, as a caller of any store gets it; one that cannot be copied is a defect of its command alone. */
function reply(job: Job, value: unknown): void {
  try {
    job.resolve(value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
  } catch (error) {
    job.reject(error)
  }
}
