import { formatMark, MARK_PLACEHOLDER } from '../wire/mark.ts'
import { type PreparedRequest, Publisher } from '../wire/publisher.ts'
import type { Stream, StreamReport } from './commands.ts'
import type { ArrivalListener, Phase } from './phase.ts'
import { Samples } from './samples.ts'

const TICK_MS = 1

const prepare = (request: string): PreparedRequest => {
  const [before, after, ...more] = request.split(MARK_PLACEHOLDER)
  if (before === undefined || more.length > 0) throw new Error('a request must carry at most one mark')
  return { before, after: after ?? null }
}

/** One stream of requests at one pace, and what became of them. */
export class StreamRun implements ArrivalListener {
  readonly #stream: Stream
  readonly #phase: Phase
  readonly #id: number
  readonly #requests: readonly PreparedRequest[]
  readonly #publishers: Publisher[] = []
  readonly #idle: Publisher[] = []
  readonly #startedAt = performance.now()
  readonly #delivery = new Samples()
  readonly #request = new Samples()
  readonly #fanOut = { count: 0, sumMs: 0 }
  readonly #finished = Promise.withResolvers<void>()
  #issued = 0
  #accepted = 0
  #failed = 0
  #firstFailure: string | null = null
  #delivered = 0

  constructor(port: number, stream: Stream, phase: Phase) {
    this.#stream = stream
    this.#phase = phase
    this.#id = phase.add(this)
    this.#requests = stream.requests.map(prepare)
    for (let i = 0; i < stream.publishers; i++) {
      this.#publishers.push(new Publisher(port, (publisher, status) => this.#responded(publisher, status)))
    }
  }

  /** Sends until the phase ends; resolves when the last request has been answered, or at the latest after `graceMs`. */
  async run(graceMs: number): Promise<void> {
    this.#idle.push(...this.#publishers)
    this.#sendDue()
    const ticker = setInterval(() => this.#sendDue(), TICK_MS)
    const deadline = setTimeout(
      () => this.#finished.resolve(),
      this.#phase.endAt - performance.now() + graceMs,
    )
    await this.#finished.promise
    clearInterval(ticker)
    clearTimeout(deadline)
    for (const publisher of this.#publishers) publisher.close()
  }

  arrived(sequence: number, sentAt: number, now: number): void {
    if (this.#phase.isMeasured(sentAt)) this.#delivery.add(now - sentAt)
    if (this.#phase.isMeasured(now)) this.#delivered++
    if (this.#stream.pace !== 'lockstep' || !this.#phase.ledger.isComplete(sequence)) return
    if (this.#phase.isMeasured(sentAt)) {
      this.#fanOut.count++
      this.#fanOut.sumMs += now - sentAt
    }
    this.#sendDue()
  }

  report(): StreamReport {
    return {
      accepted: this.#accepted,
      failed: this.#failed,
      firstFailure: this.#firstFailure,
      delivered: this.#delivered,
      delivery: this.#delivery.percentiles(),
      request: this.#request.percentiles(),
      fanOutMs: this.#fanOut.count === 0 ? 0 : this.#fanOut.sumMs / this.#fanOut.count,
    }
  }

  get #total(): number {
    return this.#stream.total ?? Number.POSITIVE_INFINITY
  }

  /** How many requests should have been sent by now. */
  #due(now: number): number {
    const { pace } = this.#stream
    if (pace === 'closed') return Number.POSITIVE_INFINITY
    if (pace === 'lockstep') return this.#phase.ledger.counts.lost === 0 ? this.#issued + 1 : this.#issued
    return Math.floor(((now - this.#startedAt) * pace) / 1_000)
  }

  #sendDue(): void {
    const now = performance.now()
    if (now >= this.#phase.endAt || this.#phase.ledger.isFull || this.#issued === this.#total) {
      if (this.#idle.length === this.#publishers.length) this.#finished.resolve()
      return
    }
    const { pace } = this.#stream
    const due = Math.min(this.#due(now), this.#total)
    while (this.#issued < due && !this.#phase.ledger.isFull) {
      const publisher = this.#idle.shift()
      if (publisher === undefined) return
      this.#send(publisher, typeof pace === 'number' ? this.#startedAt + (this.#issued * 1_000) / pace : now)
    }
  }

  #send(publisher: Publisher, sentAt: number): void {
    const turn = this.#issued++ % this.#requests.length
    const request = this.#requests[turn]
    if (request === undefined) throw new Error('a stream without requests')
    const sequence = this.#phase.issue(this.#id, this.#stream.firstOwner + turn, sentAt)
    publisher.send(
      sequence,
      request.after === null ? request.before : request.before + formatMark(sequence) + request.after,
    )
  }

  #responded(publisher: Publisher, status: number): void {
    const { sequence } = publisher
    publisher.sequence = -1
    const isAccepted = status >= 200 && status < 300
    const sentAt = this.#phase.sentAt(sequence)
    if (!isAccepted || this.#phase.isRequestOnly) this.#phase.ledger.withdraw(sequence)
    if (isAccepted) this.#accepted++
    else this.#fail(status)
    if (this.#phase.isMeasured(sentAt)) this.#request.add(performance.now() - sentAt)
    this.#idle.push(publisher)
    this.#sendDue()
  }

  #fail(status: number): void {
    this.#failed++
    this.#firstFailure ??= status === 0 ? 'the connection broke' : `HTTP ${status}`
  }
}
