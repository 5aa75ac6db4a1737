import { DelayQueue } from './delay-queue.ts'
import type { Peer } from './peer.ts'

/** Source: chat-presence.md §11. */
const NOTE_EVERY_MS = 60_000

export interface ActivityNotesOptions {
  /** This node. */
  node: string
  /** Whether this node does what would be the matter of another one. */
  standsInFor(node: string): boolean
}

/**
 * When users were active last, on the way to the store: for each at most once a minute, and at the end. Of several nodes
 * one writes it: of those where the user is, the first; at the end, where the user was last.
 */
export class ActivityNotes {
  readonly #options: ActivityNotesOptions
  readonly #running = new DelayQueue<string>(NOTE_EVERY_MS)
  readonly #notes = new Map<string, number>()

  constructor(options: ActivityNotesOptions) {
    this.#options = options
  }

  /** The user is active from now on: to be noted in a minute. */
  begin(user: string, now: number): void {
    if (!this.#running.has(user)) this.#running.add(user, now)
  }

  /** The user has gone. */
  end(peer: Peer): void {
    this.#running.delete(peer.user)
    this.note(peer)
  }

  /** Users whose minute is over. */
  due(now: number): Iterable<string> {
    return this.#running.take(now)
  }

  note(peer: Peer): void {
    if (this.#isWriter(peer)) this.#put(peer)
  }

  /** For the end of the process. */
  noteLast(peer: Peer): void {
    const { node } = this.#options
    const isHere = [...peer.connections.values()].some((one) => one.node === node)
    if (isHere || peer.lastNode === node) this.#put(peer)
  }

  isWaiting(user: string): boolean {
    return this.#notes.has(user)
  }

  /** To be written; what could not be written is given back. */
  take(): [string, number][] {
    const notes = [...this.#notes]
    this.#notes.clear()
    return notes
  }

  giveBack(notes: readonly [string, number][]): void {
    for (const [user, at] of notes) if (!this.#notes.has(user)) this.#notes.set(user, at)
  }

  #put(peer: Peer): void {
    if (!peer.wish || peer.seenAt === null || peer.seenAt <= peer.notedAt) return
    peer.notedAt = peer.seenAt
    this.#notes.set(peer.user, peer.seenAt)
  }

  #isWriter({ connections, lastNode }: Peer): boolean {
    const { node, standsInFor } = this.#options
    const [first] = [...connections.values()].map((one) => one.node).sort()
    if (first !== undefined) return first === node
    return lastNode === node || (lastNode !== undefined && standsInFor(lastNode))
  }
}
