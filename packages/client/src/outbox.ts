/**
 * Own changes on their way to the server: shown at once, sent one after the other.
 *
 *             ┌── answer ────────────────────► gone; shown until its entry comes
 *   waiting ──► sending ── refusal ──────────► gone, taken back
 *    │  ▲       │
 *    │  └───────┴── nobody is signed in ─────► taken back, waits for a sign-in
 *    │
 *    ├── older than a day ───────────────────► held: taken back, until the user decides
 *    └── a later one makes it pointless ─────► gone; its promise is the later one's
 */
import { ClientFailure } from './client-failure.ts'
import type { Model } from './model.ts'
import { foreseen, isCovered, type QueuedChange } from './queued-change.ts'

/** Source: ui.md C8. */
const MAX_WAITING = 200
/** Source: ui.md C8. */
const OLD_MS = 24 * 60 * 60 * 1_000

export interface OutboxOptions {
  model: Model
  /** Server time, ISO 8601. */
  now(): string
  isReady(): boolean
  /** Why it is in vain to make a change now, if it is. */
  refusal(): ClientFailure | undefined
  /** @throws ClientFailure */
  send(change: QueuedChange): Promise<unknown>
  /** What the device is to keep. */
  onSave(changes: readonly QueuedChange[]): void
  onHeld(): void
  /** With the reason, if it was refused. */
  onDecided(error?: unknown): void
}

interface Waiting {
  change: QueuedChange
  /** Its id in the model; undefined while it is not shown. */
  shownAs: number | undefined
  isHeld: boolean
  /** Of this change and of those that it has made pointless. */
  promises: Settle[]
}

interface Settle {
  resolve(): void
  reject(error: unknown): void
}

const timeOf = ({ change }: Waiting): number => Date.parse(change.at)

export class Outbox {
  readonly #options: OutboxOptions
  /** In order; with the one that is being sent. */
  #waiting: readonly Waiting[] = []
  #sending: Waiting | undefined
  #isPaused = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get held(): readonly Waiting[] {
    return this.#waiting.filter(({ isHeld }) => isHeld)
  }

  add(change: QueuedChange): Promise<void> {
    const { refusal, isReady, onDecided } = this.#options
    const isPointless = (one: Waiting) => one !== this.#sending && isCovered(one.change, change)
    const replaced = this.#waiting.filter(isPointless)
    const isFull = !isReady() && this.#waiting.length - replaced.length >= MAX_WAITING
    const failure = refusal() ?? (isFull ? new ClientFailure('queue_full') : undefined)
    if (failure) {
      onDecided(failure)
      return Promise.reject(failure)
    }
    return new Promise((resolve, reject) => {
      const promises = [...replaced.flatMap((one) => one.promises), { resolve, reject }]
      this.#waiting = this.#waiting.filter((one) => !replaced.includes(one))
      this.#take([{ change, shownAs: undefined, isHeld: false, promises }], replaced)
    })
  }

  /** Changes from a page that is gone. */
  take = (changes: readonly QueuedChange[]): void => {
    const isNew = ({ key }: QueuedChange) => this.#waiting.every(({ change }) => change.key !== key)
    this.#take(
      changes.filter(isNew).map((change) => ({ change, shownAs: undefined, isHeld: false, promises: [] })),
    )
  }

  /** The line is ready, and the client has caught up. */
  resume(): void {
    this.#isPaused = false
    this.#take([])
  }

  /** Nothing is sent until `resume`; who waits is told why. */
  pause(failure: ClientFailure): void {
    this.#isPaused = true
    this.#sending = undefined
    this.#show([], this.#waiting)
    const promises = this.#waiting.flatMap((one) => one.promises.splice(0))
    for (const { reject } of promises) reject(failure)
    if (promises.length > 0) this.#options.onDecided(failure)
  }

  /** The same, for good; what the device has kept stays there. */
  forget(failure: ClientFailure): void {
    this.pause(failure)
    this.#waiting = []
    this.#isPaused = false
  }

  sendHeld(): void {
    for (const one of this.held) {
      one.isHeld = false
      one.change = { ...one.change, at: this.#options.now() }
    }
    this.#take([])
  }

  dropHeld(): void {
    for (const one of this.held) this.#remove(one, new ClientFailure('not_confirmed'))
    this.#saveAndSend()
    this.#options.onHeld()
  }

  #take(added: readonly Waiting[], hidden: readonly Waiting[] = []): void {
    const { now, onHeld } = this.#options
    this.#waiting = [...this.#waiting, ...added].sort((a, b) => timeOf(a) - timeOf(b))
    const oldest = Date.parse(now()) - OLD_MS
    const old = this.#waiting.filter((one) => one !== this.#sending && !one.isHeld && timeOf(one) < oldest)
    for (const one of old) one.isHeld = true
    this.#show(
      this.#waiting.filter(({ isHeld, shownAs }) => !isHeld && shownAs === undefined),
      [...old, ...hidden],
    )
    if (old.length > 0) onHeld()
    this.#saveAndSend()
  }

  #show(shown: readonly Waiting[], hidden: readonly Waiting[]): void {
    const ids = this.#options.model.foresee(
      shown.map(({ change }) => foreseen(change)),
      hidden.map(({ shownAs }) => shownAs),
    )
    for (const one of hidden) one.shownAs = undefined
    for (const [at, one] of shown.entries()) one.shownAs = ids[at]
  }

  #saveAndSend(): void {
    const { isReady, send, onSave } = this.#options
    onSave(this.#waiting.map(({ change }) => change))
    if (this.#sending || this.#isPaused || !isReady()) return
    const next = this.#waiting.find(({ isHeld }) => !isHeld)
    if (!next) return
    this.#sending = next
    send(next.change).then(
      () => this.#decided(next),
      (error: unknown) => this.#decided(next, error),
    )
  }

  #decided(one: Waiting, error?: unknown): void {
    if (this.#sending !== one) return
    const { model, onDecided } = this.#options
    if (error instanceof ClientFailure && error.code === 'unauthorized') {
      this.pause(error)
      return
    }
    this.#sending = undefined
    if (error) this.#show([], [one])
    else if (one.shownAs !== undefined) model.answered(one.shownAs)
    this.#remove(one, error)
    this.#saveAndSend()
    onDecided(error)
  }

  #remove(one: Waiting, error: unknown): void {
    this.#waiting = this.#waiting.filter((other) => other !== one)
    for (const { resolve, reject } of one.promises) {
      if (error) reject(error)
      else resolve()
    }
  }
}
