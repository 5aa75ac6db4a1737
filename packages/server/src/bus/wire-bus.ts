import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { LogEntry } from '../store/store.ts'
import { Arrivals } from './arrivals.ts'
import type { Bus, BusListener, BusStats, Channel } from './bus.ts'
import { bucketOf, Interest } from './interest.ts'
import type { Dial } from './line.ts'
import { LineKeeper } from './line-keeper.ts'
import { Outbox } from './outbox.ts'
import { type Message, Seal } from './seal.ts'

/** What a server may leave untaken, in characters; then what comes is dropped. */
const MAX_UNTAKEN = 8 * 1024 * 1024
/** Source: the port's promise. */
const MAX_TOLD = 256 * 1024
/** Of refused messages one is logged in this time. */
const LOG_EVERY_MS = 10_000
const CHANNELS: readonly Channel[] = ['presence', 'limits', 'control']
const NOBODY: BusListener = { onEntries: () => {}, onHeads: () => {} }

export interface WireBusOptions {
  dial: Dial
  /** Known to all nodes of one store and to nobody else. */
  secret: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** A bus over a server that passes texts on, such as Redis or NATS: what they carry is signed, batched and bounded. */
export class WireBus implements Bus {
  readonly #log: WireBusOptions['log']
  readonly #node = randomUUID()
  readonly #seal: Seal
  readonly #outbox: Outbox
  readonly #line: LineKeeper
  readonly #interest = new Interest()
  readonly #arrivals = new Arrivals()
  readonly #told = new Map<string, (message: unknown) => void>()
  readonly #connected: (() => void)[] = []
  readonly #stats: BusStats = { published: 0, received: 0, dropped: 0, refused: 0 }
  #listener = NOBODY
  /** Asked for with the line's beginning, until it is confirmed. */
  #joining: number[] = []
  #flush: NodeJS.Immediate | undefined
  #asking: NodeJS.Immediate | undefined
  #isClosed = false
  #loggedAt = Number.NEGATIVE_INFINITY

  constructor({ dial, secret, log }: WireBusOptions) {
    this.#log = log
    this.#seal = new Seal(secret)
    this.#outbox = new Outbox(this.#seal, this.#node)
    const text = this.#seal.close(this.#own, `{"from":"${this.#node}"}`)
    this.#line = new LineKeeper({
      dial,
      log,
      beat: { subject: this.#own, text },
      subjects: () => this.#subjects(),
      onText: (subject, given) => this.#take(subject, given),
      onJoined: () => void this.#interest.confirm(this.#joining),
      onUp: () => this.#up(),
      onLost: () => {
        this.#outbox.clear()
        this.#interest.forget()
      },
      onTick: (now) => this.#giveUp(now),
    })
  }

  get isConnected(): boolean {
    return this.#line.isUp
  }

  stats(): BusStats {
    return { ...this.#stats }
  }

  publish(entries: LogEntry[]): void {
    if (this.#isClosed || entries.length === 0) return
    this.#listener.onEntries(entries, true)
    if (!this.#isTaking) {
      this.#stats.dropped += entries.length
      return
    }
    for (const entry of entries) this.#outbox.add(this.#bucket(bucketOf(entry.topic)), entry)
    this.#stats.published += entries.length
    this.#flush ??= setImmediate(() => this.#send())
  }

  subscribe(listener: BusListener): void {
    this.#listener = listener
  }

  listen(topic: string): void {
    if (this.#interest.add(topic)) this.#arrivals.add(topic)
    else if (this.#line.isUp) this.#asking ??= setImmediate(() => this.#ask())
  }

  unlisten(topic: string): void {
    this.#arrivals.delete(topic)
    this.#interest.delete(topic, performance.now())
  }

  onListening(listener: (topics: readonly string[]) => void): void {
    this.#arrivals.onArrived(listener)
  }

  tell(channel: Channel, message: unknown): void {
    if (this.#isClosed) return
    const subject = this.#subject(channel)
    const json = `{"from":"${this.#node}","told":${JSON.stringify(message)}}`
    const isTold = this.#isTaking && json.length <= MAX_TOLD
    this.#stats[isTold ? 'published' : 'dropped'] += 1
    if (isTold) this.#line.send([{ subject, text: this.#seal.close(subject, json) }])
  }

  onTold(channel: Channel, listener: (message: unknown) => void): void {
    this.#told.set(this.#subject(channel), listener)
  }

  onConnected(listener: () => void): void {
    this.#connected.push(listener)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    clearImmediate(this.#flush)
    clearImmediate(this.#asking)
    this.#send()
    this.#arrivals.close()
    this.#listener = NOBODY
    this.#told.clear()
    await this.#line.close()
  }

  get #isTaking(): boolean {
    return this.#line.isUp && this.#line.untaken + this.#outbox.size <= MAX_UNTAKEN
  }

  #subject(name: string): string {
    return this.#seal.prefix + name
  }

  #bucket(bucket: number): string {
    return this.#subject(`b${bucket}`)
  }

  get #own(): string {
    return this.#subject(`node.${this.#node}`)
  }

  #subjects(): string[] {
    this.#joining = this.#interest.ask()
    const buckets = this.#joining.map((bucket) => this.#bucket(bucket))
    return [this.#own, ...CHANNELS.map((channel) => this.#subject(channel)), ...buckets]
  }

  #send(): void {
    this.#flush = undefined
    if (this.#outbox.size > 0) this.#line.send(this.#outbox.take())
  }

  #ask(): void {
    this.#asking = undefined
    const buckets = this.#interest.ask()
    if (buckets.length === 0) return
    this.#line.subscribe(
      buckets.map((bucket) => this.#bucket(bucket)),
      () => {
        for (const topic of this.#interest.confirm(buckets)) this.#arrivals.add(topic)
      },
    )
  }

  #giveUp(now: number): void {
    const buckets = this.#interest.giveUp(now)
    if (buckets.length > 0) this.#line.unsubscribe(buckets.map((bucket) => this.#bucket(bucket)))
  }

  #up(): void {
    // Who came while the line was joined was not asked for yet.
    this.#ask()
    for (const listener of this.#connected) listener()
  }

  /** Takes what the server brings, whatever it is. It may not throw: drivers do not expect that. */
  #take(subject: string, text: string): void {
    const message = this.#seal.open(subject, text)
    if (typeof message === 'string') return this.#refuse(subject, message)
    if (message.from === this.#node) return subject === this.#own ? this.#line.heardItself() : undefined
    try {
      this.#hear(subject, message)
    } catch (err) {
      this.#log.error({ err, subject }, 'a message on the bus could not be handled')
    }
  }

  #hear(subject: string, { entries = [], heads = [], told }: Message): void {
    this.#stats.received += entries.length + heads.length + (told === undefined ? 0 : 1)
    const wanted = entries.filter(({ topic }) => this.#interest.has(topic))
    if (wanted.length > 0) this.#listener.onEntries(wanted, false)
    const passed = heads.filter(([topic]) => this.#interest.has(topic))
    if (passed.length > 0) this.#listener.onHeads(new Map(passed))
    if (told !== undefined) this.#told.get(subject)?.(told)
  }

  #refuse(subject: string, reason: string): void {
    this.#stats.refused += 1
    const now = performance.now()
    if (now - this.#loggedAt < LOG_EVERY_MS) return
    this.#loggedAt = now
    this.#log.warn({ subject, reason, refused: this.#stats.refused }, 'a message on the bus was refused')
  }
}
