import type { Logger } from 'pino'
import type { Dial, Line, Parcel } from './line.ts'

const TICK_MS = 500
const BEAT_EVERY_MS = 1000
/** A server that has brought no beat for so long is frozen, or has lost what we subscribed to. */
const SILENT_AFTER_MS = 4000
/** A tick that comes so late says that this process stood still, and not the server. */
const LATE_TICK_MS = 2000
const FIRST_RETRY_MS = 100
const MAX_RETRY_MS = 2000
/** How long a server that is not in order may hold up the end. */
const LAST_WORDS_MS = 300
/** Of lost lines one is logged in this time. */
const LOG_EVERY_MS = 10_000

export interface LineKeeperOptions {
  dial: Dial
  log: Pick<Logger, 'info' | 'warn'>
  /** What this node says to itself; `heardItself` is to be called when it comes. */
  beat: Parcel
  /** What is to be subscribed to on a new line. */
  subjects(): string[]
  onText(subject: string, text: string): void
  /** The server has confirmed all `subjects`. */
  onJoined(): void
  /** From now on this node is heard and hears. */
  onUp(): void
  onLost(): void
  /** Twice a second while it is up. */
  onTick(now: number): void
}

type State = 'waiting' | 'dialing' | 'joining' | 'up' | 'closed'

/**
 * Keeps one line to a server, and makes a new one when it is lost.
 *
 *   waiting ──a while──► dialing ──line──► joining ──subscribed, and heard itself──► up
 *      ▲                    │                 │                                      │
 *      └────── failed ◄─────┴──── lost ◄──────┴──── lost, or silent for 4 s ◄────────┘
 *
 * It speaks to itself all the time: what comes back proves that the server lives and that this node hears.
 */
export class LineKeeper {
  readonly #options: LineKeeperOptions
  readonly #timer: NodeJS.Timeout
  #state: State = 'waiting'
  #line: Line | undefined
  #retryMs = FIRST_RETRY_MS
  #retry: NodeJS.Timeout | undefined
  #tickedAt = performance.now()
  #beatAt = 0
  #heardAt = 0
  #loggedAt = Number.NEGATIVE_INFINITY
  /** Characters that the server was sent and has not taken yet. */
  untaken = 0

  constructor(options: LineKeeperOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#tick(performance.now()), TICK_MS).unref()
    void this.#dial()
  }

  get isUp(): boolean {
    return this.#state === 'up'
  }

  send(parcels: readonly Parcel[]): void {
    const line = this.#line
    if (!line) return
    const size = parcels.reduce((sum, { text }) => sum + text.length, 0)
    this.untaken += size
    this.#run(line, line.send(parcels), () => {
      this.untaken -= size
    })
  }

  /** Calls `confirmed` when the server has confirmed them; not at all when the line is lost before. */
  subscribe(subjects: readonly string[], confirmed: () => void): void {
    if (this.#line) this.#run(this.#line, this.#line.subscribe(subjects), confirmed)
  }

  unsubscribe(subjects: readonly string[]): void {
    if (this.#line) this.#run(this.#line, this.#line.unsubscribe(subjects))
  }

  heardItself(): void {
    this.#heardAt = performance.now()
    if (this.#state !== 'joining') return
    this.#state = 'up'
    this.#retryMs = FIRST_RETRY_MS
    this.#loggedAt = Number.NEGATIVE_INFINITY
    this.#options.log.info('the bus is up')
    this.#options.onUp()
  }

  async close(): Promise<void> {
    this.#state = 'closed'
    clearInterval(this.#timer)
    clearTimeout(this.#retry)
    const line = this.#line
    this.#line = undefined
    if (!line) return
    // What was just told, such as a goodbye, is still to leave.
    const limit = new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS).unref())
    await Promise.race([line.send([]).catch(() => {}), limit])
    line.close()
  }

  #run(line: Line, work: Promise<void>, done?: () => void): void {
    work.then(
      () => {
        if (line === this.#line) done?.()
      },
      (error) => this.#lost(line, reasonOf(error)),
    )
  }

  async #dial(): Promise<void> {
    this.#state = 'dialing'
    let line: Line | undefined
    let lostAlready: string | undefined
    try {
      line = await this.#options.dial({
        onText: (subject, text) => this.#options.onText(subject, text),
        onLost: (reason) => {
          if (line) this.#lost(line, reason)
          else lostAlready = reason
        },
      })
      if (lostAlready !== undefined) throw new Error(lostAlready)
    } catch (error) {
      line?.close()
      return this.#wait(reasonOf(error))
    }
    // It may have been closed while this waited; TypeScript holds the state for what was set above.
    if ((this.#state as State) === 'closed') return line.close()
    this.#line = line
    this.#join(line)
  }

  /** Nothing is published before this node hears: what others answer would be lost. */
  #join(line: Line): void {
    this.#state = 'joining'
    this.untaken = 0
    this.#heardAt = performance.now()
    this.#run(line, line.subscribe(this.#options.subjects()), () => {
      this.#options.onJoined()
      this.#beat(line)
    })
  }

  #beat(line: Line): void {
    this.#beatAt = performance.now()
    this.#run(line, line.send([this.#options.beat]))
  }

  #lost(line: Line, reason: string): void {
    if (line !== this.#line) return
    this.#line = undefined
    line.close()
    this.#options.onLost()
    this.#wait(reason)
  }

  #wait(reason: string): void {
    if (this.#state === 'closed') return
    this.#state = 'waiting'
    const now = performance.now()
    if (now - this.#loggedAt >= LOG_EVERY_MS) {
      this.#loggedAt = now
      this.#options.log.warn({ reason }, 'the bus is down: other nodes are followed by reading the log')
    }
    // Spread, so that nodes do not come back to a server all at once.
    this.#retry = setTimeout(() => void this.#dial(), this.#retryMs * (0.5 + Math.random() / 2)).unref()
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS)
  }

  #tick(now: number): void {
    // While nobody could hear, silence proves nothing.
    if (now - this.#tickedAt > LATE_TICK_MS) this.#heardAt = now
    this.#tickedAt = now
    const line = this.#line
    if (!line) return
    if (now - this.#heardAt > SILENT_AFTER_MS) return this.#lost(line, 'it does not answer')
    if (this.#state !== 'up') return
    if (now - this.#beatAt >= BEAT_EVERY_MS) this.#beat(line)
    this.#options.onTick(now)
  }
}

/** The message alone: what a driver hangs on its errors may hold a password. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
