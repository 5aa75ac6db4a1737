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
  /** What is on its way to the store, by user. */
  readonly #sending = new Map<string, Promise<void>>()
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
  async flushUser(user: string): Promise<void> {
    const ofUser = this.#waiting.get(user)
    this.#waiting.delete(user)
    if (ofUser) void this.#send(ofUser)
    await this.#sending.get(user)
  }

  /** The same for everyone who was handed something of this topic. */
  async flushTopic(topic: string): Promise<void> {
    const hasIt = ([, ofUser]: [string, Handed[]]) => ofUser.some((one) => one.topic === topic)
    for (const [user] of [...this.#waiting].filter(hasIt)) void this.flushUser(user)
    await Promise.all(this.#sending.values())
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const all = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (let at = 0; at < all.length; at += PER_COMMAND) await this.#send(all.slice(at, at + PER_COMMAND))
  }

  #send(handed: Handed[]): Promise<void> {
    const users = new Set(handed.map(({ user }) => user))
    const before = [...users].map((user) => this.#sending.get(user))
    const sent = Promise.all([this.#keep(handed), ...before]).then(() => {
      for (const user of users) if (this.#sending.get(user) === sent) this.#sending.delete(user)
    })
    for (const user of users) this.#sending.set(user, sent)
    return sent
  }

  /** What fails to be noted stays `pending` and is pushed once more later: a repeat, never a loss. */
  async #keep(handed: Handed[]): Promise<void> {
    await this.#store.transact('markDelivered', { kind: 'system' }, { handed }).catch(this.#onError)
  }
}

/** Whether the two make one range without a gap, of the same. */
function isTouching(a: Handed, b: Handed): boolean {
  return a.topic === b.topic && a.only === b.only && a.after <= b.upTo && b.after <= a.upTo
}
