import type { Clock } from '@belfry/client'

interface Waiting {
  run(): void
  dueAt: number
}

/** One direction of a line: what goes in first comes out first, late or held back as somebody wishes. */
export class Passage {
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #isHeld: boolean
  #cancel = (): void => undefined

  constructor(clock: Clock, isHeld = false) {
    this.#clock = clock
    this.#isHeld = isHeld
  }

  send(run: () => void, delayMs: number): void {
    if (delayMs === 0 && !this.#isHeld && this.#waiting.length === 0) {
      run()
      return
    }
    this.#waiting.push({ run, dueAt: this.#clock.now() + delayMs })
    this.#wait()
  }

  hold(): void {
    this.#isHeld = true
    this.#cancel()
  }

  /** Lets out what is due by now, all at once. */
  release(): void {
    this.#isHeld = false
    this.#wait()
  }

  /** What waits is lost. */
  clear(): void {
    this.#cancel()
    this.#waiting = []
  }

  #wait(): void {
    this.#cancel()
    const first = this.#waiting[0]
    if (!first || this.#isHeld) return
    const waitMs = first.dueAt - this.#clock.now()
    if (waitMs > 0) {
      this.#cancel = this.#clock.schedule(() => this.#wait(), waitMs)
      return
    }
    this.#waiting.shift()
    first.run()
    this.#wait()
  }
}
