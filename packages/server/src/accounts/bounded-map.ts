/**
 * A map that forgets what was used longest ago once its entries weigh more than `maxWeight`. Everything in it can be
 * found out again, so forgetting costs time and never truth.
 */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, { value: V; weight: number }>()
  readonly #maxWeight: number
  readonly #weigh: (key: K, value: V) => number
  #weight = 0

  constructor(maxWeight: number, weigh: (key: K, value: V) => number = () => 1) {
    this.#maxWeight = maxWeight
    this.#weigh = weigh
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    // A map keeps the order of insertion: what is put back at the end was used last.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.value
  }

  set(key: K, value: V): void {
    this.delete(key)
    const weight = this.#weigh(key, value)
    this.#entries.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#maxWeight) return
      this.delete(oldest)
    }
  }

  delete(key: K): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#weight -= entry.weight
  }

  /** Oldest first; what is deleted on the way is left out. */
  keys(): Iterable<K> {
    return this.#entries.keys()
  }
}
