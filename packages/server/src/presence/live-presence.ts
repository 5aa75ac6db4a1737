import { randomUUID } from 'node:crypto'
import type { Context, LiveConnection, Procedures } from '../core/context.ts'
import type { OpenChats } from '../core/open-chats.ts'
import { topics } from '../core/topics.ts'
import type { LogEntry } from '../store/store.ts'
import { ChatFactsCache } from './chat-facts.ts'
import { ContactCache } from './contact-cache.ts'
import { DurableNotes } from './durable-notes.ts'
import { Followers } from './followers.ts'
import { Leases } from './leases.ts'
import type { Durable } from './peer.ts'
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

/** Brings messages between nodes; it may drop, repeat and reorder. */
export interface PresenceLink {
  publish(message: unknown): void
  subscribe(listener: (message: unknown) => void): void
}

export interface PresenceOptions {
  context: Context
  openChats: OpenChats
  /** Without one, this node is alone. */
  link?: PresenceLink
  onError(error: unknown): void
}

/** Who is there and who types, on this node's main thread: put together, with one timer for all. */
export class LivePresence {
  readonly procedures: Procedures
  readonly #time: SteadyTime
  readonly #peers: Peers
  readonly #notes: DurableNotes
  readonly #leases: Leases | undefined
  readonly #typing: Typing
  readonly #watchers: Watchers
  readonly #followers: Followers
  readonly #contacts: ContactCache
  readonly #timer: NodeJS.Timeout
  #tickedAt: number

  constructor({ context, openChats, link, onError }: PresenceOptions) {
    const { store, clock, config } = context
    // What a query answers is what its function in queries.ts returns; the border between threads cannot carry the type.
    const read = <T>(query: string, input: object) => store.read(query, input) as Promise<T>
    const mayBeSeen = (asked: SightAsked[]) => read<string[][]>('mayBeSeen', { asked })
    this.#time = new SteadyTime(clock)
    this.#tickedAt = this.#now
    this.#peers = new Peers({
      graceMs: config.presenceGraceMs,
      now: this.#now,
      onChanged: (user) => this.#changed(user),
      onUnknown: (user) => this.#notes.want(user),
    })
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
    this.#typing = new Typing({ openChats, facts, now: () => this.#now })
    this.#leases = link && this.#join(link)
    this.procedures = presenceProcedures({
      ...{ openChats, sightings, mayBeSeen, watchers: this.#watchers, typing: this.#typing },
      setIdle: (id, isIdle) => this.#device(id, () => this.#peers.setIdle(id, isIdle, this.#now)),
      setFocus: (id, chatId) => this.#device(id, () => this.#peers.setFocus(id, chatId)),
    })
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref()
  }

  /** A socket speaks for a user from now on. `isIdle` as it says itself; undefined when it does not say. */
  enter(user: string, connection: LiveConnection, isIdle: boolean | undefined): void {
    const { id } = connection
    this.#device(id, () => this.#peers.enter({ id, user, isIdle }, this.#now))
    connection.onClosed(() => {
      this.#typing.closed(user, id)
      this.#peers.leave(id, this.#now)
      this.#leases?.drop(id)
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

  /** Call for every committed entry, in order. */
  onEntry(entry: LogEntry): void {
    const user = entry.topic.slice(topics.user('').length)
    if (entry.kind === 'presence.set') {
      const { status, text, until } = entry.data
      const untilMs = until === null ? null : this.#time.fromWall(Date.parse(until))
      this.#peers.wish(user, { status, text, until: untilMs }, this.#now)
    }
    if (entry.kind === 'user.blocked') this.#followers.onBlocked(user, entry.data.userId)
    this.#typing.onEntry(entry)
    this.#contacts.onEntry(entry)
    this.#watchers.onEntry(entry)
  }

  /** Lets the other nodes know, and writes when everybody was here last. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#leases?.bye()
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
    if (connection) this.#leases?.put({ ...connection })
  }

  #join(link: PresenceLink): Leases {
    const leases = new Leases({
      node: randomUUID(),
      boot: this.#now,
      send: (message) => link.publish(message),
      onPut: (key, { user, isIdle, focus }) => {
        this.#peers.enter({ id: key, user, isIdle }, this.#now)
        this.#peers.setIdle(key, isIdle, this.#now)
        this.#peers.setFocus(key, focus)
      },
      onGone: (key) => this.#peers.leave(key, this.#now),
    })
    link.subscribe((message) => void leases.receive(message, this.#now))
    leases.hello()
    return leases
  }

  #tick(): void {
    const now = this.#now
    const late = now - this.#tickedAt
    this.#tickedAt = now
    if (late > STOOD_STILL_MS) {
      this.#peers.stoodStill(late)
      this.#leases?.stoodStill(late)
    }
    this.#peers.tick(now)
    this.#leases?.tick(now)
    this.#typing.tick(now)
    this.#watchers.tick(now)
    this.#notes.tick(now)
  }
}
