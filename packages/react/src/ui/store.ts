/** A value with listeners, made for `useSyncExternalStore`. `read` and `subscribe` work without `this`. */
export class Store<T extends object> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly read = (): T => this.#value

  /** Calls after every change; answers what stops it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener()
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** What is equal already changes nothing. */
  change(patch: Partial<T>): void {
    const next = { ...this.#value, ...patch }
    if (Object.keys(patch).every((key) => Object.is(Reflect.get(this.#value, key), Reflect.get(next, key))))
      return
    this.#value = next
    for (const listener of [...this.#listeners]) listener()
  }
}
