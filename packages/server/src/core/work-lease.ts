import { randomUUID } from 'node:crypto'
import type { Store } from '../store/store.ts'
import type { Clock } from './context.ts'
import type { Fence, LeaseState, Seen } from './lease.ts'

const SYSTEM = { kind: 'system' } as const
/** How often its holder says that it lives, and how often the others look. */
const RENEW_EVERY_MS = 3000
const LOOK_EVERY_MS = 2000
/**
 * Unchanged for so long, its holder has ended: it has missed two renewals. With a look before and one after it, the work
 * goes on within 15 s of a kill (reliability.md §8).
 */
const DEAD_AFTER_MS = 9000

export interface WorkLeaseOptions {
  store: Pick<Store, 'read' | 'transact' | 'isShared'>
  name: string
  /** Steady: what the clock on the wall does, or another node's, is nothing to it. */
  clock?: Clock
  onError(error: unknown): void
}

/**
 * Whether this node is the one that does the regular work.
 *
 *   waiting ──free, or unchanged for 9 s──► holding ──lost, refused, not renewed for 9 s──► waiting
 *                                              └──release──► over
 *
 * Nobody compares clocks: the holder changes the row, the others see that it changes. Whether it really still holds the
 * lease, each transaction asks for itself (`fenced`).
 */
export class WorkLease {
  readonly #options: WorkLeaseOptions
  readonly #clock: Clock
  readonly #holder = randomUUID()
  #fence: Fence | undefined
  #renewedAt = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  #seen: (Seen & { since: number }) | undefined
  #isBusy = false
  #isOver = false

  constructor(options: WorkLeaseOptions) {
    this.#options = options
    this.#clock = options.clock ?? (() => performance.now())
  }

  /** What work is to be done with; undefined while it is another node's. */
  get fence(): Fence | undefined {
    return this.#fence
  }

  /** Call every second or so. Rejects never. */
  async tick(): Promise<void> {
    if (this.#isBusy || this.#isOver) return
    this.#isBusy = true
    await (this.#fence ? this.#hold(this.#fence) : this.#wait()).catch(this.#options.onError)
    this.#isBusy = false
  }

  /** Does the work if it is this node's, and does not if it is not. @throws what the work throws */
  async run(work: (fence: Fence) => Promise<unknown>): Promise<void> {
    const fence = this.#fence
    if (!fence) return
    try {
      await work(fence)
    } catch (error) {
      // It may have been refused because somebody else does it.
      await this.#renew(fence).catch(this.#options.onError)
      if (this.#fence) throw error
    }
  }

  /** The work is for somebody else from now on. */
  async release(): Promise<void> {
    this.#isOver = true
    const fence = this.#fence
    this.#fence = undefined
    if (fence) await this.#options.store.transact('releaseLease', SYSTEM, fence).catch(this.#options.onError)
  }

  async #hold(fence: Fence): Promise<void> {
    // Nobody else can take it: nothing has to be written.
    if (!this.#options.store.isShared) return
    const silentMs = this.#clock() - this.#renewedAt
    // This process stood still, or the store was away: by now it may be another's.
    if (silentMs >= DEAD_AFTER_MS) this.#fence = undefined
    else if (silentMs >= RENEW_EVERY_MS) await this.#renew(fence)
  }

  async #renew(fence: Fence): Promise<void> {
    const at = this.#clock()
    // The handler's reply; the border between threads cannot carry the type.
    const { isHeld } = (await this.#options.store.transact('renewLease', SYSTEM, fence)) as {
      isHeld: boolean
    }
    if (isHeld) this.#renewedAt = at
    else if (this.#fence === fence) this.#fence = undefined
  }

  async #wait(): Promise<void> {
    const { store, name } = this.#options
    const now = this.#clock()
    if (now - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = now
    // The query's answer; the border between threads cannot carry the type.
    const state = (await store.read('leaseOf', { name })) as LeaseState | undefined
    if (state && !this.#hasEnded(state, now)) return
    const seen = state && { fence: state.fence, beats: state.beats }
    const claim = { name, holder: this.#holder, ...(seen ? { seen } : {}) }
    const { fence } = (await store.transact('claimLease', SYSTEM, claim)) as { fence?: number }
    if (fence === undefined) return
    this.#renewedAt = now
    if (this.#isOver) await store.transact('releaseLease', SYSTEM, { name, fence })
    else this.#fence = { name, fence }
  }

  /** Whether whoever held it holds it no more. */
  #hasEnded({ isFree, fence, beats }: LeaseState, now: number): boolean {
    // Whoever held it before had the same folder, and its lock.
    if (isFree || !this.#options.store.isShared) return true
    if (this.#seen?.fence !== fence || this.#seen.beats !== beats) this.#seen = { fence, beats, since: now }
    return now - this.#seen.since >= DEAD_AFTER_MS
  }
}
