import type { Counts, Cursor, EntriesFrame, Entry, SyncFrame } from '@belfry/protocol'
import { ClientFailure } from './client-failure.ts'
import type { Clock } from './environment.ts'
import { applyCounts, applyLive, applySync } from './inbox.ts'
import type { Model } from './model.ts'

/** Source: ui.md C4. */
const ACK_EVERY_MS = 1_000
const HEAD_CHECK_MS = 25_000
/** After a refused question. */
const ASK_AGAIN_MS = 1_000
/** More live frames than this while a page is under way are read from the log after it. */
const MAX_HELD = 1_000

export interface FollowerOptions {
  model: Model
  clock: Clock
  /** @throws ClientFailure */
  ask(event: string, payload: unknown): Promise<unknown>
  /** Caught up: sent each time a sync has ended. */
  onLive(): void
  /** The line does not answer. */
  onDead(message: string): void
  /** What the server is about to tell is for the user of this cursor. */
  onCursor(cursor: Cursor): void
  /** Server time minus ours, in milliseconds. */
  onClockOffset(offsetMs: number): void
}

type Held = { event: 'entries'; payload: EntriesFrame } | { event: 'counts'; payload: Counts }

/**
 * Follows the log with a cursor.
 *
 *   detached ──attach──► syncing ──last page or snapshot──► live
 *      ▲                  ▲   │ more: ask again               │
 *      │                  └───┘                               │
 *      │                  ▲            gap, behind            │
 *      │                  └───────────────────────────────────┤
 *      └──────────── detach, from everywhere ─────────────────┘
 *
 * While syncing, live frames wait: a page may be older than they are, and would put an old state over a new one.
 */
export class Follower {
  readonly #options: FollowerOptions
  #state: 'detached' | 'syncing' | 'live' = 'detached'
  /** Grows with each attach and detach; answers of an older line are not heard. */
  #turn = 0
  #held: Held[] = []
  /** Own changes answered before the sync that is under way was asked. */
  #answered: ReadonlySet<number> = new Set()
  #lastAckAt = 0
  #ackAt: number | undefined
  #cancelAck = (): void => undefined
  #cancelAgain = (): void => undefined

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  /** A line is open; its first `sync` frame comes by itself, in answer to the handshake's cursor. */
  attach(): void {
    this.detach()
    this.#begin()
  }

  detach(): void {
    this.#turn += 1
    this.#state = 'detached'
    this.#held = []
    this.#cancelAck()
    this.#cancelAgain()
    this.#ackAt = undefined
  }

  receive(event: string, payload: unknown): void {
    // The server's frames are typed by the protocol; events of other names are for others.
    if (event === 'sync') this.#take(payload as SyncFrame)
    else if (event === 'entries') this.#hear({ event, payload: payload as EntriesFrame })
    else if (event === 'counts') this.#hear({ event, payload: payload as Counts })
  }

  /** Asks soon whether something is missing; tells the server how far we are. */
  check(): void {
    this.#ackWithin(0)
  }

  /** Throws away what is loaded and takes a snapshot. */
  refresh(): void {
    if (this.#state === 'live') this.#sync(true)
  }

  #begin(): void {
    this.#state = 'syncing'
    this.#answered = this.#options.model.answeredIds
  }

  #hear(held: Held): void {
    if (this.#state === 'syncing' && this.#held.length < MAX_HELD) this.#held.push(held)
    if (this.#state !== 'live') return
    const rest = this.#apply(held)
    if (rest.length === 0) return
    this.#sync()
    this.#held.push({ event: 'entries', payload: { entries: rest } })
  }

  /** Answers what does not follow. */
  #apply(frame: Held): Entry[] {
    const { model } = this.#options
    if (frame.event === 'counts') {
      model.update(applyCounts(model.inbox, frame.payload))
      return []
    }
    const { entries, counts } = frame.payload
    const applied = applyLive(model.inbox, entries)
    model.apply(counts ? { ...applied, inbox: applyCounts(applied.inbox, counts) } : applied)
    if (applied.entries.length > 0) this.#ackWithin(ACK_EVERY_MS)
    return [...applied.rest]
  }

  #sync(fromNothing = false): void {
    const { ask, model, onDead, clock } = this.#options
    const { cursor } = model.inbox
    const turn = this.#turn
    this.#begin()
    ask('sync', cursor && !fromNothing ? { cursor } : {}).then(
      (frame) => {
        if (turn === this.#turn) this.#take(frame as SyncFrame)
      },
      (error: unknown) => {
        if (turn !== this.#turn || !(error instanceof ClientFailure)) return
        // A cursor that the server does not take is replaced by a snapshot.
        const again = () => this.#sync(fromNothing || !error.isRetried)
        if (error.code === 'timeout') onDead('no answer to sync')
        else this.#cancelAgain = clock.schedule(again, Math.max(ASK_AGAIN_MS, error.retryAfterMs ?? 0))
      },
    )
  }

  #take(frame: SyncFrame): void {
    if (this.#state !== 'syncing') return
    const { model, clock, onCursor, onClockOffset, onLive } = this.#options
    onCursor(frame.cursor)
    if (frame.complete && model.inbox.cursor?.epoch !== frame.cursor.epoch) {
      this.#sync(true)
      return
    }
    onClockOffset(Date.parse(frame.now) - clock.now())
    const answered = this.#answered
    model.apply(applySync(model.inbox, frame))
    if (frame.complete && frame.more) {
      this.#sync()
      return
    }
    model.nothingMissing(answered)
    this.#state = 'live'
    this.#release()
    this.#ackWithin(ACK_EVERY_MS)
    onLive()
  }

  /** Frames that waited: mostly old by now. What still leaves a gap is asked for by the next head check. */
  #release(): void {
    for (const held of this.#held.splice(0)) if (this.#apply(held).length > 0) this.check()
  }

  #ackWithin(ms: number): void {
    const { clock } = this.#options
    const now = clock.now()
    const at = Math.max(now + ms, this.#lastAckAt + ACK_EVERY_MS)
    if (this.#state !== 'live' || (this.#ackAt !== undefined && this.#ackAt <= at)) return
    this.#cancelAck()
    this.#ackAt = at
    this.#cancelAck = clock.schedule(() => this.#ack(), at - now)
  }

  #ack(): void {
    this.#ackAt = undefined
    const { ask, model, clock, onDead } = this.#options
    const { cursor } = model.inbox
    if (this.#state !== 'live' || !cursor) return
    const turn = this.#turn
    const answered = model.answeredIds
    this.#lastAckAt = clock.now()
    this.#ackWithin(HEAD_CHECK_MS)
    ask('ack', { cursor }).then(
      (data) => {
        if (turn !== this.#turn || this.#state !== 'live') return
        if ((data as { behind: boolean }).behind) this.#sync()
        else model.nothingMissing(answered)
      },
      (error: unknown) => {
        const isTimeout = error instanceof ClientFailure && error.code === 'timeout'
        if (turn === this.#turn && isTimeout) onDead('no answer to ack')
      },
    )
  }
}
