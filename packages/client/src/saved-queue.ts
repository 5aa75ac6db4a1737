import type { Clock } from './environment.ts'
import type { LocalStore } from './local-store.ts'
import { isQueuedChange, type QueuedChange } from './queued-change.ts'
import { isRecord } from './stored-values.ts'
import type { Tabs } from './tabs.ts'

/**
 * A tab without Web Locks that has not been heard of for so long is gone. A sleeping one's timers run once a minute, so
 * it may be taken for gone, which only sends its changes twice with the same keys.
 */
const GONE_MS = 30_000
/** Three per `GONE_MS`, so that two may be late. */
const BEAT_MS = GONE_MS / 3

export interface SavedQueueOptions {
  store: LocalStore
  tabs: Tabs
  clock: Clock
  newId(): string
  /** The user's, without the tab. */
  prefix: string
  /** Changes that are ours from now on; it saves them. */
  onTaken(changes: QueuedChange[]): void
}

/**
 * A tab's unsent changes on the device. Each page has a queue of its own; what the page before it in the same tab, or a
 * tab that is gone, has left is moved into it, by one tab at a time.
 */
export class SavedQueue {
  readonly #options: SavedQueueOptions
  readonly #id: string
  readonly #before: string | undefined
  readonly #release: () => void
  #changes: readonly QueuedChange[] = []
  #saved = Promise.resolve()
  #cancelBeat = (): void => undefined
  #isClosed = false

  constructor(options: SavedQueueOptions) {
    const { tabs, newId, prefix } = options
    this.#options = options
    this.#id = newId()
    this.#before = tabs.succeed(prefix, this.#id)
    this.#release = tabs.hold(this.#lockOf(this.#id))
  }

  /** Ends when what was left is taken over. */
  async open(): Promise<void> {
    if (this.#isClosed) return
    this.#cancelBeat = this.#options.clock.schedule(() => void this.#beat(), BEAT_MS)
    try {
      await this.#options.tabs.alone(`${this.#options.prefix}lock`, () => this.#takeOver())
    } catch {
      // Locks that a browser refuses, as in a sandboxed frame: the queues stay where they are.
    }
  }

  save(changes: readonly QueuedChange[]): void {
    const { store, prefix, clock } = this.#options
    const isEmpty = changes.length === 0
    if (this.#isClosed || (isEmpty && this.#changes.length === 0)) return
    this.#changes = changes
    const key = prefix + this.#id
    this.#saved = isEmpty ? store.del(key) : store.set(key, { aliveAt: clock.now(), changes })
  }

  close(): void {
    this.#isClosed = true
    this.#cancelBeat()
    this.#release()
  }

  #lockOf = (id: string): string => `belfry:tab:${id}`

  #beat(): Promise<void> {
    this.save(this.#changes)
    return this.open()
  }

  async #takeOver(): Promise<void> {
    const { store, prefix, onTaken } = this.#options
    const ids = (await store.keys())
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .filter((id) => id !== this.#id)
    if (ids.length === 0) return
    const left = await this.#leftBehind(ids)
    if (this.#isClosed || left.size === 0) return
    onTaken([...left.values()].flat())
    // Until ours is written both have them: a crash in between doubles them, with the same keys.
    await this.#saved
    for (const id of left.keys()) await store.del(prefix + id)
  }

  /** What tabs have left that are gone, by tab. */
  async #leftBehind(ids: readonly string[]): Promise<ReadonlyMap<string, QueuedChange[]>> {
    const { store, tabs, clock, prefix } = this.#options
    const held = await tabs.held()
    const left = new Map<string, QueuedChange[]>()
    for (const id of ids) {
      if (id !== this.#before && held?.has(this.#lockOf(id))) continue
      const value = await store.get(prefix + id)
      const { aliveAt, changes } = isRecord(value) ? value : {}
      const isFresh = typeof aliveAt === 'number' && clock.now() - aliveAt < GONE_MS
      if (id !== this.#before && !held && isFresh) continue
      left.set(id, Array.isArray(changes) ? changes.filter(isQueuedChange) : [])
    }
    return left
  }
}
