import type { Counts } from '@belfry/protocol'
import type { LogEntry } from '../store/store.ts'
import { CountCache } from './count-cache.ts'
import type { Hearing } from './heads.ts'
import { type Heard, type Listener, type LiveFrame, Outgoing } from './hearing.ts'
import { topics } from './topics.ts'

/** One user with at least one open socket on this node. */
export interface Hearer {
  readonly user: string
  /** Topics, and since which offset this user hears them. */
  readonly topics: Map<string, number>
  readonly listeners: Set<Listener>
  /** What this tick brings, until the flush. */
  heard: Heard[]
  /** What is to be told beside it. */
  live: LiveFrame[]
  /** Whether this tick brought anything that other users hear too: then its packet can be shared. */
  isShared: boolean
  /** Whether this tick brought anything that the numbers of notifications depend on. */
  isCounted: boolean
}

/** Hearers told per turn of the event loop: about 2 ms of work. */
const SLICE = 200

export interface HubOptions {
  /** Reads entries of a topic after an offset from the log. */
  entriesAfter(topic: string, after: number): Promise<LogEntry[]>
  countsOf(users: string[]): Promise<Counts[]>
  onError(error: unknown): void
  /**
   * Called for every entry that somebody here hears, live or read later, once and in the order of its topic. What it
   * tells by `tellLive` goes out beside the entry. `isOwn`: it was received as this node's own.
   */
  onShown?(entry: LogEntry, isOwn: boolean): void
  /** The first here begins to hear a topic. What is committed before it is heard on the bus, somebody has to `check`. */
  listen?(topic: string): void
  /** The last here hears it no more. */
  unlisten?(topic: string): void
  /** Called when a user's last socket is gone. */
  onGone?(user: string): void
}

/**
 * Shows committed entries to local sockets. It is a reader of the log like any other: it knows how far it has come in
 * each topic that somebody here hears, ignores what it has had, and reads what it has missed.
 */
export class Hub {
  readonly counts: CountCache
  readonly #options: HubOptions
  readonly #hearers = new Map<string, Hearer>()
  readonly #byTopic = new Map<string, Set<Hearer>>()
  /** Last offset shown, per topic with local hearers. */
  readonly #position = new Map<string, number>()
  /** Topics whose missing entries are being read; what arrives meanwhile will be found there too. */
  readonly #mending = new Set<string>()
  readonly #dirty = new Set<Hearer>()
  #slices: NodeJS.Immediate | undefined

  constructor(options: HubOptions) {
    this.#options = options
    this.counts = new CountCache(
      options.countsOf,
      (user, counts) => this.#tellCounts(user, counts),
      options.onError,
    )
  }

  get users(): number {
    return this.#hearers.size
  }

  hearerOf(user: string): Hearer | undefined {
    return this.#hearers.get(user)
  }

  *listeners(): Iterable<Listener> {
    for (const hearer of this.#hearers.values()) yield* hearer.listeners
  }

  /**
   * From now on `listener` hears the user's topics. The caller has read the log up to their heads; a topic that is
   * new here starts there.
   */
  add(user: string, listener: Listener, hearing: Hearing): void {
    let hearer = this.#hearers.get(user)
    if (!hearer) {
      hearer = {
        ...{ user, topics: new Map(), listeners: new Set(), heard: [], live: [] },
        ...{ isShared: false, isCounted: false },
      }
      this.#hearers.set(user, hearer)
    }
    hearer.listeners.add(listener)
    for (const [topic, { head, since }] of Object.entries(hearing)) this.#join(hearer, topic, { head, since })
  }

  remove(user: string, listener: Listener): void {
    const hearer = this.#hearers.get(user)
    if (!hearer?.listeners.delete(listener) || hearer.listeners.size > 0) return
    for (const topic of hearer.topics.keys()) this.#leave(hearer, topic)
    this.#hearers.delete(user)
    this.counts.forget(user)
    this.#options.onGone?.(user)
  }

  /** Takes entries from the bus, in whatever state it brings them, and shows them to local sockets at once. */
  receive(entries: readonly LogEntry[], isOwn = false): void {
    for (const entry of entries) {
      const position = this.#position.get(entry.topic)
      if (position === undefined || entry.offset <= position) continue
      if (entry.offset === position + 1 && !this.#mending.has(entry.topic)) this.#show(entry, isOwn)
      else void this.#mend(entry.topic)
    }
    this.#flush()
  }

  /** Compares with the store's heads: what the bus has lost is read from the log. */
  check(heads: ReadonlyMap<string, number>): void {
    for (const [topic, head] of heads) {
      const position = this.#position.get(topic)
      if (position !== undefined && position < head) void this.#mend(topic)
    }
  }

  /** Users for whom the topic's entry at the offset is, on a socket that follows a cursor. */
  nativeUsersOf(topic: string, offset: number): string[] {
    const users: string[] = []
    for (const { user, listeners, topics: since } of this.#byTopic.get(topic) ?? [])
      if (offset > (since.get(topic) ?? 0) && isAnyNative(listeners)) users.push(user)
    return users
  }

  /** Tells all sockets of a user what is kept nowhere, together with the entries that are on their way there. */
  tellLive(user: string, event: string, payload: unknown): void {
    const hearer = this.#hearers.get(user)
    if (!hearer) return
    const frame = { event, json: JSON.stringify(payload) }
    if (this.#dirty.has(hearer)) hearer.live.push(frame)
    else for (const listener of hearer.listeners) listener.hearLive(frame)
  }

  /** Topics that somebody here hears, and the last offset shown of each. */
  get positions(): [string, number][] {
    return [...this.#position]
  }

  positionOf(topic: string): number | undefined {
    return this.#position.get(topic)
  }

  async #mend(topic: string): Promise<void> {
    if (this.#mending.has(topic)) return
    this.#mending.add(topic)
    try {
      for (;;) {
        const after = this.#position.get(topic)
        const missed = after === undefined ? [] : await this.#options.entriesAfter(topic, after)
        for (const entry of missed) {
          if (entry.offset === (this.#position.get(topic) ?? Number.NaN) + 1) this.#show(entry, false)
        }
        if (missed.length === 0) break
      }
    } catch (error) {
      this.#options.onError(error)
    } finally {
      this.#mending.delete(topic)
      this.#flush()
    }
  }

  #show(entry: LogEntry, isOwn: boolean): void {
    const { topic, offset } = entry
    this.#position.set(topic, offset)
    const hearers = this.#byTopic.get(topic)
    if (!hearers) return
    const outgoing = new Outgoing(entry)
    const isShared = !topic.startsWith(topics.user(''))
    const isCounted = /^(item|inbox)\./.test(entry.kind)
    for (const hearer of hearers) {
      const isWithheld = isHiddenFrom(hearer, entry)
      hearer.heard.push({ outgoing, isWithheld })
      hearer.isShared ||= isShared
      hearer.isCounted ||= isCounted
      this.#dirty.add(hearer)
      this.counts.move(hearer.user, entry, isWithheld)
      if (entry.kind === 'topic.joined') this.#joinLater(hearer, entry.data)
      else if (entry.kind === 'topic.left') this.#leave(hearer, entry.data.topic)
    }
    if (entry.kind === 'member.left') this.#removeFrom(entry.topic, entry.offset, entry.data.userIds)
    this.#options.onShown?.(entry, isOwn)
  }

  /** The room's own log says first that they have left: `topic.left`, on their own topics, may be late or lost. */
  #removeFrom(topic: string, offset: number, users: readonly string[]): void {
    for (const user of users) {
      const hearer = this.#hearers.get(user)
      // Who is back already is not thrown out by an old entry.
      if (hearer && offset > (hearer.topics.get(topic) ?? offset)) this.#leave(hearer, topic)
    }
  }

  /** A few sockets are told at once; many in slices, so that the sender's answer and other work come in between. */
  #flush(): void {
    if (this.#slices) return
    if (this.#dirty.size <= SLICE) this.#tell(SLICE)
    else this.#slices = setImmediate(() => this.#tellSlice())
    this.counts.refresh()
  }

  #tellSlice(): void {
    this.#tell(SLICE)
    this.#slices = this.#dirty.size > 0 ? setImmediate(() => this.#tellSlice()) : undefined
  }

  #tell(most: number): void {
    let left = most
    for (const hearer of this.#dirty) {
      if (left-- === 0) return
      this.#dirty.delete(hearer)
      const { heard, live, isShared, isCounted } = hearer
      hearer.heard = []
      if (live.length > 0) hearer.live = []
      hearer.isShared = false
      hearer.isCounted = false
      // Numbers differ from user to user: beside a shared entry they would cost every socket a packet of its own.
      const counts = isShared || !isCounted ? undefined : this.counts.settled(hearer.user)
      for (const listener of hearer.listeners) listener.hear(heard, counts, live)
      if (isShared && isCounted) this.counts.tellSoon(hearer.user)
    }
  }

  #tellCounts(user: string, counts: Counts): void {
    for (const listener of this.#hearers.get(user)?.listeners ?? []) listener.hearCounts(counts)
  }

  #joinLater(hearer: Hearer, { topic, offset }: { topic: string; offset: number }): void {
    this.#join(hearer, topic, { head: offset, since: offset })
  }

  #join(hearer: Hearer, topic: string, { head, since }: { head: number; since: number }): void {
    hearer.topics.set(topic, since)
    const hearers = this.#byTopic.get(topic)
    if (hearers) {
      hearers.add(hearer)
      return
    }
    this.#byTopic.set(topic, new Set([hearer]))
    this.#position.set(topic, head)
    this.#options.listen?.(topic)
  }

  #leave(hearer: Hearer, topic: string): void {
    hearer.topics.delete(topic)
    const hearers = this.#byTopic.get(topic)
    if (!hearers?.delete(hearer) || hearers.size > 0) return
    this.#byTopic.delete(topic)
    this.#position.delete(topic)
    this.#options.unlisten?.(topic)
  }
}

function isAnyNative(listeners: ReadonlySet<Listener>): boolean {
  for (const { isNative } of listeners) if (isNative) return true
  return false
}

/**
 * Who was left out, or joined after the entry or after the item in it, hears nothing of it. Entries from before a join
 * come by when the bus has lost them and others of the topic were here already.
 */
function isHiddenFrom(hearer: Hearer, entry: LogEntry): boolean {
  const since = hearer.topics.get(entry.topic) ?? 0
  if (entry.offset <= since || entry.except?.includes(hearer.user)) return true
  return entry.kind === 'item.edited' && entry.topic === entry.data.topic && entry.data.offset <= since
}
