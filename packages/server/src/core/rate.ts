import type { Clock } from './context.ts'

/** `perSecond` on average, `burst` at once. */
export interface Rate {
  perSecond: number
  burst: number
}

/**
 * Token buckets by key, kept as the one number that says when the bucket is full again. Memory is bounded: when
 * `maxKeys` is passed, full buckets go first and then the oldest.
 */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Clock
  readonly #maxKeys: number
  readonly #fullAt = new Map<string, number>()

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
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    if (this.#fullAt.size > this.#maxKeys) this.#shrink(now)
    return 0
  }

  #shrink(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key)
    for (const key of this.#fullAt.keys()) {
      if (this.#fullAt.size <= this.#maxKeys) break
      this.#fullAt.delete(key)
    }
  }
}
