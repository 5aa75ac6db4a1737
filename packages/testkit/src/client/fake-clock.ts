import type { Clock } from '@belfry/client'

interface Timer {
  at: number
  run: () => void
}

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #now = Date.parse('2026-11-24T12:00:00.000Z')
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  schedule(run: () => void, ms: number): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Timers that have neither run nor been cancelled. */
  get size(): number {
    return this.#timers.size
  }

  /** Lets time pass, and between any two timers everything that has been promised. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
      await settled()
    }
    this.#now = end
  }
}

/** After everything that is promised already. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
