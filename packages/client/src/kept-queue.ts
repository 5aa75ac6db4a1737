import type { TabLocks } from './browser-tabs.ts'
import type { Clock } from './environment.ts'
import { type LocalStore, quietly } from './local-store.ts'
import { isListOf, isRecord } from './stored-values.ts'

/**
 * A tab without Web Locks that has not been heard of for so long is gone. A sleeping one's timers run once a minute, so
 * it may be taken for gone, which only sends its changes twice with the same keys.
 */
const GONE_MS = 30_000
/** Three per `GONE_MS`, so that two may be late. */
const LOOK_EVERY_MS = GONE_MS / 3

export interface KeptQueueOptions<T> {
  store: LocalStore
  clock: Clock
  /** Undefined on plain http. */
  locks: TabLocks | undefined
  /** Of this page, unique for good. */
  id: string
  /** The user's. */
  key: string
  isOne(value: unknown): value is T
  /** What a page has left that is gone; to be saved as ours. */
  onTaken(values: T[]): void
}

/**
 * What a device keeps of one user for each page: what the page has not sent yet.
 *
 * A page holds a lock while it lives. The others wait for that lock, and who gets it takes over what the page has left:
 * the next page in the same tab after a reload, or another tab.
 */
export class KeptQueue<T> {
  readonly #options: KeptQueueOptions<T>
  readonly #closing = new AbortController()
  readonly #awaited = new Set<string>()
  #changes: readonly T[] = []
  #cancelLook = (): void => undefined

  constructor(options: KeptQueueOptions<T>) {
    this.#options = options
    const { signal } = this.#closing
    const untilClosed = new Promise<void>((resolve) => {
      signal.onabort = () => resolve()
    })
    this.#withLock(this.#queueKey(options.id), () => untilClosed)
    void this.#look()
  }

  async save(changes: readonly T[]): Promise<void> {
    const { store, clock, id } = this.#options
    if (changes.length + this.#changes.length === 0) return
    this.#changes = changes
    const key = this.#queueKey(id)
    await quietly(changes.length === 0 ? store.del(key) : store.set(key, { aliveAt: clock.now(), changes }))
  }

  close(): void {
    this.#closing.abort()
    this.#cancelLook()
  }

  #queueKey = (id: string): string => `${this.#options.key}:queue:${id}`

  /** A frame in a sandbox is refused any lock. */
  #withLock(key: string, run: () => Promise<void>): void {
    const { signal } = this.#closing
    const locks = this.#options.locks
    if (locks) void quietly(locks.request(`belfry:tab:${key}`, { signal }, run))
  }

  async #look(): Promise<void> {
    const { store, clock, locks, id } = this.#options
    void this.save(this.#changes)
    const own = this.#queueKey(id)
    for (const key of (await quietly(store.keys())) ?? []) {
      if (!key.startsWith(this.#queueKey('')) || key === own || this.#awaited.has(key)) continue
      if (locks) {
        this.#awaited.add(key)
        this.#withLock(key, () => this.#takeOver(key))
      } else await this.#takeOver(key)
    }
    if (!this.#closing.signal.aborted) {
      this.#cancelLook = clock.schedule(() => void this.#look(), LOOK_EVERY_MS)
    }
  }

  async #takeOver(key: string): Promise<void> {
    const { store, clock, locks, isOne, onTaken } = this.#options
    const value = await quietly(store.get(key))
    const { aliveAt, changes } = isRecord(value) ? value : {}
    const isAlive = !locks && Number(aliveAt) > clock.now() - GONE_MS
    if (this.#closing.signal.aborted || value === undefined || isAlive) return
    // Ours is written first: a crash in between doubles them, with the same keys.
    if (isListOf(changes, isOne)) onTaken(changes)
    await quietly(store.del(key))
  }
}
