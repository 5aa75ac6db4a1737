import { randomUUID } from 'node:crypto'
import type { Bus } from '../bus/bus.ts'
import type { Context, LiveConnection, Procedures } from '../core/context.ts'
import type { OpenChats } from '../core/open-chats.ts'
import { topics } from '../core/topics.ts'
import type { LogEntry } from '../store/store.ts'
import { ChatFactsCache } from './chat-facts.ts'
import { ContactCache } from './contact-cache.ts'
import { DurableNotes } from './durable-notes.ts'
import { Followers } from './followers.ts'
import { Leases } from './leases.ts'
import type { Durable, PeerConnection } from './peer.ts'
import { Peers } from './peers.ts'
import { presenceProcedures } from './procedures.ts'
import type { ChatFacts, Contacts, SightAsked } from './queries.ts'
import { Sightings } from './sightings.ts'
import { SteadyTime } from './steady-time.ts'
import { Typing } from './typing.ts'
import { Watchers } from './watchers.ts'

/** How often it is looked what is due: what is promised within a second has to leave in time. */
const TICK_MS = 100
/** A tick that comes so late says that the process stood still, and not that others were silent. */
const STOOD_STILL_MS = 5000

/** What of the bus is used here. */
export type PresenceBus = Pick<Bus, 'tell' | 'onTold' | 'onConnected' | 'isConnected'>

export interface PresenceOptions {
  context: Context
  openChats: OpenChats
  bus: PresenceBus
  onError(error: unknown): void
}

/** Who is there and who types, on this node's main thread: put together, with one timer for all. */
export class LivePresence {
  readonly procedures: Procedures
  readonly #time: SteadyTime
  readonly #peers: Peers
  readonly #notes: DurableNotes
  readonly #bus: PresenceBus
  readonly #leases: Leases
  readonly #typing: Typing
  readonly #watchers: Watchers
  readonly #followers: Followers
  readonly #contacts: ContactCache
  readonly #timer: NodeJS.Timeout
  #tickedAt: number

  constructor({ context, openChats, bus, onError }: PresenceOptions) {
    const { store, clock, config } = context
    // What a query answers is what its function in queries.ts returns; the border between threads cannot carry the type.
    const read = <T>(query: string, input: object) => store.read(query, input) as Promise<T>
    const mayBeSeen = (asked: SightAsked[]) => read<string[][]>('mayBeSeen', { asked })
    const node = randomUUID()
    this.#bus = bus
    this.#time = new SteadyTime(clock)
    this.#tickedAt = this.#now
    this.#peers = new Peers({
      graceMs: config.presenceGraceMs,
      now: this.#now,
      onChanged: (user) => this.#changed(user),
      onUnknown: (user) => this.#notes.want(user),
      node,
      standsInFor: (other) => this.#leases.standsInFor(other),
    })
    this.#leases = this.#createLeases(node)
    this.#notes = new DurableNotes({ store, peers: this.#peers, time: this.#time, onError })
    const sightings = new Sightings({
      peers: this.#peers,
      time: this.#time,
      readDurable: (users) => read<Durable[]>('durableOf', { users }),
    })
    this.#contacts = new ContactCache((user) => read<Contacts>('contactsOf', { user }))
    this.#followers = new Followers({ contacts: this.#contacts, sightings, onError })
    this.#watchers = new Watchers({
      ...{ sightings, mayBeSeen, onError },
      raise: (user) => this.#peers.raise(user, this.#now),
    })
    const facts = new ChatFactsCache((chatId) => read<ChatFacts | undefined>('chatFactsOf', { chatId }))
    const tellNodes = (message: object) => bus.tell('presence', message)
    this.#typing = new Typing({ openChats, facts, node, tellNodes, now: () => this.#now })
    this.procedures = presenceProcedures({
      ...{ openChats, sightings, mayBeSeen, watchers: this.#watchers, typing: this.#typing },
      setIdle: (id, isIdle) => this.#device(id, () => this.#peers.setIdle(id, isIdle, this.#now)),
      setFocus: (id, chatId) => this.#device(id, () => this.#peers.setFocus(id, chatId)),
    })
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref()
    bus.onTold('presence', (message) => this.#hear(message))
    // Whoever could not be heard for a while asks everybody, and is asked.
    bus.onConnected(() => this.#leases.hello())
    this.#leases.hello()
  }

  /** A socket speaks for a user from now on. `isIdle` as it says itself; undefined when it does not say. */
  enter(user: string, connection: LiveConnection, isIdle: boolean | undefined): void {
    const { id } = connection
    this.#device(id, () => this.#peers.enter({ id, user, isIdle }, this.#now))
    connection.onClosed(() => {
      this.#typing.closed(user, id)
      this.#peers.leave(id, this.#now)
      this.#leases.drop(id)
    })
  }

  /** The socket wants to be told, one by one, of everyone with whom the user shares a chat. */
  follow(user: string, connection: LiveConnection): void {
    this.#followers.follow(user, connection)
  }

  /** Whether the user has this chat before the eyes, on any device. */
  isFocused(user: string, chatId: string): boolean {
    return this.#peers.isFocused(user, chatId)
  }

  /** How many connections the user has to other nodes. */
  elsewhere(user: string): number {
    return this.#peers.elsewhere(user)
  }

  /** Call for every entry that this node has committed or hears, in order. */
  onEntry(entry: LogEntry): void {
    const user = entry.topic.slice(topics.user('').length)
    if (entry.kind === 'presence.set') {
      const { status, text, until } = entry.data
      const untilMs = until === null ? null : this.#time.fromWall(Date.parse(until))
      this.#peers.wish(user, { status, text, until: untilMs, offset: entry.offset }, this.#now)
      for (const connection of this.#peers.ownConnections(user)) this.#tellNodes(connection)
    }
    if (entry.kind === 'user.blocked') this.#followers.onBlocked(user, entry.data.userId)
    this.#typing.onEntry(entry)
    this.#contacts.onEntry(entry)
    this.#watchers.onEntry(entry)
  }

  /** One user blocks another, or no longer, as another node says. */
  onBlock({
    kind,
    user,
    other,
  }: {
    kind: 'user.blocked' | 'user.unblocked'
    user: string
    other: string
  }): void {
    this.onEntry({ topic: topics.user(user), offset: 0, kind, data: { userId: other }, at: '' })
  }

  /** Lets the other nodes know, and writes when everybody was here last. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#leases.bye()
    this.#peers.noteAll(this.#now)
    await this.#notes.flush()
  }

  get #now(): number {
    return this.#time.now()
  }

  #changed(user: string): void {
    this.#watchers.onChanged(user)
    this.#followers.onChanged(user)
  }

  /** Changes an own connection and tells the other nodes how it is then. */
  #device(id: string, change: () => void): void {
    change()
    const connection = this.#peers.connection(id)
    if (connection) this.#tellNodes(connection)
  }

  #tellNodes({ id, user, isIdle, focus }: Readonly<PeerConnection>): void {
    this.#leases.put({ id, user, isIdle, focus, wish: this.#peers.wishAt(user) })
  }

  #hear(message: unknown): void {
    if (!this.#leases.receive(message, this.#now)) this.#typing.receive(message)
  }

  #createLeases(node: string): Leases {
    return new Leases({
      node,
      boot: this.#now,
      send: (message) => this.#bus.tell('presence', message),
      version: () => this.#peers.versions.highest,
      onVersion: (version) => this.#peers.versions.riseTo(version),
      onPut: (key, from, { user, isIdle, focus, wish }) => {
        this.#peers.enter({ id: key, user, isIdle, node: from }, this.#now)
        this.#peers.setIdle(key, isIdle, this.#now)
        this.#peers.setFocus(key, focus)
        this.#peers.hearOfWish(user, wish)
      },
      onGone: (key) => this.#peers.leave(key, this.#now),
    })
  }

  #tick(): void {
    const now = this.#now
    const late = now - this.#tickedAt
    this.#tickedAt = now
    const hasStoodStill = late > STOOD_STILL_MS
    if (hasStoodStill) this.#peers.stoodStill(late)
    // Who cannot hear knows nothing of the others' silence.
    if (hasStoodStill || !this.#bus.isConnected) this.#leases.stoodStill(late)
    this.#peers.tick(now)
    this.#leases.tick(now)
    this.#typing.tick(now)
    this.#watchers.tick(now)
    this.#notes.tick(now)
  }
}
