import type { Store } from '../store/store.ts'

interface Handed {
  user: string
  topic: string
  after: number
  upTo: number
}

/** How long hand-overs are gathered: soon enough for a list that is read next, long enough to share a commit. */
const GATHER_MS = 100
const PER_COMMAND = 200

/** Gathers what sockets were handed and makes it durable a little later, or right before the user's list is read. */
export class HandedLog {
  readonly #store: Store
  readonly #onError: (error: unknown) => void
  readonly #waiting = new Map<string, Map<string, Handed>>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  add(handed: Handed): void {
    let ofUser = this.#waiting.get(handed.user)
    if (!ofUser) {
      ofUser = new Map()
      this.#waiting.set(handed.user, ofUser)
    }
    const known = ofUser.get(handed.topic)
    if (known) {
      known.after = Math.min(known.after, handed.after)
      known.upTo = Math.max(known.upTo, handed.upTo)
    } else ofUser.set(handed.topic, handed)
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS)
  }

  /** Sends the user's part ahead of whatever is asked of the store next; the store keeps that order. */
  flushUser(user: string): void {
    const ofUser = this.#waiting.get(user)
    if (!ofUser) return
    this.#waiting.delete(user)
    void this.#send([...ofUser.values()])
  }

  /** The same for everyone who was handed something of this topic. */
  flushTopic(topic: string): void {
    for (const [user, ofUser] of this.#waiting) if (ofUser.has(topic)) this.flushUser(user)
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const all = [...this.#waiting.values()].flatMap((ofUser) => [...ofUser.values()])
    this.#waiting.clear()
    for (let at = 0; at < all.length; at += PER_COMMAND) await this.#send(all.slice(at, at + PER_COMMAND))
  }

  /** What fails to be noted stays `pending` and is pushed once more later: a repeat, never a loss. */
  async #send(handed: Handed[]): Promise<void> {
    await this.#store.transact('markDelivered', { kind: 'system' }, { handed }).catch(this.#onError)
  }
}
