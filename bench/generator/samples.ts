export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** A growing list of durations in milliseconds, without a garbage-collected object per sample. */
export class Samples {
  #values = new Float64Array(65_536)
  #count = 0

  add(valueMs: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = valueMs
  }

  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, this.#count).sort()
    const at = (share: number): number =>
      sorted[Math.min(this.#count - 1, Math.floor(this.#count * share))] ?? 0
    return { count: this.#count, p50: at(0.5), p99: at(0.99), max: at(1) }
  }
}
