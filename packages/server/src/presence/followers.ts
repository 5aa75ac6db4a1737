import type { Presence } from '@belfry/protocol'
import type { LiveConnection } from '../core/context.ts'
import type { ContactCache } from './contact-cache.ts'
import { hiddenPresence, type Sightings } from './sightings.ts'

const EVENT = 'user-status-changed'

export interface FollowersOptions {
  contacts: ContactCache
  sightings: Sightings
  onError(error: unknown): void
}

/** Seeds' clients that want to know of everyone they share a chat with, at once and one by one. */
export class Followers {
  readonly #options: FollowersOptions
  readonly #followers = new Map<string, Set<LiveConnection>>()
  /** Users whose sharers were told that they are there. */
  readonly #toldOnline = new Set<string>()

  constructor(options: FollowersOptions) {
    this.#options = options
  }

  follow(user: string, connection: LiveConnection): void {
    const connections = this.#followers.get(user) ?? new Set()
    if (connections.has(connection)) return
    this.#followers.set(user, connections.add(connection))
    connection.onClosed(() => {
      connections.delete(connection)
      if (connections.size === 0 && this.#followers.get(user) === connections) this.#followers.delete(user)
    })
  }

  /** What is shown of a user has changed. */
  onChanged(user: string): void {
    void this.#tell(user).catch(this.#options.onError)
  }

  /** From now on the two know nothing of each other; each sees the other go. */
  onBlocked(a: string, b: string): void {
    for (const [viewer, user] of [
      [a, b],
      [b, a],
    ] as const) {
      if (this.#toldOnline.has(user) && this.#options.contacts.isSharer(user, viewer))
        this.#send(viewer, statusOf(hiddenPresence(user)))
    }
  }

  async #tell(user: string): Promise<void> {
    const isChange = () => this.#options.sightings.isOnline(user) !== this.#toldOnline.has(user)
    if (!isChange()) return
    const sharers =
      this.#followers.size > 0 ? await this.#options.contacts.sharersOf(user) : new Set<string>()
    const presence = this.#options.sightings.known(user)
    // While the sharers were read, it may have changed back.
    if (!presence || !isChange()) return
    if (presence.isOnline) this.#toldOnline.add(user)
    else this.#toldOnline.delete(user)
    const status = statusOf(presence)
    for (const sharer of sharers) this.#send(sharer, status)
  }

  #send(viewer: string, status: object): void {
    for (const connection of this.#followers.get(viewer) ?? []) connection.tell(EVENT, status)
  }
}

const statusOf = ({ userId, isOnline, lastActive }: Presence) => ({ userId, isOnline, lastActive })
