import { Failure, type Presence } from '@belfry/protocol'
import type { LiveConnection } from '../core/context.ts'
import type { LogEntry } from '../store/store.ts'
import type { SightAsked } from './queries.ts'
import { hiddenPresence, type Sightings } from './sightings.ts'

/** Source: chat-presence.md §11. */
const MAX_WATCHED = 200
/** A little under the promised second, for the timer that looks and the way to the socket. */
const FLUSH_EVERY_MS = 800

/** One socket and whom it watches. */
interface Watching {
  readonly viewer: string
  readonly connection: LiveConnection
  isStaff: boolean
  /** Whether the viewer may see them; undefined until that was asked. */
  readonly watched: Map<string, boolean | undefined>
  /** Of whom it is to be told, and what; undefined: as it is by then. */
  readonly changed: Map<string, Presence | undefined>
  /** Rights have changed: nothing is told before they were asked again. */
  isStale: boolean
}

interface PresenceFrame {
  changes: Presence[]
}

export interface WatchersOptions {
  sightings: Pick<Sightings, 'known' | 'of'>
  /** Raises a user's version above all that was told of the user. */
  raise(user: string): number
  mayBeSeen(asked: SightAsked[]): Promise<string[][]>
  onError(error: unknown): void
}

/** Who is told when somebody comes or goes: natives, by name, gathered for a second. */
export class Watchers {
  readonly #options: WatchersOptions
  readonly #byConnection = new Map<string, Watching>()
  readonly #byWatched = new Map<string, Set<Watching>>()
  readonly #byViewer = new Map<string, Set<Watching>>()
  readonly #due = new Set<Watching>()
  readonly #stale = new Set<Watching>()
  #flushedAt = Number.NEGATIVE_INFINITY
  #isAsking = false

  constructor(options: WatchersOptions) {
    this.#options = options
  }

  /** @throws Failure `validation_failed` beyond 200 people */
  async watch(
    { viewer, isStaff, connection }: Pick<Watching, 'viewer' | 'isStaff' | 'connection'>,
    users: readonly string[],
  ): Promise<Presence[]> {
    const watching = this.#watchingOf(viewer, isStaff, connection)
    const fresh = new Set(users.filter((user) => !watching.watched.has(user)))
    if (watching.watched.size + fresh.size > MAX_WATCHED)
      throw new Failure('validation_failed', {
        field: 'userIds',
        message: `userIds: At most ${MAX_WATCHED} people can be watched.`,
      })
    for (const user of fresh) {
      watching.watched.set(user, undefined)
      add(this.#byWatched, user, watching)
    }
    await this.#ask([watching])
    return this.#options.sightings.of(users, (user) => watching.watched.get(user) === true)
  }

  unwatch(connectionId: string, users: readonly string[]): void {
    const watching = this.#byConnection.get(connectionId)
    if (watching) for (const user of users) this.#forget(watching, user)
  }

  /** What is shown of a user has changed. */
  onChanged(user: string): void {
    for (const watching of this.#byWatched.get(user) ?? []) {
      if (watching.watched.get(user) === true) this.#change(watching, user, undefined)
    }
  }

  onEntry({ kind, topic, data }: LogEntry): void {
    const subject = topic.slice(topic.indexOf(':') + 1)
    if (
      kind === 'chat.joined' ||
      kind === 'chat.left' ||
      kind === 'user.blocked' ||
      kind === 'user.unblocked'
    ) {
      this.#outdate(subject)
    } else if (kind === 'account.changed') {
      for (const watching of this.#byViewer.get(subject) ?? []) watching.isStaff = isStaff(data.roles)
      this.#outdate(subject)
    }
  }

  tick(now: number): void {
    if (this.#stale.size > 0 && !this.#isAsking) void this.#refresh()
    if (this.#due.size === 0 || now - this.#flushedAt < FLUSH_EVERY_MS) return
    this.#flushedAt = now
    const known = new Map<string, PresenceFrame | undefined>()
    for (const watching of this.#due) {
      // Whoever is too slow to be told is told of all of it later.
      if (!watching.isStale && this.#tell(watching, known)) this.#due.delete(watching)
    }
  }

  /** Most are told of one user at a time: one frame for all of them. Returns whether it was told. */
  #tell({ changed, connection }: Watching, known: Map<string, PresenceFrame | undefined>): boolean {
    const frames: PresenceFrame[] = []
    for (const [user, given] of changed) {
      if (!given && !known.has(user)) known.set(user, this.#frameOf(user))
      const frame = given ? { changes: [given] } : known.get(user)
      if (frame) frames.push(frame)
    }
    const [only] = frames
    const frame = frames.length === 1 ? only : { changes: frames.flatMap(({ changes }) => changes) }
    if (frame && frames.length > 0 && !connection.tell('presence', frame)) return false
    changed.clear()
    return true
  }

  #frameOf(user: string): PresenceFrame | undefined {
    const presence = this.#options.sightings.known(user)
    return presence && { changes: [presence] }
  }

  #outdate(user: string): void {
    const affected = [...(this.#byWatched.get(user) ?? []), ...(this.#byViewer.get(user) ?? [])]
    for (const watching of affected) {
      watching.isStale = true
      this.#stale.add(watching)
    }
  }

  async #refresh(): Promise<void> {
    this.#isAsking = true
    const asked = [...this.#stale]
    this.#stale.clear()
    try {
      await this.#ask(asked)
      // Unless rights have changed once more meanwhile.
      for (const watching of asked) watching.isStale = this.#stale.has(watching)
    } catch (error) {
      for (const watching of asked) this.#stale.add(watching)
      this.#options.onError(error)
    } finally {
      this.#isAsking = false
    }
  }

  /** Asks whom the viewers may see, and tells them of those for whom that has changed. */
  async #ask(all: readonly Watching[]): Promise<void> {
    const asked = all.map(({ viewer, isStaff, watched }) => ({ viewer, isStaff, users: [...watched.keys()] }))
    const answers = await this.#options.mayBeSeen(asked)
    for (const [index, watching] of all.entries()) {
      const visible = new Set(answers[index])
      const [shown, hidden]: [string[], string[]] = [[], []]
      for (const user of asked[index]?.users ?? []) {
        const before = watching.watched.get(user)
        if (!watching.watched.has(user) || before === visible.has(user)) continue
        watching.watched.set(user, visible.has(user))
        if (before !== undefined) (visible.has(user) ? shown : hidden).push(user)
      }
      await this.#tellRights(watching, shown, hidden)
    }
  }

  async #tellRights(watching: Watching, shown: string[], hidden: string[]): Promise<void> {
    // Above what was told before, or it would be taken for old.
    const gone = hidden.map((user) => hiddenPresence(user, this.#options.raise(user)))
    for (const user of shown) this.#options.raise(user)
    const back = await this.#options.sightings.of(shown, () => true)
    for (const presence of [...gone, ...back]) this.#change(watching, presence.userId, presence)
  }

  #change(watching: Watching, user: string, presence: Presence | undefined): void {
    // It may have been closed, or watch somebody else, while rights were asked.
    if (!watching.watched.has(user)) return
    watching.changed.set(user, presence)
    this.#due.add(watching)
  }

  #watchingOf(viewer: string, isStaff: boolean, connection: LiveConnection): Watching {
    const known = this.#byConnection.get(connection.id)
    if (known) return known
    const watching: Watching = {
      ...{ viewer, isStaff, connection, isStale: false },
      ...{ watched: new Map(), changed: new Map() },
    }
    this.#byConnection.set(connection.id, watching)
    add(this.#byViewer, viewer, watching)
    connection.onClosed(() => this.#close(watching))
    return watching
  }

  #forget(watching: Watching, user: string): void {
    watching.watched.delete(user)
    watching.changed.delete(user)
    remove(this.#byWatched, user, watching)
  }

  #close(watching: Watching): void {
    for (const user of [...watching.watched.keys()]) this.#forget(watching, user)
    remove(this.#byViewer, watching.viewer, watching)
    this.#byConnection.delete(watching.connection.id)
    this.#due.delete(watching)
    this.#stale.delete(watching)
  }
}

/** Roles that may see everyone. */
export const isStaff = (roles: readonly string[]): boolean =>
  roles.includes('staff') || roles.includes('admin')

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const values = map.get(key)
  if (values) values.add(value)
  else map.set(key, new Set([value]))
}

function remove<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const values = map.get(key)
  values?.delete(value)
  if (values?.size === 0) map.delete(key)
}
