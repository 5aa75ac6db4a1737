import { errors, Failure, type ParsedInput } from '@belfry/protocol'
import type { Work } from '../core/timers.ts'
import type { Store } from '../store/store.ts'
import { type OutboxRow, parseRow } from './index.ts'

/** Rows per commit: enough to hide the flush, few enough to share a transaction with what people are waiting for. */
const MAX_BATCH = 50
/** An error that nobody foresaw may pass; after so many tries in a row it is taken to be the row's own. */
const MAX_TRIES = 5

export interface OutboxWorkOptions {
  store: Pick<Store, 'read'>
  /** Makes users of those who are named and unknown, where the app's own people are. */
  ensureUsers(inputs: ParsedInput<'notify'>[]): Promise<void>
  onFailed(id: number, error: string): void
}

/**
 * Sends what waits in the outbox, in order, until nothing does. What cannot be sent at the moment ends it, and everything
 * stays; what can never be sent is set aside with its error, and the others go on.
 */
export class OutboxWork {
  readonly #options: OutboxWorkOptions
  /** The row that an unforeseen error has stopped, and how often. */
  #stuck = { id: 0, tries: 0 }

  constructor(options: OutboxWorkOptions) {
    this.#options = options
  }

  /** @throws what is no fault of a row, such as a store that is away */
  async run(work: Work): Promise<void> {
    for (;;) {
      // The query's answer; the border between threads cannot carry the type.
      const rows = (await this.#options.store.read('waitingInOutbox', { limit: MAX_BATCH })) as OutboxRow[]
      if (rows.length === 0) return
      await this.#batch(rows, work)
    }
  }

  async #batch(rows: OutboxRow[], work: Work): Promise<void> {
    try {
      await this.#send(rows, work)
    } catch (error) {
      if (isPassing(error)) throw error
      for (const row of rows) await this.#one(row, work)
    }
  }

  async #one(row: OutboxRow, work: Work): Promise<void> {
    const { id } = row
    try {
      await this.#send([row], work)
    } catch (error) {
      if (isPassing(error)) throw error
      if (!(error instanceof Failure) && this.#mayTryAgain(id)) throw error
      await this.#setAside(id, error, work)
    }
  }

  async #send(rows: OutboxRow[], work: Work): Promise<void> {
    await this.#options.ensureUsers(rows.map(parseRow))
    await work('sendOutbox', { ids: rows.map(({ id }) => id) })
  }

  #mayTryAgain(id: number): boolean {
    this.#stuck = { id, tries: this.#stuck.id === id ? this.#stuck.tries + 1 : 1 }
    return this.#stuck.tries < MAX_TRIES
  }

  async #setAside(id: number, error: unknown, work: Work): Promise<void> {
    const { message } = error instanceof Error ? error : { message: String(error) }
    const reason = error instanceof Failure ? `${error.code}: ${message}` : message
    await work('failOutboxRow', { id, error: reason })
    this.#options.onFailed(id, reason)
  }
}

/** The store is away, or another node has this work now: no fault of the row. The system itself is forbidden nothing. */
const isPassing = (error: unknown): boolean =>
  error instanceof Failure && (errors[error.code].retry || error.code === 'forbidden')
