import { z } from 'zod'
import type { Bus } from '../bus/bus.ts'
import type { Clock } from './context.ts'
import { type Rate, RateLimiter } from './rate.ts'

/** How often it is told who takes much. */
const TELL_EVERY_MS = 500
const MAX_COUNTS = 1000

const counts = z.strictObject({
  counts: z
    .array(z.tuple([z.string().max(40), z.string().max(300), z.int().min(1).max(100_000)]))
    .max(MAX_COUNTS),
})
type Counts = z.output<typeof counts>['counts']

/** Something happened so many times to a key; on another node too. */
export type Count = (key: string, times: number) => void

/**
 * Limits that hold over all nodes, as far as these hear each other. Each node counts for itself and is told what the
 * others have counted: what is rare and dangerous at once, what is frequent twice a second and only of those who take a
 * good part of what they may. While the bus is down, each node's own count holds.
 */
export class SharedLimits {
  readonly #bus: Pick<Bus, 'tell'>
  readonly #clock: Clock
  readonly #takers = new Map<string, Count>()
  readonly #rates = new Map<string, RateLimiter>()
  readonly #timer: NodeJS.Timeout
  #waiting: Counts = []

  constructor(bus: Pick<Bus, 'tell' | 'onTold'>, clock: Clock) {
    this.#bus = bus
    this.#clock = clock
    bus.onTold('limits', (message) => this.#take(message))
    this.#timer = setInterval(() => this.#tellBusy(), TELL_EVERY_MS).unref()
  }

  /** Takes what other nodes count under this name; what is returned tells them what is counted here. */
  join(name: string, take: Count): Count {
    this.#takers.set(name, take)
    return (key, times) => this.#tell([[name, key, times]])
  }

  /** A rate over all nodes. */
  rate(name: string, rate: Rate, maxKeys?: number): RateLimiter {
    const limiter = new RateLimiter(rate, this.#clock, maxKeys)
    this.#takers.set(name, (key, times) => limiter.charge(key, times))
    this.#rates.set(name, limiter)
    return limiter
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #take(message: unknown): void {
    const { success, data } = counts.safeParse(message)
    if (!success) return
    for (const [name, key, times] of data.counts) this.#takers.get(name)?.(key, times)
  }

  #tellBusy(): void {
    for (const [name, limiter] of this.#rates) {
      for (const [key, times] of limiter.takeBusy(TELL_EVERY_MS)) this.#tell([[name, key, times]])
    }
  }

  /** Those of one tick together; beyond what one message holds, nothing: these limits are not the only ones. */
  #tell(some: Counts): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush())
    if (this.#waiting.length + some.length <= MAX_COUNTS) this.#waiting.push(...some)
  }

  #flush(): void {
    const told = this.#waiting
    this.#waiting = []
    if (told.length > 0) this.#bus.tell('limits', { counts: told })
  }
}
