// Double-entry bookkeeping of notifications: what was published and for whom, against what arrived and where.

export type Arrival = 'first' | 'repeated' | 'misdelivered' | 'stray'

export interface LedgerCounts {
  /** Deliveries that are owed: recipients of accepted requests whose frame has not come. */
  readonly lost: number
  readonly repeated: number
  readonly misdelivered: number
}

// 64 MB of marks: more than any scenario publishes, and a bound on the generator's memory.
const MAX_CELLS = 64_000_000
const MAX_SEQUENCES = 8_000_000

export interface LedgerOptions {
  /** Recipients of each sequence. */
  readonly width: number
  readonly base: number
  /** Whether each owner has recipients of its own. */
  readonly isGrouped?: boolean | undefined
}

/**
 * A ledger for one phase. With `width` 1 each sequence is owed to one recipient, its owner; with a larger width it is owed to
 * each of the recipients 0 … width − 1, or, grouped, to the owner's: owner × width and the next ones.
 */
export class Ledger {
  readonly width: number
  readonly base: number
  readonly capacity: number
  /** First recipient of each sequence. */
  readonly #owners: Int32Array
  readonly #missing: Int32Array
  readonly #seen: Uint8Array
  #issued = 0
  #owed = 0
  #repeated = 0
  #misdelivered = 0

  readonly #isOwned: boolean

  constructor({ width, base, isGrouped = false }: LedgerOptions) {
    this.width = width
    this.base = base
    this.#isOwned = width === 1 || isGrouped
    this.capacity = Math.min(MAX_SEQUENCES, Math.floor(MAX_CELLS / width))
    this.#owners = new Int32Array(this.#isOwned ? this.capacity : 0)
    this.#missing = new Int32Array(this.capacity)
    this.#seen = new Uint8Array(this.capacity * width)
  }

  get next(): number {
    return this.base + this.#issued
  }

  get isFull(): boolean {
    return this.#issued === this.capacity
  }

  get counts(): LedgerCounts {
    return { lost: this.#owed, repeated: this.#repeated, misdelivered: this.#misdelivered }
  }

  issue(owner: number): number {
    const slot = this.#issued++
    if (this.#isOwned) this.#owners[slot] = owner * this.width
    this.#missing[slot] = this.width
    this.#owed += this.width
    return this.base + slot
  }

  /** A refused request is owed to nobody. */
  withdraw(sequence: number): void {
    const slot = sequence - this.base
    this.#owed -= this.#missing[slot] ?? 0
    this.#missing[slot] = 0
  }

  arrive(sequence: number, recipient: number): Arrival {
    const slot = sequence - this.base
    if (slot < 0 || slot >= this.#issued) return 'stray'
    const place = recipient - (this.#owners[slot] ?? 0)
    if (place < 0 || place >= this.width) {
      this.#misdelivered++
      return 'misdelivered'
    }
    const cell = slot * this.width + place
    if (this.#seen[cell] === 1) {
      this.#repeated++
      return 'repeated'
    }
    this.#seen[cell] = 1
    const missing = this.#missing[slot] ?? 0
    if (missing > 0) {
      this.#missing[slot] = missing - 1
      this.#owed--
    }
    return 'first'
  }

  isComplete(sequence: number): boolean {
    return this.#missing[sequence - this.base] === 0
  }
}
