import { keyOf } from './keys.ts'
import {
  LEASES_PER_MESSAGE,
  type Lease,
  type LeaseMessage,
  type LeaseMessageOf,
  leaseMessage,
} from './lease-messages.ts'
import { LeaseTable } from './lease-table.ts'

/** Sources: reliability.md §8. */
const BEAT_EVERY_MS = 5000
const DEAD_AFTER_MS = 15_000
/** A whole state costs; whoever asks again meanwhile hears the one that is on its way. */
const STATE_EVERY_MS = 1000

/** Another node, as far as it was heard. */
interface Neighbour {
  readonly node: string
  readonly boot: number
  heardAt: number
  /** Its last change that was heard, or -1: nothing yet. */
  seq: number
  /** It has said that it goes; what still comes of it is late. */
  isGone: boolean
  readonly table: LeaseTable
  /** A state of which parts are still missing. */
  partial: { seq: number; parts: Map<number, Lease[]> } | undefined
}

export interface LeasesOptions {
  node: string
  boot: number
  send(message: LeaseMessage): void
  /** Highest version that this node has told anybody. */
  version(): number
  /** Another node has told versions up to this one: what is told from now on has to be above. */
  onVersion(version: number): void
  /** A connection of another node came or changed. Under its `key` no node can touch another node's. */
  onPut(key: string, node: string, lease: Lease): void
  onGone(key: string): void
}

/**
 * Which connections live on which node. Each node tells its own, and holds what it heard of the others until they are
 * silent for too long. It is pure: messages and time come in, messages go out. Changes are numbered; who finds a gap, or
 * a sum that differs, asks for the whole.
 */
export class Leases {
  readonly #options: LeasesOptions
  readonly #own = new LeaseTable()
  readonly #neighbours = new Map<string, Neighbour>()
  #put = new Map<string, Lease>()
  #gone = new Set<string>()
  #seq = 0
  #beatAt = Number.NEGATIVE_INFINITY
  #stateAt = Number.NEGATIVE_INFINITY
  #isStateWanted = false
  readonly #wanted = new Set<string>()

  constructor(options: LeasesOptions) {
    this.#options = options
  }

  /** Tells of an own connection, as it is now. */
  put(lease: Lease): void {
    this.#own.put(lease)
    this.#put.set(lease.id, lease)
    this.#gone.delete(lease.id)
  }

  drop(connectionId: string): void {
    if (!this.#own.delete(connectionId)) return
    this.#put.delete(connectionId)
    this.#gone.add(connectionId)
  }

  /** Asks everybody for what there is. */
  hello(): void {
    this.#send({ kind: 'hello', ...this.#sender })
  }

  /** Lets all own leases end at once. */
  bye(): void {
    this.#send({ kind: 'bye', ...this.#sender })
  }

  /** Tells what has changed, that this node lives, and what others want to know; drops those that are silent. */
  tick(now: number): void {
    this.#tellChanges()
    if (now - this.#beatAt >= BEAT_EVERY_MS) {
      this.#beatAt = now
      const { size: count, digest } = this.#own
      this.#send({ kind: 'beat', ...this.#sender, seq: this.#seq, count, digest })
    }
    if (this.#isStateWanted && now - this.#stateAt >= STATE_EVERY_MS) this.#tellState(now)
    for (const of of this.#wanted) this.#send({ kind: 'ask', ...this.#sender, of })
    this.#wanted.clear()
    for (const neighbour of this.#neighbours.values()) {
      if (now - neighbour.heardAt >= DEAD_AFTER_MS) this.#remove(neighbour)
    }
  }

  /** This process stood still: others could not be heard, and get their time again. */
  stoodStill(forMs: number): void {
    for (const neighbour of this.#neighbours.values()) neighbour.heardAt += forMs
  }

  /** Takes what the bus brings, whatever it is. Resolves to whether it was a message. */
  receive(raw: unknown, now: number): boolean {
    const { success, data: message } = leaseMessage.safeParse(raw)
    if (!success) return false
    if (message.node === this.#options.node) return true
    const neighbour = this.#heard(message, now)
    if (!neighbour) return true
    this.#options.onVersion(message.version)
    this.#take(neighbour, message)
    return true
  }

  /** Whether this node does what would be the matter of `node`: that one lives no more, and of all who do, this is the first. */
  standsInFor(node: string): boolean {
    const living = [...this.#neighbours.values()].filter(({ isGone }) => !isGone).map((one) => one.node)
    return !living.includes(node) && living.every((one) => this.#options.node < one)
  }

  get #sender(): { node: string; boot: number; version: number } {
    const { node, boot, version } = this.#options
    return { node, boot, version: version() }
  }

  #send(message: LeaseMessage): void {
    this.#options.send(message)
  }

  #tellChanges(): void {
    const put = [...this.#put.values()]
    const gone = [...this.#gone]
    this.#put = new Map()
    this.#gone = new Set()
    for (let at = 0; at < Math.max(put.length, gone.length); at += LEASES_PER_MESSAGE) {
      this.#seq += 1
      const end = at + LEASES_PER_MESSAGE
      const some = { put: put.slice(at, end), gone: gone.slice(at, end) }
      this.#send({ kind: 'change', ...this.#sender, seq: this.#seq, ...some })
    }
  }

  #tellState(now: number): void {
    this.#stateAt = now
    this.#isStateWanted = false
    const all = [...this.#own.values()]
    const parts = Math.max(1, Math.ceil(all.length / LEASES_PER_MESSAGE))
    for (let part = 0; part < parts; part++) {
      const leases = all.slice(part * LEASES_PER_MESSAGE, (part + 1) * LEASES_PER_MESSAGE)
      this.#send({ kind: 'state', ...this.#sender, seq: this.#seq, part, parts, leases })
    }
  }

  /** The sender, if the message is of its newest start and it has not said goodbye. */
  #heard({ node, boot }: LeaseMessage, now: number): Neighbour | undefined {
    const known = this.#neighbours.get(node)
    if (known && (boot < known.boot || (boot === known.boot && known.isGone))) return undefined
    if (known && boot === known.boot) {
      known.heardAt = now
      return known
    }
    if (known) this.#remove(known)
    const table = new LeaseTable()
    const fresh = { node, boot, heardAt: now, seq: -1, isGone: false, table, partial: undefined }
    this.#neighbours.set(node, fresh)
    return fresh
  }

  #take(neighbour: Neighbour, message: LeaseMessage): void {
    switch (message.kind) {
      case 'hello':
        this.#isStateWanted = true
        return
      case 'ask':
        if (message.of === this.#options.node) this.#isStateWanted = true
        return
      case 'beat':
        return this.#compare(neighbour, message)
      case 'change':
        return this.#change(neighbour, message)
      case 'state':
        return this.#assemble(neighbour, message)
      case 'bye':
        neighbour.isGone = true
        return this.#clear(neighbour)
    }
  }

  #compare(neighbour: Neighbour, { seq, count, digest }: LeaseMessageOf<'beat'>): void {
    // What it says about an earlier moment proves nothing.
    if (seq < neighbour.seq) return
    const { table } = neighbour
    const isSame = seq === neighbour.seq && count === table.size && digest === table.digest
    if (!isSame) this.#wanted.add(neighbour.node)
  }

  /** What is new is shown at once, also behind a gap; what the gap hid comes with the state. */
  #change(neighbour: Neighbour, { seq, put, gone }: LeaseMessageOf<'change'>): void {
    if (seq <= neighbour.seq) return
    if (seq > neighbour.seq + 1) this.#wanted.add(neighbour.node)
    neighbour.seq = seq
    for (const lease of put) this.#putOf(neighbour, lease)
    for (const id of gone) this.#goneOf(neighbour, id)
  }

  #assemble(neighbour: Neighbour, { seq, part, parts, leases }: LeaseMessageOf<'state'>): void {
    if (seq < neighbour.seq || (neighbour.partial && seq < neighbour.partial.seq)) return
    if (neighbour.partial?.seq !== seq) neighbour.partial = { seq, parts: new Map() }
    const { partial } = neighbour
    partial.parts.set(part, leases)
    if (partial.parts.size < parts) return
    neighbour.partial = undefined
    neighbour.seq = seq
    const all = new Map([...partial.parts.values()].flat().map((lease) => [lease.id, lease]))
    for (const { id } of [...neighbour.table.values()]) if (!all.has(id)) this.#goneOf(neighbour, id)
    for (const lease of all.values()) this.#putOf(neighbour, lease)
  }

  #putOf({ table, node }: Neighbour, lease: Lease): void {
    table.put(lease)
    this.#options.onPut(keyOf(node, lease.id), node, lease)
  }

  #goneOf({ table, node }: Neighbour, id: string): void {
    if (table.delete(id)) this.#options.onGone(keyOf(node, id))
  }

  #clear(neighbour: Neighbour): void {
    for (const { id } of [...neighbour.table.values()]) this.#goneOf(neighbour, id)
  }

  #remove(neighbour: Neighbour): void {
    this.#clear(neighbour)
    this.#neighbours.delete(neighbour.node)
  }
}
