import { Worker } from 'node:worker_threads'
import { Failure } from '@belfry/protocol'
import type { Store, StoreEvents, StoreStats } from '../store.ts'
import type { Job, Result, Round, WorkerMessage, WorkerSettings } from './messages.ts'

/** Commands that may wait for a commit before new ones are refused. Source: reliability.md §11. */
const MAX_QUEUED = 5000

export interface SqliteOptions extends StoreEvents {
  /** Path of the database file; its folder exists. */
  file: string
  /** URL of `worker.ts` beside this file, or of what it was built to. */
  worker: URL
  /** URL of a `FeatureModule`. */
  features: URL
  /** Plain data for the module's `prepare`. */
  settings?: unknown
}

/** The embedded store: SQLite in a thread of its own, so that the event loop never waits on a disk. */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const writer = await WorkerLink.open(options, false)
  // Opened by the first slow read: a second thread costs every start, and most never need it.
  let reading: Promise<WorkerLink> | undefined
  const reader = () => {
    reading ??= WorkerLink.open(options, true).catch((error) => {
      reading = undefined
      throw error
    })
    return reading
  }
  let commits = 0
  let commands = 0
  writer.onRound = (round) => {
    if (round.committed > 0) commits += 1
    commands += round.committed
    if (round.entries.length > 0) options.onCommitted(round.entries)
  }
  return {
    epoch: writer.epoch,
    isShared: false,
    transact: (name, actor, input) => writer.ask({ kind: 'transact', name, actor, input }),
    read: async (name, input) =>
      (isSlow(name, input) ? await reader() : writer).ask({ kind: 'read', name, input }),
    isWritable: () => writer.isWritable,
    stats: (): StoreStats => ({ queued: writer.pending, commits, commands, retries: 0 }),
    async close() {
      if (reading) await (await reading).close()
      await writer.close()
    },
  }
}

/** A search looks at every text of an inbox; it must not hold up commits. */
const isSlow = (name: string, input: unknown): boolean =>
  name === 'listNotifications' &&
  typeof input === 'object' &&
  input !== null &&
  'q' in input &&
  input.q !== undefined

type Question = Job extends infer J ? (J extends { id: number } ? Omit<J, 'id'> : never) : never

interface Waiting {
  isWrite: boolean
  resolve(reply: unknown): void
  reject(error: Error): void
}

/** The main thread's end: numbers the jobs, sends those of one tick together, settles them in order. */
class WorkerLink {
  onRound: (round: Round) => void = () => {}
  epoch = ''
  isWritable = true
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #outgoing: Job[] = []
  #nextId = 1
  #writes = 0
  /** Set when it closes or its thread has ended: nothing more is taken. */
  #isOver = false

  private constructor(worker: Worker) {
    this.#worker = worker
  }

  static open(options: SqliteOptions, readOnly: boolean): Promise<WorkerLink> {
    const { file, features, settings } = options
    const workerData: WorkerSettings = { file, readOnly, features: features.href, settings }
    const worker = new Worker(options.worker, {
      workerData,
      name: readOnly ? 'sqlite-reader' : 'sqlite-writer',
    })
    const link = new WorkerLink(worker)
    return new Promise((resolve, reject) => {
      worker.on('message', (text: string) => {
        const message = JSON.parse(text) as WorkerMessage
        if (message.kind === 'round') return link.#settle(message)
        if (message.kind === 'fatal') return reject(new Error(message.message))
        link.epoch = message.epoch
        resolve(link)
      })
      worker.on('error', (error) => {
        link.#abandon()
        reject(error)
        options.onError(error)
      })
      worker.on('exit', () => link.#abandon())
    })
  }

  /** Commands without an answer yet. */
  get pending(): number {
    return this.#writes
  }

  ask(question: Question): Promise<unknown> {
    const isWrite = question.kind === 'transact'
    if (this.#isOver || (isWrite && this.#writes >= MAX_QUEUED)) {
      return Promise.reject(new Failure('unavailable', { retryAfterMs: 1000 }))
    }
    const id = this.#nextId++
    if (this.#outgoing.push({ ...question, id }) === 1) setImmediate(() => this.#flush())
    if (isWrite) this.#writes += 1
    return new Promise((resolve, reject) => this.#waiting.set(id, { isWrite, resolve, reject }))
  }

  #flush(): void {
    const jobs = this.#outgoing
    this.#outgoing = []
    this.#worker.postMessage(JSON.stringify(jobs))
  }

  #settle(round: Round): void {
    this.isWritable = round.isWritable
    this.onRound(round)
    for (const result of round.results) {
      const waiting = this.#waiting.get(result.id)
      this.#waiting.delete(result.id)
      if (waiting?.isWrite) this.#writes -= 1
      if (waiting) settle(waiting, result)
    }
  }

  /** Whoever waits for a thread that has ended, or asks it later, is told so. */
  #abandon(): void {
    this.#isOver = true
    this.isWritable = false
    for (const waiting of this.#waiting.values()) waiting.reject(new Failure('outcome_unknown'))
    this.#waiting.clear()
    this.#writes = 0
  }

  /** Finishes what was asked before; a second call, or one after the thread has ended, does nothing. */
  async close(): Promise<void> {
    if (this.#isOver) return
    const closed = this.ask({ kind: 'close' })
    this.#isOver = true
    await closed
    await this.#worker.terminate()
  }
}

function settle(waiting: Waiting, { reply, failure, error }: Result): void {
  if (failure) return waiting.reject(Failure.fromShape(failure))
  if (!error) return waiting.resolve(reply)
  const rejection = new Error(error.message)
  if (error.stack) rejection.stack = error.stack
  waiting.reject(rejection)
}
