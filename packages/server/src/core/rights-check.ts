import { RIGHTS_KINDS } from '../store/sql/rights-kinds.ts'
import type { LogEntry } from '../store/store.ts'
import type { RightsAnswer } from './rights.ts'

/** Transactions take time, and so what is younger than this by the log's own times may still appear. */
const OVERLAP_MS = 60_000
const kinds: ReadonlySet<string> = new Set(RIGHTS_KINDS)

export interface RightsCheckOptions {
  /** What the log has after that time; see `rightsOf`. */
  read(after?: number): Promise<RightsAnswer>
  /** An entry that this node did not hear of otherwise. */
  onMissed(entry: LogEntry): void
}

/**
 * Finds what has changed somebody's rights and was heard of neither on the bus nor by the head check, which looks after
 * the topics of connected users only: the key of a machine, the person who only sends over HTTP, the one who is watched
 * from here and connected elsewhere.
 */
export class RightsCheck {
  readonly #options: RightsCheckOptions
  /** Entries that came by, with their time. */
  readonly #seen = new Map<string, number>()
  /** Time of the last entry that was found. */
  #foundAt = 0

  constructor(options: RightsCheckOptions) {
    this.#options = options
  }

  /** This entry came by. */
  note({ topic, offset, kind, at }: LogEntry): void {
    if (kinds.has(kind)) this.#seen.set(keyOf(topic, offset), Date.parse(at))
  }

  /** Before anything is remembered of anybody: what happened until now need not be told. @throws what the store throws */
  async begin(): Promise<void> {
    this.#foundAt = (await this.#options.read()).upTo
    for (const entry of await this.#recent()) this.note(entry)
  }

  /** @throws what the store throws */
  async check(): Promise<void> {
    const entries = await this.#recent()
    const missed = entries.filter(({ topic, offset }) => !this.#seen.has(keyOf(topic, offset)))
    for (const entry of missed) this.#options.onMissed(entry)
    for (const entry of entries) this.note(entry)
    for (const entry of overtaken(missed, entries)) this.#options.onMissed(entry)
    for (const [key, at] of this.#seen) if (at < this.#foundAt - 2 * OVERLAP_MS) this.#seen.delete(key)
  }

  async #recent(): Promise<LogEntry[]> {
    const entries: LogEntry[] = []
    for (let after = this.#foundAt - OVERLAP_MS, hasMore = true; hasMore; ) {
      const page = await this.#options.read(after)
      entries.push(...page.entries)
      this.#foundAt = Math.max(this.#foundAt, page.upTo)
      after = page.upTo
      hasMore = page.hasMore
    }
    return entries
  }
}

/** What an account may do now, where something older was told after it: the last word counts. */
function overtaken(missed: readonly LogEntry[], entries: readonly LogEntry[]): LogEntry[] {
  const last = new Map<string, LogEntry>()
  for (const entry of entries) {
    const offset = last.get(entry.topic)?.offset ?? 0
    if (entry.kind === 'account.changed' && entry.offset > offset) last.set(entry.topic, entry)
  }
  return [...last.values()].filter((one) =>
    missed.some((other) => other.topic === one.topic && other.offset < one.offset && other.kind === one.kind),
  )
}

const keyOf = (topic: string, offset: number) => `${topic} ${offset}`
