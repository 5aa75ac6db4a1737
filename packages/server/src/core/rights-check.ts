import { RIGHTS_KINDS } from '../store/sql/rights-kinds.ts'
import type { LogEntry } from '../store/store.ts'
import type { RightsAnswer } from './rights.ts'

/** Transactions take time, and clocks of nodes differ: what is younger than this may still appear. */
const OVERLAP_MS = 60_000
const kinds: ReadonlySet<string> = new Set(RIGHTS_KINDS)

export interface RightsCheckOptions {
  /** What the log has of the last `forMs`; see `rightsOf`. */
  read(forMs: number): Promise<RightsAnswer>
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
  readonly #seen = new Map<string, number>()
  #checkedAt: number | undefined

  constructor(options: RightsCheckOptions) {
    this.#options = options
  }

  /** This entry came by. */
  note({ topic, offset, kind }: LogEntry): void {
    if (kinds.has(kind)) this.#seen.set(keyOf(topic, offset), this.#checkedAt ?? 0)
  }

  /** Before anything is remembered of anybody: what happened until now need not be told. @throws what the store throws */
  async begin(): Promise<void> {
    const { now, entries } = await this.#options.read(OVERLAP_MS)
    this.#checkedAt = now
    for (const entry of entries) this.note(entry)
  }

  /** @throws what the store throws */
  async check(elapsedMs: number): Promise<void> {
    const { now, entries } = await this.#options.read(OVERLAP_MS + elapsedMs)
    this.#checkedAt = now
    const missed = entries.filter(({ topic, offset }) => !this.#seen.has(keyOf(topic, offset)))
    for (const entry of missed) this.#options.onMissed(entry)
    for (const entry of entries) this.note(entry)
    for (const entry of overtaken(missed, entries)) this.#options.onMissed(entry)
    for (const [key, at] of this.#seen) if (at < now - 2 * (OVERLAP_MS + elapsedMs)) this.#seen.delete(key)
  }
}

/** What an account may do now, where something older was told after it: the last word counts. */
function overtaken(missed: readonly LogEntry[], entries: readonly LogEntry[]): LogEntry[] {
  const last = new Map<string, LogEntry>()
  for (const entry of entries) if (entry.kind === 'account.changed') last.set(entry.topic, entry)
  return [...last.values()].filter((one) =>
    missed.some((other) => other.topic === one.topic && other.offset < one.offset && other.kind === one.kind),
  )
}

const keyOf = (topic: string, offset: number) => `${topic} ${offset}`
