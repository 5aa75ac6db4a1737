import { ActivityNotes } from './activity-notes.ts'
import { DelayQueue } from './delay-queue.ts'
import {
  crowdOf,
  type Durable,
  type Entering,
  HIDDEN,
  isInForce,
  isLeaving,
  latest,
  NO_WISH,
  type Peer,
  type PeerConnection,
  type PeerEvent,
  type PeerState,
  peerTransitions,
  type Shown,
  type Sight,
  shownAs,
  type Wish,
} from './peer.ts'
import { Versions } from './versions.ts'

/** Source: chat-presence.md §11. */
const AWAY_AFTER_MS = 5 * 60_000
/** One who has gone stays known until everybody was told and the store has it. */
const FORGET_AFTER_MS = 10_000

export interface PeersOptions {
  /** How long a user without connections is still shown. */
  graceMs: number
  now: number
  /** What is shown of a user has changed. */
  onChanged(user: string, before: Shown): void
  /** The store is to be asked about a user, from now on; the answer goes to `learn`. */
  onUnknown(user: string): void
  /** This node, and whether it does what would be the matter of another one. Without them, it is alone. */
  node?: string
  standsInFor?(node: string): boolean
}

const ALONE = ''

/**
 * Who is there: users as sets of connections. It is pure: time comes with each call, and `tick` makes happen what is
 * due. Versions rise over all users together, so that a user who was forgotten and comes back is never below.
 */
export class Peers {
  readonly notes: ActivityNotes
  readonly versions: Versions
  readonly #options: PeersOptions
  readonly #node: string
  readonly #peers = new Map<string, Peer>()
  readonly #connections = new Map<string, PeerConnection>()
  readonly #leaving: DelayQueue<Peer>
  readonly #idling = new DelayQueue<Peer>(AWAY_AFTER_MS)
  readonly #gone = new DelayQueue<Peer>(FORGET_AFTER_MS)
  /** Those whose wish has an end. */
  readonly #ending = new Set<Peer>()

  constructor(options: PeersOptions) {
    this.#options = options
    this.#node = options.node ?? ALONE
    this.notes = new ActivityNotes({ node: this.#node, standsInFor: options.standsInFor ?? (() => true) })
    this.#leaving = new DelayQueue(options.graceMs)
    this.versions = new Versions(options.now)
  }

  connection(id: string): Readonly<PeerConnection> | undefined {
    return this.#connections.get(id)
  }

  /**
   * A connection came. Where it does not say whether it is idle, it is as its user is: coming back is no sign of life.
   */
  enter({ id, user, isIdle: said, node = this.#node }: Entering, now: number): void {
    if (this.#connections.has(id)) return
    const peer = this.#peers.get(user) ?? this.#add(user)
    const isIdle = said ?? (peer.state === 'away' || peer.state === 'leavingAway')
    const connection = { id, user, node, isIdle, focus: null }
    this.#connections.set(id, connection)
    peer.connections.set(id, connection)
    this.#step(peer, crowdOf(peer), now)
  }

  setIdle(connectionId: string, isIdle: boolean, now: number): void {
    const connection = this.#connections.get(connectionId)
    const peer = connection && this.#peers.get(connection.user)
    if (!peer || connection.isIdle === isIdle) return
    connection.isIdle = isIdle
    this.#step(peer, crowdOf(peer), now)
  }

  setFocus(connectionId: string, chatId: string | null): void {
    const connection = this.#connections.get(connectionId)
    if (connection) connection.focus = chatId
  }

  /** Whether the user has this chat before the eyes, on any device. */
  isFocused(user: string, chatId: string): boolean {
    const connections = this.#peers.get(user)?.connections.values() ?? []
    for (const { focus, isIdle } of connections) if (focus === chatId && !isIdle) return true
    return false
  }

  /** By the connection's own id: the late end of an old one touches no newer one. */
  leave(connectionId: string, now: number): void {
    const connection = this.#connections.get(connectionId)
    const peer = connection && this.#peers.get(connection.user)
    if (!peer) return
    this.#connections.delete(connectionId)
    peer.connections.delete(connectionId)
    peer.lastNode = connection.node
    this.#step(peer, crowdOf(peer), now)
  }

  /** What the store knows of a user. */
  learn(user: string, { wish, lastActive }: Durable, now: number): void {
    const peer = this.#peers.get(user)
    if (!peer?.isAsked) return
    const newest = peer.newerWish ?? wish
    peer.isAsked = false
    peer.newerWish = undefined
    if (peer.wish) return this.#setWish(peer, newest, now)
    // What was seen before anybody knew that the user is invisible is nobody's business.
    const isHidden = wish.status === 'invisible' && isInForce(wish, now)
    peer.seenAt = latest(lastActive, isHidden ? null : peer.seenAt)
    peer.notedAt = lastActive ?? 0
    this.#apply(peer, newest, now)
    if (peer.state === 'offline') this.notes.note(peer)
  }

  /**
   * The user wishes to be shown otherwise, as the log says at `offset`. Nothing to do for one who is not here: the store
   * has it.
   */
  wish(user: string, { offset, ...wish }: Wish & { offset: number }, now: number): void {
    const peer = this.#peers.get(user)
    if (!peer) return
    peer.wishAt = Math.max(peer.wishAt, offset)
    if (peer.isAsked) peer.newerWish = wish
    if (peer.wish) this.#setWish(peer, wish, now)
  }

  /** Another node knows of a wish at `offset`. When it is newer than what is known here, the store says what it is. */
  hearOfWish(user: string, offset: number): void {
    const peer = this.#peers.get(user)
    if (!peer || offset <= peer.wishAt) return
    peer.wishAt = offset
    this.#ask(peer)
  }

  wishAt(user: string): number {
    return this.#peers.get(user)?.wishAt ?? 0
  }

  /** Connections of the user to this node. */
  *ownConnections(user: string): Iterable<Readonly<PeerConnection>> {
    for (const one of this.#peers.get(user)?.connections.values() ?? [])
      if (one.node === this.#node) yield one
  }

  /** How many connections the user has to other nodes. */
  elsewhere(user: string): number {
    const connections = this.#peers.get(user)?.connections.values() ?? []
    return [...connections].filter(({ node }) => node !== this.#node).length
  }

  /** Raises a user's version: whoever is told something about the user from now on takes it. */
  raise(user: string, now: number): number {
    const version = this.versions.next(now)
    const peer = this.#peers.get(user)
    if (peer) peer.version = version
    else this.versions.forget(version)
    return version
  }

  /** A user as others may see it; undefined when the store has to be asked. */
  sight(user: string, now: number): Sight | undefined {
    const peer = this.#peers.get(user)
    if (!peer?.wish) return undefined
    this.#see(peer, now)
    return { ...peer.shown, lastActive: peer.seenAt, version: peer.version }
  }

  /** One who is not here, as the store knows. */
  absent(lastActive: number | null): Sight {
    return { ...HIDDEN, lastActive, version: this.versions.floor }
  }

  /** Makes happen what is due. */
  tick(now: number): void {
    for (const peer of this.#idling.take(now)) this.#step(peer, 'idledLong', now)
    for (const peer of this.#leaving.take(now)) this.#step(peer, 'graceOver', now)
    for (const peer of this.#ending) {
      if (peer.wish && !isInForce(peer.wish, now)) this.#setWish(peer, NO_WISH, now)
    }
    for (const user of this.notes.due(now)) this.#noteAgain(user, now)
    for (const peer of this.#gone.take(now)) this.#forget(peer, now)
  }

  /** This process stood still: nobody could come back, and those who left get that time again. */
  stoodStill(forMs: number): void {
    this.#leaving.shift(forMs)
  }

  /** For the end of the process: everyone who is connected to this node, or was last, was here until now. */
  noteAll(now: number): void {
    for (const peer of this.#peers.values()) {
      this.#see(peer, now)
      this.notes.noteLast(peer)
    }
  }

  #add(user: string): Peer {
    const peer: Peer = {
      ...{ user, state: 'offline', connections: new Map(), lastNode: undefined },
      ...{ wish: undefined, wishAt: 0, isAsked: false, newerWish: undefined },
      ...{ seenAt: null, notedAt: 0, shown: HIDDEN, version: this.versions.floor },
    }
    this.#peers.set(user, peer)
    this.#ask(peer)
    return peer
  }

  #ask(peer: Peer): void {
    peer.isAsked = true
    peer.newerWish = undefined
    this.#options.onUnknown(peer.user)
  }

  #step(peer: Peer, event: PeerEvent, now: number): void {
    this.#see(peer, now)
    const before = peer.state
    peer.state = peerTransitions[before][event]
    if (peer.state !== before) this.#queue(peer, before, now)
    this.#show(peer, now)
  }

  /** Which timers run is a matter of the state alone. */
  #queue(peer: Peer, before: PeerState, now: number): void {
    const { state, user } = peer
    if (!isLeaving(state)) this.#leaving.delete(peer)
    else if (!isLeaving(before)) this.#leaving.add(peer, now)
    // From the last active moment on, whether somebody is still connected or not.
    if (before === 'online') this.#idling.add(peer, now)
    else if (state !== 'idling' && state !== 'leaving') this.#idling.delete(peer)
    if (state === 'online') this.notes.begin(user, now)
    this.#gone.delete(peer)
    if (state !== 'offline') return
    this.#gone.add(peer, now)
    this.notes.end(peer)
  }

  #setWish(peer: Peer, wish: Wish, now: number): void {
    this.#see(peer, now)
    this.#apply(peer, wish, now)
  }

  #apply(peer: Peer, wish: Wish, now: number): void {
    peer.wish = isInForce(wish, now) ? wish : NO_WISH
    if (peer.wish.until === null) this.#ending.delete(peer)
    else this.#ending.add(peer)
    this.#see(peer, now)
    this.#show(peer, now)
  }

  /** Keeps in mind when the user was active, unless that is nobody's business. */
  #see(peer: Peer, now: number): void {
    if (peer.state === 'online' && peer.wish?.status !== 'invisible') peer.seenAt = now
  }

  #noteAgain(user: string, now: number): void {
    const peer = this.#peers.get(user)
    if (!peer) return
    this.#see(peer, now)
    this.notes.note(peer)
    if (peer.state === 'online') this.notes.begin(user, now)
  }

  #show(peer: Peer, now: number): void {
    if (!peer.wish) return
    const before = peer.shown
    const shown = shownAs(peer.state, peer.wish)
    if (shown.status === before.status && shown.text === before.text) return
    peer.shown = shown
    peer.version = this.versions.next(now)
    this.#options.onChanged(peer.user, before)
  }

  #forget(peer: Peer, now: number): void {
    if (!peer.wish || this.notes.isWaiting(peer.user)) return this.#gone.add(peer, now)
    this.#peers.delete(peer.user)
    this.#ending.delete(peer)
    this.versions.forget(peer.version)
  }
}
