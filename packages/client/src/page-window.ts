import type { Item } from '@belfry/protocol'
import { applyChange, type InboxChange } from './effects.ts'
import { emptyList, type ItemList } from './item-list.ts'
import { applyPage, type Loaded, type Page, startPage, withChanges } from './list-page.ts'

/** As many as a snapshot brings. */
export const PAGE_SIZE = 50

/** Source: ui.md C11. */
const MAX_ITEMS = 1_000

/** Greater than every id: no page has come yet. */
const NOTHING_LOADED = '\uffff'

/** A page that was read: where it began, and the last id that it brought. */
interface ReadPage {
  readonly cursor: string | undefined
  readonly lastId: string
}

/**
 * A part of a long list. However far somebody reads, only so many items are kept: pages at the far end are dropped, and
 * read again on the way back.
 *
 *   above │ window: newest ─ pages ─ floor │ not read
 */
export class PageWindow {
  readonly #ask: (cursor: string | undefined) => Promise<Page>
  /** What stays before the next page comes. */
  readonly #maxKept: number
  #loaded: Loaded = nothing()
  /** Newest first. */
  #pages: readonly ReadPage[] = []
  /** Dropped; newest first. */
  #above: readonly ReadPage[] = []
  /** Ids of what has come above the window. */
  readonly #arrived = new Set<string>()
  /** Takes the place of what is shown when it reaches as far. */
  #fresh: Loaded | undefined

  /** @param first An inbox to read on from, instead of from nothing */
  constructor(
    ask: (cursor: string | undefined) => Promise<Page>,
    pageSize: number,
    first?: Omit<Loaded, 'journal'>,
  ) {
    this.#ask = ask
    // The first page may be a snapshot, however short the others are.
    this.#maxKept = MAX_ITEMS - Math.max(pageSize, PAGE_SIZE)
    if (!first) return
    const { list, nextCursor } = first
    this.#loaded = { list: { ...list, removed: [] }, nextCursor, journal: undefined }
    const lastId = list.items.at(-1)?.id
    if (lastId !== undefined) this.#pages = [{ cursor: undefined, lastId }]
  }

  get list(): ItemList {
    return this.#loaded.list
  }

  get isLoaded(): boolean {
    return this.list.floor !== NOTHING_LOADED
  }

  get extent(): { hasMore: boolean; hasNewer: boolean; newAbove: number } {
    const hasNewer = this.#above.length > 0
    return { hasMore: this.list.floor !== '', hasNewer, newAbove: hasNewer ? this.#arrived.size : 0 }
  }

  has(id: string): boolean {
    return this.list.items.some((item) => item.id === id)
  }

  /** Whether an item with this id belongs between the ends of the window. */
  covers(id: string): boolean {
    const ceiling = this.#above.at(-1)?.lastId
    return id >= this.list.floor && (ceiling === undefined || id < ceiling)
  }

  /** @param stays Whether an item belongs to the list, told whether it was in it before */
  change(changes: readonly InboxChange[], stays: (item: Item, isKnown: boolean) => boolean): void {
    const after = (loaded: Loaded): Loaded => {
      const list = changes.reduce<ItemList>(applyChange, loaded.list)
      const known = new Set(loaded.list.items.map(({ id }) => id))
      const wanted = list.items.filter((item) => stays(item, known.has(item.id)))
      const items = wanted.filter(({ id }) => this.covers(id))
      for (const { id } of wanted) if (!this.covers(id)) this.#arrived.add(id)
      return withChanges(loaded, { ...list, items, removed: [] }, changes)
    }
    this.#loaded = after(this.#loaded)
    this.#fresh &&= after(this.#fresh)
  }

  /**
   * Reads the next page. The far end goes before it, not with it: whoever shows the list can keep its place through
   * either change, but not through both at once. A page that brings nothing new is passed over: after a trim they are
   * walked from the top.
   */
  async older(): Promise<void> {
    this.#dropAbove()
    const before = this.list.items.length
    do {
      const { nextCursor: cursor } = this.#loaded
      this.#loaded = startPage(this.#loaded)
      const page = await this.#ask(cursor)
      this.#loaded = applyPage(this.#loaded, page)
      const lastId = page.notifications.at(-1)?.id
      if (lastId !== undefined) this.#pages = [...this.#pages, { cursor, lastId }]
    } while (this.list.items.length <= before && this.#loaded.nextCursor !== undefined)
  }

  /** Reads the page above the window again. */
  async newer(): Promise<void> {
    const wanted = this.#above.at(-1)
    if (!wanted) return
    this.#dropBelow()
    const { floor } = this.list
    const { nextCursor } = this.#loaded
    let cursor = wanted.cursor
    let lastId: string | undefined
    do {
      this.#loaded = startPage(this.#loaded)
      const page = await this.#ask(cursor)
      const { list, ...rest } = applyPage(this.#loaded, page)
      this.#loaded = { ...rest, list: { ...list, floor }, nextCursor }
      cursor = page.nextCursor ?? undefined
      lastId = page.notifications.at(-1)?.id
      // More may stand there now than one page holds.
    } while (cursor !== undefined && lastId !== undefined && lastId > wanted.lastId)
    this.#above = this.#above.slice(0, -1)
    if (this.#above.length === 0) this.#arrived.clear()
    this.#pages = [wanted, ...this.#pages]
  }

  /** Reads anew what the window holds. */
  async again(): Promise<void> {
    const { floor } = this.list
    let cursor = this.#pages[0]?.cursor
    let fresh = nothing()
    let pages: readonly ReadPage[] = []
    let lastId: string | undefined
    do {
      this.#fresh = startPage(fresh)
      const page = await this.#ask(cursor)
      fresh = applyPage(this.#fresh, page)
      lastId = page.notifications.at(-1)?.id
      if (lastId !== undefined) pages = [...pages, { cursor, lastId }]
      cursor = fresh.nextCursor
    } while (cursor !== undefined && lastId !== undefined && lastId > floor)
    this.#fresh = undefined
    this.#loaded = fresh
    this.#pages = pages
  }

  #dropAbove(): void {
    while (this.list.items.length > this.#maxKept && this.#pages.length > 1) {
      const [first, ...rest] = this.#pages
      const kept = this.list.items.filter((item) => item.id < (first?.lastId ?? ''))
      // The first one may be all that had arrived before: what is read now must not go with it.
      if (!first || kept.length < this.#maxKept / 2) return
      this.#pages = rest
      this.#above = [...this.#above, first]
      this.#keep(kept)
    }
  }

  #dropBelow(): void {
    while (this.list.items.length > this.#maxKept && this.#pages.length > 1) {
      const last = this.#pages.at(-1)
      this.#pages = this.#pages.slice(0, -1)
      const floor = this.#pages.at(-1)?.lastId ?? ''
      this.#keep(this.list.items.filter((item) => item.id >= floor))
      this.#loaded = { ...this.#loaded, list: { ...this.list, floor }, nextCursor: last?.cursor }
    }
  }

  #keep(items: readonly Item[]): void {
    this.#loaded = { ...this.#loaded, list: { ...this.list, items } }
  }
}

const nothing = (): Loaded => ({
  list: { ...emptyList, floor: NOTHING_LOADED },
  nextCursor: undefined,
  journal: undefined,
})
