import type { Store } from '../store/store.ts'
import type { Durable } from './peer.ts'
import type { Peers } from './peers.ts'
import type { SteadyTime } from './steady-time.ts'

const SYSTEM = { kind: 'system' } as const
/** A transaction among others, and not a long one. */
const AT_ONCE = 500
/** Each commit costs; what is written here nobody waits for, and a crash may lose some seconds of it. */
const WRITE_EVERY_MS = 5000
/** How long nothing is tried after the store has refused. */
const PAUSE_MS = 2000

export interface DurableNotesOptions {
  store: Pick<Store, 'read' | 'transact'>
  peers: Peers
  time: SteadyTime
  onError(error: unknown): void
}

/** Between the peers and the store: what is kept of users who come, and when users were active last. */
export class DurableNotes {
  readonly #options: DurableNotesOptions
  readonly #wanted = new Set<string>()
  #isReading = false
  #writing: Promise<void> | undefined
  #pausedUntil = 0
  #writtenAt = 0

  constructor(options: DurableNotesOptions) {
    this.#options = options
  }

  /** What is kept of this user is to be read; those of one tick are read together. */
  want(user: string): void {
    this.#wanted.add(user)
    if (this.#wanted.size === 1) setImmediate(() => void this.#read())
  }

  tick(now: number): void {
    if (now < this.#pausedUntil) return
    if (this.#wanted.size > 0) void this.#read()
    if (this.#writing || now - this.#writtenAt < WRITE_EVERY_MS) return
    this.#writtenAt = now
    void this.flush()
  }

  /** Writes what is noted so far. */
  async flush(): Promise<void> {
    await this.#writing
    this.#writing = this.#write()
    await this.#writing
    this.#writing = undefined
  }

  async #write(): Promise<void> {
    const { store, peers, time } = this.#options
    const notes = peers.notes.take()
    let written = 0
    try {
      for (; written < notes.length; written += AT_ONCE) {
        const some = notes.slice(written, written + AT_ONCE)
        const active = some.map(([user, at]) => [user, time.toWall(at)])
        await store.transact('noteActive', SYSTEM, { active })
      }
    } catch (error) {
      peers.notes.giveBack(notes.slice(written))
      this.#failed(error)
    }
  }

  async #read(): Promise<void> {
    const { store, peers, time } = this.#options
    if (this.#isReading) return
    this.#isReading = true
    let users: string[] = []
    try {
      while (this.#wanted.size > 0) {
        users = [...this.#wanted].slice(0, AT_ONCE)
        for (const user of users) this.#wanted.delete(user)
        // The answer is what the query's function in queries.ts returns.
        const rows = (await store.read('durableOf', { users })) as Durable[]
        for (const [index, user] of users.entries()) {
          const { wish, lastActive } = rows[index] as Durable
          const until = wish.until === null ? null : time.fromWall(wish.until)
          const seenAt = lastActive === null ? null : time.fromWall(lastActive)
          // Who was asked about once more meanwhile may have changed since this was read.
          if (this.#wanted.has(user)) continue
          peers.learn(user, { wish: { ...wish, until }, lastActive: seenAt }, time.now())
        }
      }
    } catch (error) {
      for (const user of users) this.#wanted.add(user)
      this.#failed(error)
    } finally {
      this.#isReading = false
    }
  }

  #failed(error: unknown): void {
    this.#pausedUntil = this.#options.time.now() + PAUSE_MS
    this.#options.onError(error)
  }
}
