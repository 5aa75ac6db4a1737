import { createHash } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import type { Clock } from '../core/context.ts'
import type { Count, SharedLimits } from '../core/shared-limits.ts'
import { Turns } from '../core/turns.ts'
import { BoundedMap } from './bounded-map.ts'
import { networkOf } from './network.ts'

/** Source: security.md §10. */
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const FAILURES_PER_ACCOUNT = [
  { max: 10, windowMs: MINUTE_MS },
  { max: 100, windowMs: HOUR_MS },
]
const LOGINS_PER_ADDRESS = [{ max: 100, windowMs: MINUTE_MS }]
const REGISTRATIONS_PER_ADDRESS = [{ max: 30, windowMs: MINUTE_MS }]
/** At most 100 times of 8 bytes each: 16 MB when every one of them is under attack. */
const MAX_REMEMBERED = 20_000
/** Sign-ins that may wait for one another; each address may only begin 100 a minute. */
const MAX_WAITING = 1000

interface Limit {
  readonly max: number
  readonly windowMs: number
}

export interface LimiterOptions {
  clock: Clock
  /** Where other nodes are told, and tell. Without it, this node is alone. */
  shared?: SharedLimits | undefined
}

/** What is told of an account: not its address. */
const nameOf = (account: string) => createHash('sha256').update(account).digest('base64url')

/** Remembers when something happened to each of many keys, no longer than the longest window. */
class Occurrences {
  readonly #times = new BoundedMap<string, number[]>(MAX_REMEMBERED)
  readonly #limits: readonly Limit[]
  readonly #longestMs: number
  readonly #most: number
  readonly #tell: Count | undefined

  /** With a `name`, what other nodes count under it counts here, too. */
  constructor(limits: readonly Limit[], name: string, { clock, shared }: LimiterOptions) {
    this.#limits = limits
    this.#tell = shared?.join(name, (key, times) => {
      for (let time = 0; time < Math.min(times, this.#most); time++) this.#note(key, clock())
    })
    this.#longestMs = Math.max(...limits.map(({ windowMs }) => windowMs))
    this.#most = Math.max(...limits.map(({ max }) => max))
  }

  /** @throws Failure `rate_limited` with the time until one more is allowed */
  assertBelow(key: string, now: number): void {
    const times = this.#times.get(key) ?? []
    let retryAfterMs = 0
    for (const { max, windowMs } of this.#limits) {
      // The one that has to leave the window before another may enter.
      const blocking = times.at(-max)
      if (blocking !== undefined) retryAfterMs = Math.max(retryAfterMs, blocking + windowMs - now)
    }
    if (retryAfterMs > 0) throw new Failure('rate_limited', { retryAfterMs })
  }

  /** Counts here and on the other nodes. */
  add(key: string, now: number): void {
    this.#note(key, now)
    this.#tell?.(key, 1)
  }

  #note(key: string, now: number): void {
    const recent = (this.#times.get(key) ?? []).filter((time) => time > now - this.#longestMs)
    this.#times.set(key, [...recent.slice(1 - this.#most), now])
  }

  get size(): number {
    return this.#times.size
  }
}

/**
 * Limits on sign-in: failures per account, attempts per address. Attempts at one account take turns, so that many at
 * once cannot try more passwords than the limit lets through.
 */
export class LoginLimiter {
  readonly #clock: Clock
  readonly #failures: Occurrences
  readonly #attempts: Occurrences
  readonly #turns = new Turns()
  #waiting = 0

  constructor(options: LimiterOptions) {
    this.#clock = options.clock
    this.#failures = new Occurrences(FAILURES_PER_ACCOUNT, 'sign-ins refused', options)
    this.#attempts = new Occurrences(LOGINS_PER_ADDRESS, 'sign-ins', options)
  }

  /**
   * Runs `attempt`, which resolves to undefined when the password was wrong.
   * @throws Failure `rate_limited` instead of running it
   */
  async run<T>(
    account: string,
    address: string,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const network = networkOf(address)
    const name = nameOf(account)
    this.#attempts.assertBelow(network, this.#clock())
    this.#attempts.add(network, this.#clock())
    return this.#inTurn(name, async () => {
      this.#failures.assertBelow(name, this.#clock())
      const result = await attempt()
      if (result === undefined) this.#failures.add(name, this.#clock())
      return result
    })
  }

  async #inTurn<T>(account: string, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new Failure('unavailable', { retryAfterMs: 1000 })
    this.#waiting += 1
    try {
      return await this.#turns.run(account, work)
    } finally {
      this.#waiting -= 1
    }
  }

  /** Accounts and addresses remembered now. */
  get size(): number {
    return this.#failures.size + this.#attempts.size
  }
}

/** Registrations per address. */
export class RegisterLimiter {
  readonly #clock: Clock
  readonly #attempts: Occurrences

  constructor(options: LimiterOptions) {
    this.#clock = options.clock
    this.#attempts = new Occurrences(REGISTRATIONS_PER_ADDRESS, 'registrations', options)
  }

  /** @throws Failure `rate_limited` */
  count(address: string): void {
    const network = networkOf(address)
    this.#attempts.assertBelow(network, this.#clock())
    this.#attempts.add(network, this.#clock())
  }
}
