import { Ledger, type LedgerOptions } from './ledger.ts'

/** What a phase tells a stream about its own requests. */
export interface ArrivalListener {
  arrived(sequence: number, sentAt: number, now: number): void
}

/** One measurement: its window, its ledger, and when and by which stream each sequence was sent. */
export class Phase {
  readonly ledger: Ledger
  /** Requests are owed to nobody; only their answers are measured. */
  readonly isRequestOnly: boolean
  readonly measureFrom: number
  readonly endAt: number
  readonly #sentAt: Float64Array
  readonly #streamOf: Uint8Array
  readonly #streams: ArrivalListener[] = []

  constructor(input: LedgerOptions & { warmUpMs: number; windowMs: number }) {
    this.isRequestOnly = input.width === 0
    this.ledger = new Ledger({ ...input, width: Math.max(1, input.width) })
    this.measureFrom = performance.now() + input.warmUpMs
    this.endAt = this.measureFrom + input.windowMs
    this.#sentAt = new Float64Array(this.ledger.capacity)
    this.#streamOf = new Uint8Array(this.ledger.capacity)
  }

  /** Adds a stream; its requests are issued under the number returned. */
  add(stream: ArrivalListener): number {
    return this.#streams.push(stream) - 1
  }

  issue(stream: number, owner: number, sentAt: number): number {
    const sequence = this.ledger.issue(owner)
    const slot = sequence - this.ledger.base
    this.#sentAt[slot] = sentAt
    this.#streamOf[slot] = stream
    return sequence
  }

  sentAt(sequence: number): number {
    return this.#sentAt[sequence - this.ledger.base] ?? 0
  }

  isMeasured(time: number): boolean {
    return time >= this.measureFrom && time < this.endAt
  }

  arrived(sequence: number, recipient: number): void {
    if (this.ledger.arrive(sequence, recipient) !== 'first') return
    const stream = this.#streams[this.#streamOf[sequence - this.ledger.base] ?? 0]
    stream?.arrived(sequence, this.sentAt(sequence), performance.now())
  }
}
