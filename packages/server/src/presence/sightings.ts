import type { Presence } from '@belfry/protocol'
import type { Durable, Sight } from './peer.ts'
import type { Peers } from './peers.ts'
import type { SteadyTime } from './steady-time.ts'

const MINUTE_MS = 60_000

/** What somebody who may not see a user sees: the same as of a user that does not exist. */
export function hiddenPresence(userId: string, version = 0): Presence {
  return { userId, status: 'offline', isOnline: false, lastActive: null, version }
}

export interface SightingsOptions {
  peers: Peers
  time: SteadyTime
  readDurable(users: string[]): Promise<Durable[]>
}

/** Users as others are told of them. */
export class Sightings {
  readonly #options: SightingsOptions

  constructor(options: SightingsOptions) {
    this.#options = options
  }

  /** Undefined when the store has to be asked. */
  isOnline(user: string): boolean | undefined {
    const { peers, time } = this.#options
    const status = peers.sight(user, time.now())?.status
    return status && status !== 'offline'
  }

  /** Of one who is known here; undefined when the store has to be asked. */
  known(user: string): Presence | undefined {
    const { peers, time } = this.#options
    const sight = peers.sight(user, time.now())
    if (!sight) return undefined
    const { lastActive } = sight
    return toPresence(user, { ...sight, lastActive: lastActive === null ? null : time.toWall(lastActive) })
  }

  /** In the order asked; whoever is not `visible` looks like nobody. */
  async of(users: readonly string[], isVisible: (user: string) => boolean): Promise<Presence[]> {
    const { peers, readDurable } = this.#options
    const absent = users.filter((user) => isVisible(user) && !this.known(user))
    const rows = absent.length > 0 ? await readDurable(absent) : []
    const lastActive = new Map(absent.map((user, index) => [user, rows[index]?.lastActive ?? null]))
    return users.map((user) => {
      if (!isVisible(user)) return hiddenPresence(user)
      // Somebody may have come while the store was asked.
      return this.known(user) ?? toPresence(user, peers.absent(lastActive.get(user) ?? null))
    })
  }
}

/** With the time of the last activity as the clock on the wall had it, to the minute. */
function toPresence(userId: string, { status, text, lastActive, version }: Sight): Presence {
  return {
    ...{ userId, status, isOnline: status !== 'offline', version },
    lastActive: lastActive === null ? null : new Date(lastActive - (lastActive % MINUTE_MS)).toISOString(),
    ...(text === null ? {} : { text }),
  }
}
