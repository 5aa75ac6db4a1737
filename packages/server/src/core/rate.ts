import type { Clock } from './context.ts'

/** `perSecond` on average, `burst` at once. */
export interface Rate {
  perSecond: number
  burst: number
}

/** Who takes less than this part of the rate is not worth telling other nodes about. */
const BUSY_PART = 1 / 8
/** How much more than it holds a bucket can owe, beside once its burst: what several nodes let through before they heard. */
const MAX_OWED_MS = 2000

/**
 * Token buckets by key, kept as the one number that says when the bucket is full again. Memory is bounded: when
 * `maxKeys` is passed, full buckets go first and then the oldest.
 */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #maxKeys: number
  readonly #fullAt = new Map<string, number>()
  /** Tokens taken since `takeBusy`; kept only once somebody asks for them. */
  #taken: Map<string, number> | undefined

  constructor(rate: Rate, clock: Clock, maxKeys = 10_000) {
    this.#rate = rate
    this.#clock = clock
    this.#maxKeys = maxKeys
  }

  get size(): number {
    return this.#fullAt.size
  }

  /** Takes one token. Returns 0, or how many milliseconds to wait for one; a refusal takes nothing. */
  take(key: string): number {
    const now = this.#clock()
    const intervalMs = 1000 / this.#rate.perSecond
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? 0) + intervalMs
    const waitMs = fullAt - now - this.#rate.burst * intervalMs
    if (waitMs > 1e-6) return Math.ceil(waitMs)
    this.#taken?.set(key, (this.#taken.get(key) ?? 0) + 1)
    this.#set(key, fullAt, now)
    return 0
  }

  /** So many tokens were taken elsewhere. A bucket can owe some, or each node would let the whole rate through. */
  charge(key: string, tokens: number): void {
    const now = this.#clock()
    const { perSecond, burst } = this.#rate
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? 0) + (tokens * 1000) / perSecond
    this.#set(key, Math.min(fullAt, now + (2 * burst * 1000) / perSecond + MAX_OWED_MS), now)
  }

  /** Who has taken a good part of the rate in the last `overMs`, and how much. */
  takeBusy(overMs: number): [key: string, tokens: number][] {
    const least = (this.#rate.perSecond * overMs * BUSY_PART) / 1000
    const busy = [...(this.#taken ?? [])].filter(([, tokens]) => tokens >= least)
    this.#taken = new Map()
    return busy
  }

  #set(key: string, fullAt: number, now: number): void {
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    if (this.#fullAt.size > this.#maxKeys) this.#shrink(now)
  }

  #shrink(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key)
    for (const key of this.#fullAt.keys()) {
      if (this.#fullAt.size <= this.#maxKeys) break
      this.#fullAt.delete(key)
    }
  }
}
