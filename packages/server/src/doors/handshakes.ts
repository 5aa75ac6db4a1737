import { Failure } from '@belfry/protocol'
import type { Socket } from 'socket.io'
import type { Config } from '../config.ts'
import type { Clock } from '../core/context.ts'
import { RateLimiter } from '../core/rate.ts'
import type { SharedLimits } from '../core/shared-limits.ts'

export interface HandshakeOptions {
  config: Config
  clock: Clock
  shared: SharedLimits
  /** How many sockets the user has on other nodes. */
  elsewhere(user: string): number
}

/** How many sockets there may be, and how fast they may come. */
export class HandshakeLimits {
  readonly #config: Config
  readonly #node: RateLimiter
  readonly #address: RateLimiter
  readonly #elsewhere: (user: string) => number
  readonly #perUser = new Map<string, number>()
  readonly #perAddress = new Map<string, number>()
  #total = 0

  constructor({ config, clock, shared, elsewhere }: HandshakeOptions) {
    this.#config = config
    this.#elsewhere = elsewhere
    this.#node = new RateLimiter(config.nodeHandshakeRate, clock, 1)
    this.#address = shared.rate('handshakes', config.handshakeRate)
  }

  /** Before anything is spent on a handshake: 0, or how long to wait in milliseconds. */
  knock(address: string): number {
    if (!this.#config.rateLimit) return 0
    return this.#address.take(address) || this.#node.take('node')
  }

  /** Counts the socket until it disconnects. @throws Failure `rate_limited` or `unavailable` */
  enter(socket: Socket, user: string | undefined): void {
    const { address } = socket.handshake
    const { rateLimit, maxSockets, maxAddressSockets, maxUserSockets } = this.#config
    if (rateLimit) {
      if (this.#total >= maxSockets) throw new Failure('unavailable', { retryAfterMs: 5000 })
      const isFull = (counts: Map<string, number>, key: string, max: number) => (counts.get(key) ?? 0) >= max
      if (
        isFull(this.#perAddress, address, maxAddressSockets) ||
        (user && isFull(this.#perUser, user, maxUserSockets - this.#elsewhere(user)))
      ) {
        throw new Failure('rate_limited', { message: 'Too many open sockets.', retryAfterMs: 5000 })
      }
    }
    this.#count(address, user, 1)
    socket.conn.once('close', () => this.#count(address, user, -1))
  }

  #count(address: string, user: string | undefined, by: 1 | -1): void {
    this.#total += by
    add(this.#perAddress, address, by)
    if (user !== undefined) add(this.#perUser, user, by)
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const next = (counts.get(key) ?? 0) + by
  if (next > 0) counts.set(key, next)
  else counts.delete(key)
}
