import { type Counts, type Entry, moveCounts } from '@belfry/protocol'
import type { LogEntry } from '../store/store.ts'

/**
 * Numbers beside a broadcast follow it after this time, so that its packet can be the same for everyone, and to so many
 * users at a time: its readers have moved their own numbers over it, and a large audience must not be told twice at once.
 */
const TELL_EVERY_MS = 50
const TOLD_AT_ONCE = 100
/** Users counted per read. */
const SLICE = 500

interface Cached {
  counts: Counts
  /** True while the store is asked, or must be. */
  isStale: boolean
}

/**
 * Exact numbers of users with native sockets here: set from the store, moved by new notifications, recounted after
 * everything else. They always name the cursor they hold at.
 */
export class CountCache {
  readonly #cached = new Map<string, Cached>()
  readonly #countsOf: (users: string[]) => Promise<Counts[]>
  readonly #tell: (user: string, counts: Counts) => void
  readonly #onError: (error: unknown) => void
  readonly #stale = new Set<string>()
  readonly #due = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #isRefreshing = false

  constructor(
    countsOf: (users: string[]) => Promise<Counts[]>,
    tell: (user: string, counts: Counts) => void,
    onError: (error: unknown) => void,
  ) {
    this.#countsOf = countsOf
    this.#tell = tell
    this.#onError = onError
  }

  /** Numbers fresh from the store; older ones than those at hand are ignored. */
  set(user: string, counts: Counts): void {
    const cached = this.#cached.get(user)
    if (cached && isBehind(counts, cached.counts)) return
    this.#cached.set(user, { counts, isStale: false })
  }

  forget(user: string): void {
    this.#cached.delete(user)
    this.#stale.delete(user)
    this.#due.delete(user)
  }

  /** The numbers, unless the store has to be asked first. */
  settled(user: string): Counts | undefined {
    const cached = this.#cached.get(user)
    return cached && !cached.isStale ? cached.counts : undefined
  }

  /** `isWithheld`: the entry is not for this user, and only its offset counts. */
  move(user: string, entry: LogEntry, isWithheld: boolean): void {
    const cached = this.#cached.get(user)
    const { topic, offset, at } = entry
    if (!cached || offset <= (cached.counts.at[topic] ?? -1)) return
    // A topic that came later than the numbers: they hold nothing of it yet.
    cached.counts.at[topic] ??= offset - 1
    const shown: Entry = isWithheld ? { topic, offset, kind: 'item.withheld', data: {}, at } : entry
    if (!cached.isStale && moveCounts(cached.counts, shown)) return
    cached.counts.at[topic] = offset
    cached.isStale = true
    this.#stale.add(user)
  }

  tellSoon(user: string): void {
    if (!this.#cached.has(user)) return
    this.#due.add(user)
    this.#timer ??= setTimeout(() => this.#tellDue(), TELL_EVERY_MS)
  }

  #tellDue(): void {
    this.#timer = undefined
    let left = TOLD_AT_ONCE
    for (const user of this.#due) {
      if (left-- === 0) break
      this.#due.delete(user)
      const counts = this.settled(user)
      if (counts) this.#tell(user, counts)
    }
    if (this.#due.size > 0) this.#timer = setTimeout(() => this.#tellDue(), TELL_EVERY_MS)
  }

  /** Asks the store for the numbers that entries made stale, and tells them. */
  refresh(): void {
    if (this.#isRefreshing || this.#stale.size === 0) return
    this.#isRefreshing = true
    const users = [...this.#stale].slice(0, SLICE)
    for (const user of users) this.#stale.delete(user)
    this.#recount(users).then(
      () => this.#afterRefresh(),
      (error) => {
        for (const user of users) if (this.#cached.has(user)) this.#stale.add(user)
        this.#onError(error)
        setTimeout(() => this.#afterRefresh(), 1000).unref()
      },
    )
  }

  #afterRefresh(): void {
    this.#isRefreshing = false
    this.refresh()
  }

  async #recount(users: string[]): Promise<void> {
    const fresh = await this.#countsOf(users)
    for (const [index, user] of users.entries()) {
      const counts = fresh[index]
      const cached = this.#cached.get(user)
      if (!counts || !cached) continue
      if (isBehind(counts, cached.counts)) {
        this.#stale.add(user)
        continue
      }
      this.#cached.set(user, { counts, isStale: false })
      this.#tell(user, counts)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#stale.clear()
  }
}

/** Whether `counts` lacks an entry that `others` holds, in a topic that both know. */
function isBehind(counts: Counts, others: Counts): boolean {
  return Object.entries(counts.at).some(([topic, offset]) => offset < (others.at[topic] ?? 0))
}
