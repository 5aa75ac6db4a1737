import type { Clock } from '../environment.ts'

/** What was closed is kept so long: React mounts twice in development, and a route may open what another has closed. */
const LINGER_MS = 1_000

interface Lent<T> {
  thing: T
  users: number
  cancel(): void
}

/** Things that are made when somebody first wants them, shared, and ended some time after the last one has gone. */
export class Shelf<K, T> {
  readonly #clock: Clock
  readonly #make: (key: K) => T
  readonly #end: (thing: T, key: K) => void
  readonly #lent = new Map<K, Lent<T>>()
  #isClosed = false

  constructor(clock: Clock, make: (key: K) => T, end: (thing: T, key: K) => void) {
    this.#clock = clock
    this.#make = make
    this.#end = end
  }

  get all(): T[] {
    return [...this.#lent.values()].map(({ thing }) => thing)
  }

  get(key: K): T | undefined {
    return this.#lent.get(key)?.thing
  }

  /** Answers what gives it back; a second time does nothing. */
  lend(key: K): { thing: T; giveBack(): void } {
    const lent = this.#lent.get(key) ?? { thing: this.#make(key), users: 0, cancel: () => undefined }
    this.#lent.set(key, lent)
    lent.cancel()
    lent.users += 1
    let isBack = false
    const giveBack = () => {
      if (isBack) return
      isBack = true
      lent.users -= 1
      // After `close` it has ended already.
      if (lent.users > 0 || this.#lent.get(key) !== lent) return
      if (this.#isClosed) this.#drop(key)
      else lent.cancel = this.#clock.schedule(() => this.#drop(key), LINGER_MS)
    }
    return { thing: lent.thing, giveBack }
  }

  close(): void {
    this.#isClosed = true
    for (const [key, { cancel }] of [...this.#lent]) {
      cancel()
      this.#drop(key)
    }
  }

  #drop(key: K): void {
    const lent = this.#lent.get(key)
    this.#lent.delete(key)
    if (lent) this.#end(lent.thing, key)
  }
}
