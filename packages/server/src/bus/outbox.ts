import type { LogEntry } from '../store/store.ts'
import type { Parcel } from './line.ts'
import { MAX_TEXT, type Seal } from './seal.ts'

/** A larger entry is read from the log by those who want it. Source: architecture.md §7. */
const MAX_INLINE = 8 * 1024
/** Well under what is taken, and under what NATS takes at once when each character needs three bytes. */
const MAX_BATCH = MAX_TEXT / 2

interface Batch {
  entries: string[]
  heads: [string, number][]
  size: number
}

/** What one tick publishes, by subject: one text each, unless that would be too large. */
export class Outbox {
  readonly #seal: Seal
  readonly #from: string
  readonly #batches = new Map<string, Batch[]>()
  size = 0

  constructor(seal: Seal, from: string) {
    this.#seal = seal
    this.#from = from
  }

  add(subject: string, entry: LogEntry): void {
    const json = JSON.stringify(entry)
    const isInline = json.length <= MAX_INLINE
    const size = isInline ? json.length : entry.topic.length + 24
    const batch = this.#batchFor(subject, size)
    batch.size += size
    this.size += size
    if (isInline) batch.entries.push(json)
    else batch.heads.push([entry.topic, entry.offset])
  }

  /** Everything so far, signed. */
  take(): Parcel[] {
    const parcels = [...this.#batches].flatMap(([subject, batches]) =>
      batches.map(({ entries, heads }) => {
        const more = heads.length > 0 ? `,"heads":${JSON.stringify(heads)}` : ''
        const json = `{"from":"${this.#from}","entries":[${entries.join(',')}]${more}}`
        return { subject, text: this.#seal.close(subject, json) }
      }),
    )
    this.clear()
    return parcels
  }

  clear(): void {
    this.#batches.clear()
    this.size = 0
  }

  #batchFor(subject: string, size: number): Batch {
    const batches = this.#batches.get(subject) ?? []
    this.#batches.set(subject, batches)
    const last = batches.at(-1)
    if (last && last.size + size <= MAX_BATCH) return last
    const fresh: Batch = { entries: [], heads: [], size: 0 }
    batches.push(fresh)
    return fresh
  }
}
