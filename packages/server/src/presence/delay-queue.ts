/** Things that all wait equally long, in the order in which they came: one timer looks at the first. */
export class DelayQueue<K> {
  readonly #delayMs: number
  readonly #since = new Map<K, number>()

  constructor(delayMs: number) {
    this.#delayMs = delayMs
  }

  get size(): number {
    return this.#since.size
  }

  has(key: K): boolean {
    return this.#since.has(key)
  }

  /** Waits from `now` on, also when it waited before. */
  add(key: K, now: number): void {
    this.#since.delete(key)
    this.#since.set(key, now)
  }

  delete(key: K): void {
    this.#since.delete(key)
  }

  /** Takes out what has waited long enough. */
  *take(now: number): Iterable<K> {
    for (const [key, since] of this.#since) {
      if (since + this.#delayMs > now) return
      this.#since.delete(key)
      yield key
    }
  }

  /** Everything waits longer by that much: while this process stood still, nobody could come back. */
  shift(byMs: number): void {
    for (const [key, since] of this.#since) this.#since.set(key, since + byMs)
  }
}
