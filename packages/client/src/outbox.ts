/**
 * Own changes on their way to the server: shown at once, sent one after the other.
 *
 *             ┌── answer ────────────────────► gone; shown until its entry comes
 *   waiting ──► sending ── refusal ──────────► gone, taken back
 *    │  ▲       │
 *    │  └───────┴── nobody is signed in ─────► taken back, waits for a sign-in
 *    │
 *    ├── older than a day ───────────────────► held: taken back, until the user decides
 *    └── a later one of the same item ───────► gone; its promise is the later one's
 */
import { ClientFailure } from './client-failure.ts'
import type { InboxChange } from './effects.ts'
import type { Model } from './model.ts'
import { foreseen, leftOf, type QueuedChange } from './queued-change.ts'

/** Source: ui.md C8. */
const MAX_WAITING = 200
/** Source: ui.md C8. */
const OLD_MS = 24 * 60 * 60 * 1_000

export interface OutboxOptions {
  model: Model
  newId(): string
  /** Server time, ISO 8601. */
  now(): string
  isReady(): boolean
  /** Why it is in vain to make a change now, if it is. */
  refusal(): ClientFailure | undefined
  /** @throws ClientFailure */
  send(change: QueuedChange): Promise<unknown>
  /** What the device is to keep. */
  onSave(changes: readonly QueuedChange[]): void
  /** How many are held may have changed. */
  onHeld(): void
  onAnswered(): void
  onRefused(error: unknown): void
}

interface Waiting {
  change: QueuedChange
  /** Its id in the model; undefined while it is not shown. */
  shownAs: number | undefined
  isHeld: boolean
  /** Of this change and of those that it has replaced. */
  promises: Settle[]
}

interface Settle {
  resolve(): void
  reject(error: unknown): void
}

const byTime = (a: Waiting, b: Waiting): number => Date.parse(a.change.at) - Date.parse(b.change.at)

export class Outbox {
  readonly #options: OutboxOptions
  /** In order; with the one that is being sent. */
  #waiting: readonly Waiting[] = []
  #sending: Waiting | undefined
  #isPaused = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  get heldCount(): number {
    return this.#waiting.filter(({ isHeld }) => isHeld).length
  }

  add(change: QueuedChange): Promise<void> {
    const { refusal, isReady, newId, model, onRefused } = this.#options
    const rest = this.#waiting.map((one) => ({
      one,
      left: one === this.#sending ? one.change : leftOf(one.change, change, newId),
    }))
    const isFull = !isReady() && rest.filter(({ left }) => left).length >= MAX_WAITING
    const failure = refusal() ?? (isFull ? new ClientFailure('queue_full') : undefined)
    if (failure) {
      onRefused(failure)
      return Promise.reject(failure)
    }
    const replaced = rest.flatMap(({ one, left }) => (left ? [] : one.promises))
    const edits = new Map<number, InboxChange | undefined>()
    for (const { one, left } of rest) {
      if (left === one.change) continue
      if (one.shownAs !== undefined) edits.set(one.shownAs, left && foreseen(left))
      if (left) one.change = left
    }
    const [shownAs] = model.foresee([foreseen(change)], edits)
    const kept = rest.flatMap(({ one, left }) => (left ? [one] : []))
    return new Promise((resolve, reject) => {
      const promises = [...replaced, { resolve, reject }]
      this.#waiting = [...kept, { change, shownAs, isHeld: false, promises }]
      this.#saveAndSend()
    })
  }

  /** Changes from an earlier page or a tab that is gone. */
  take(changes: readonly QueuedChange[]): void {
    const known = new Set(this.#waiting.map(({ change }) => change.key))
    const taken = changes
      .filter(({ key }) => !known.has(key))
      .map((change): Waiting => ({ change, shownAs: undefined, isHeld: false, promises: [] }))
    this.#waiting = [...this.#waiting, ...taken].sort(byTime)
    this.#show()
    this.#saveAndSend()
  }

  /** The line is ready, and the client has caught up. */
  resume(): void {
    this.#isPaused = false
    this.#show()
    this.#send()
  }

  /** Nothing is sent until `resume`; who waits is told why. */
  pause(failure: ClientFailure): void {
    this.#isPaused = true
    this.#sending = undefined
    const promises = this.#waiting.flatMap((one) => one.promises.splice(0))
    this.#hide(this.#waiting)
    for (const { reject } of promises) reject(failure)
    if (promises.length > 0) this.#options.onRefused(failure)
  }

  /** The same, for good; what the device has kept stays there. */
  forget(failure: ClientFailure): void {
    this.pause(failure)
    this.#waiting = []
  }

  sendHeld(): void {
    for (const one of this.#waiting.filter(({ isHeld }) => isHeld)) {
      one.isHeld = false
      one.change = { ...one.change, at: this.#options.now() }
    }
    this.#show()
    this.#saveAndSend()
  }

  dropHeld(): void {
    const held = this.#waiting.filter(({ isHeld }) => isHeld)
    this.#waiting = this.#waiting.filter(({ isHeld }) => !isHeld)
    this.#saveAndSend()
    const failure = new ClientFailure('not_confirmed')
    for (const { reject } of held.flatMap(({ promises }) => promises)) reject(failure)
    this.#options.onHeld()
  }

  /** Shows what is to be sent, and holds what has become too old. */
  #show(): void {
    const { model, now, onHeld } = this.#options
    const oldest = Date.parse(now()) - OLD_MS
    const old = this.#waiting.filter(
      (one) => one !== this.#sending && !one.isHeld && Date.parse(one.change.at) < oldest,
    )
    for (const one of old) one.isHeld = true
    this.#hide(old)
    const hidden = this.#waiting.filter(({ isHeld, shownAs }) => !isHeld && shownAs === undefined)
    if (hidden.length > 0) {
      const ids = model.foresee(hidden.map(({ change }) => foreseen(change)))
      for (const [at, one] of hidden.entries()) one.shownAs = ids[at]
    }
    if (old.length > 0) onHeld()
  }

  #hide(some: readonly Waiting[]): void {
    const ids = some.map(({ shownAs }) => shownAs).filter((id) => id !== undefined)
    for (const one of some) one.shownAs = undefined
    if (ids.length > 0) this.#options.model.rollBack(ids)
  }

  #saveAndSend(): void {
    this.#options.onSave(this.#waiting.map(({ change }) => change))
    this.#send()
  }

  #send(): void {
    const { isReady, send } = this.#options
    if (this.#sending || this.#isPaused || !isReady()) return
    const next = this.#waiting.find(({ isHeld }) => !isHeld)
    if (!next) return
    this.#sending = next
    send(next.change).then(
      () => this.#answered(next),
      (error: unknown) => this.#refused(next, error),
    )
  }

  #answered(one: Waiting): void {
    if (this.#sending !== one) return
    const { model, onAnswered } = this.#options
    if (one.shownAs !== undefined) model.answered(one.shownAs)
    for (const { resolve } of one.promises) resolve()
    this.#remove(one)
    onAnswered()
  }

  #refused(one: Waiting, error: unknown): void {
    if (this.#sending !== one) return
    if (error instanceof ClientFailure && error.code === 'unauthorized') {
      this.pause(error)
      return
    }
    this.#hide([one])
    for (const { reject } of one.promises) reject(error)
    this.#remove(one)
    this.#options.onRefused(error)
  }

  #remove(one: Waiting): void {
    this.#sending = undefined
    this.#waiting = this.#waiting.filter((other) => other !== one)
    this.#saveAndSend()
  }
}
