import type { Store } from '../store/store.ts'

/** A socket of the user was handed the topic's entries after offset `after` up to offset `upTo`. */
export interface Handed {
  user: string
  topic: string
  after: number
  upTo: number
  /** What of it was handed; everything when left out. */
  only?: 'items' | 'messages'
}

/** How long hand-overs are gathered: soon enough for a list that is read next, long enough to share a commit. */
const GATHER_MS = 100
const PER_COMMAND = 200

/** Gathers what sockets were handed and makes it durable a little later, or right before the user's list is read. */
export class HandedLog {
  readonly #store: Store
  readonly #onError: (error: unknown) => void
  readonly #waiting = new Map<string, Handed[]>()
  /** What is on its way to the store. */
  readonly #underWay = new Set<{ handed: readonly Handed[]; kept: Promise<void> }>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  add(handed: Handed): void {
    const ofUser = this.#waiting.get(handed.user) ?? []
    this.#waiting.set(handed.user, ofUser)
    const known = ofUser.find((one) => isTouching(one, handed))
    if (known) {
      known.after = Math.min(known.after, handed.after)
      known.upTo = Math.max(known.upTo, handed.upTo)
    } else ofUser.push(handed)
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS)
  }

  /** Resolves when everything that the user was handed is kept, or was given up. */
  flushUser(user: string): Promise<void> {
    const ofUser = this.#waiting.get(user)
    this.#waiting.delete(user)
    if (ofUser) void this.#send(ofUser)
    return this.#keptOf((one) => one.user === user)
  }

  /** The same for everyone who was handed something of this topic. */
  flushTopic(topic: string): Promise<void> {
    const isOfTopic = (one: Handed) => one.topic === topic
    for (const [user, ofUser] of [...this.#waiting]) if (ofUser.some(isOfTopic)) void this.flushUser(user)
    return this.#keptOf(isOfTopic)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const all = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (let at = 0; at < all.length; at += PER_COMMAND) await this.#send(all.slice(at, at + PER_COMMAND))
  }

  async #keptOf(isMeant: (one: Handed) => boolean): Promise<void> {
    for (const { handed, kept } of [...this.#underWay]) if (handed.some(isMeant)) await kept
  }

  #send(handed: readonly Handed[]): Promise<void> {
    const sending = { handed, kept: this.#keep(handed).finally(() => this.#underWay.delete(sending)) }
    this.#underWay.add(sending)
    return sending.kept
  }

  /** What fails to be noted stays `pending` and is pushed once more later: a repeat, never a loss. */
  async #keep(handed: readonly Handed[]): Promise<void> {
    await this.#store.transact('markDelivered', { kind: 'system' }, { handed }).catch(this.#onError)
  }
}

/** Whether the two make one range without a gap, of the same. */
function isTouching(a: Handed, b: Handed): boolean {
  return a.topic === b.topic && a.only === b.only && a.after <= b.upTo && b.after <= a.upTo
}
