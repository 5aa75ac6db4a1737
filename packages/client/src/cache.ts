import type { Counts, Item } from '@belfry/protocol'
import type { Clock } from './environment.ts'
import { emptyInbox, type Inbox } from './inbox.ts'
import type { LocalStore } from './local-store.ts'
import { isCounts, isItem, isListOf, isRecord, isText } from './stored-values.ts'

/** Source: ui.md C9. */
const MAX_ITEMS = 100
const MAX_BYTES = 1_000_000
/** A burst of entries is one write; as often as the server is told of them (ui.md C4). */
const WRITE_EVERY_MS = 1_000

interface CachedInbox {
  items: readonly Item[]
  floor: string
  counts: Counts
}

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** What to keep of an inbox: the newest items, as many as fit. */
export function toCached({ list, counts }: Inbox): CachedInbox {
  const newest = list.items.slice(0, MAX_ITEMS)
  let bytes = sizeOf({ items: [], floor: newest[0]?.id, counts })
  const tooLarge = newest.findIndex((item) => {
    bytes += sizeOf(item) + 1
    return bytes > MAX_BYTES
  })
  const items = tooLarge < 0 ? newest : newest.slice(0, tooLarge)
  const isCut = items.length < list.items.length
  return { items, floor: isCut ? (items.at(-1)?.id ?? '') : list.floor, counts }
}

/**
 * An inbox without a cursor, so that the first sync is a snapshot which takes its place. Undefined when nothing is to
 * be shown: an empty cache does not prove an empty inbox.
 */
export function fromCached(value: unknown): Inbox | undefined {
  if (!isRecord(value)) return undefined
  const { items, floor, counts } = value
  if (!isListOf(items, isItem) || items.length === 0 || !isText(floor) || !isCounts(counts)) return undefined
  const isSorted = items.every(({ id }, at) => at === 0 || id < (items[at - 1]?.id ?? ''))
  return isSorted ? { ...emptyInbox, list: { items, floor, removed: [] }, counts } : undefined
}

/** Keeps an inbox under a key, a second behind. */
export class Cache {
  readonly #store: LocalStore
  readonly #clock: Clock
  readonly #key: string
  #written: Inbox | undefined
  #next: Inbox | undefined
  #cancel: (() => void) | undefined

  constructor(store: LocalStore, clock: Clock, key: string) {
    this.#store = store
    this.#clock = clock
    this.#key = key
  }

  async read(): Promise<Inbox | undefined> {
    return fromCached(await this.#store.get(this.#key))
  }

  /** Only what the server has told may be kept. */
  keep(inbox: Inbox): void {
    if (inbox === this.#written || inbox.cursor === undefined) return
    this.#next = inbox
    this.#cancel ??= this.#clock.schedule(() => this.flush(), WRITE_EVERY_MS)
  }

  flush(): void {
    const next = this.#next
    this.drop()
    if (!next) return
    this.#written = next
    void this.#store.set(this.#key, toCached(next))
  }

  /** Forgets what has not been written. */
  drop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#next = undefined
  }
}
