import type { Entry, Item } from '@belfry/protocol'
import { handled } from './changes.ts'
import { ClientFailure } from './client-failure.ts'
import type { Commands } from './commands.ts'
import { type InboxChange, isInboxChange } from './effects.ts'
import type { Inbox, Page } from './inbox.ts'
import { everything, fits, type ItemFilter, keyOf, queryOf } from './item-filter.ts'
import { Listeners } from './listeners.ts'
import type { Model } from './model.ts'
import { PAGE_SIZE, PageWindow } from './page-window.ts'
import { overlay } from './pending.ts'

/** One list of items, whole or narrowed by a filter. */
export interface ListState {
  /** Whether the list is known; until then an empty one means nothing. */
  readonly isReady: boolean
  readonly items: readonly Item[]
  readonly hasMore: boolean
  /** Newer items were dropped while older ones were read; `fetchNewer` brings them back. */
  readonly hasNewer: boolean
  readonly isFetchingMore: boolean
  /** Why the last page did not come. */
  readonly error: ClientFailure | undefined
}

/** A way to read of `PageWindow`. */
type Reading = 'older' | 'newer' | 'again'

export interface ListOptions {
  /** How many items at first, and how many more by `fetchMore`; at most 100. Without it as many as the server likes. */
  pageSize?: number | undefined
}

export interface FilteredListOptions extends ListOptions {
  filter: ItemFilter
  model: Model
  commands: Commands
}

/** Source: the command table. */
const MAX_PAGE_SIZE = 100

/**
 * What fits a filter, as the server finds it and as entries change it.
 *
 * Pages come from the server; items that are loaded in the inbox too are taken from there, so a new one shows at once.
 * An item that comes to fit and that nobody has loaded makes the list load anew. Without a filter it is the inbox
 * itself, until somebody reads on.
 */
export class FilteredList {
  readonly changed = new Listeners<void>()
  readonly #options: FilteredListOptions
  readonly #isWhole: boolean
  readonly #pageSize: number
  /** Undefined: the inbox itself is shown. */
  #window: PageWindow | undefined
  /** Of the inbox, the id down to which it is shown; undefined until that is known. */
  #floor: string | undefined
  #state: ListState | undefined
  #page: { what: Reading; done: Promise<void> } | undefined
  #error: ClientFailure | undefined
  #isStale = false

  constructor(options: FilteredListOptions) {
    this.#options = options
    this.#isWhole = keyOf(options.filter) === everything
    this.#pageSize = Math.min(options.pageSize ?? PAGE_SIZE, MAX_PAGE_SIZE)
    this.#window = this.#emptyWindow()
    if (this.#window) handled(this.#fetch('older'))
  }

  get state(): ListState {
    this.#state ??= this.#read()
    return this.#state
  }

  fetchMore(): Promise<void> {
    const { items, hasMore } = this.state
    const loaded = this.#options.model.view.items
    if (!this.#window && items.length < loaded.length) {
      this.#floor = loaded[items.length + this.#pageSize - 1]?.id ?? ''
      this.look()
      return Promise.resolve()
    }
    return hasMore ? this.#fetch('older') : Promise.resolve()
  }

  fetchNewer(): Promise<void> {
    return this.state.hasNewer ? this.#fetch('newer') : Promise.resolve()
  }

  refresh(): void {
    if (this.#isWhole) {
      this.#window = undefined
      this.#floor = undefined
      this.look()
      return
    }
    // The first page is asked for on a line that has caught up.
    if (!this.#window?.isLoaded && this.#page) return
    this.#isStale = true
    if (!this.#page) handled(this.#fetch('again'))
  }

  /** What is loaded is another user's; a refresh follows when there is something for this one. */
  reset(): void {
    this.#page = undefined
    this.#floor = undefined
    this.#window = this.#emptyWindow()
    this.look()
  }

  /** Entries that the inbox has applied. */
  hear(entries: readonly Entry[]): void {
    const changes: readonly InboxChange[] = entries.filter((entry): entry is Extract<Entry, InboxChange> =>
      isInboxChange(entry),
    )
    if (changes.length === 0 || !this.#window) return
    const { filter } = this.#options
    const isBeyondUs = changes.some((change) => this.#isBeyondUs(change))
    // Of new items only the server knows whether a search finds them.
    this.#window.change(changes, (item, isKnown) => fits(filter, item) && (isKnown || !filter.search))
    if (isBeyondUs) this.refresh()
  }

  /** Something that is shown may have changed. */
  look(): void {
    this.#state = undefined
    this.changed.tell()
  }

  /** A change of items that are loaded nowhere, or that move between inbox and archive: only the server can place them. */
  #isBeyondUs({ kind, data }: InboxChange): boolean {
    // The whole list is told everything: what it has not loaded, its pages will bring as it is then.
    if (this.#isWhole || kind === 'item.created') return false
    const { filter, model } = this.#options
    if (filter.archived) return true
    const isLoaded = (id: string) => model.lastKnown(id) !== undefined || this.#window?.has(id)
    return 'ids' in data && !data.ids.every(isLoaded)
  }

  #emptyWindow(): PageWindow | undefined {
    return this.#isWhole ? undefined : this.#newWindow()
  }

  #newWindow(first?: Inbox): PageWindow {
    return new PageWindow((cursor) => this.#ask(cursor), this.#pageSize, first)
  }

  /** One at a time; who asks for the same gets the same. */
  #fetch(what: Reading): Promise<void> {
    if (this.#page?.what === what) return this.#page.done
    if (this.#page) return handled(this.#page.done.then(() => this.#fetch(what)))
    const window = this.#window ?? this.#newWindow(this.#options.model.inbox)
    this.#window = window
    if (what === 'again') this.#isStale = false
    const done = window[what]().then(
      () => this.#end(undefined),
      (error: unknown) => {
        this.#end(error)
        throw error
      },
    )
    this.#page = { what, done }
    this.look()
    return handled(done)
  }

  async #ask(cursor: string | undefined): Promise<Page> {
    const { commands, filter } = this.#options
    const input = { ...queryOf(filter), limit: this.#pageSize, ...(cursor === undefined ? {} : { cursor }) }
    // The table's item is looser than what a server sends: it lets fields through that it does not name.
    return (await commands.run('listNotifications', input)) as unknown as Page
  }

  #end(error: unknown): void {
    this.#page = undefined
    this.#error = error instanceof ClientFailure ? error : undefined
    // What became stale while a page was on its way.
    if (this.#isStale && !error) handled(this.#fetch('again'))
    else this.look()
  }

  #read(): ListState {
    const { filter, model } = this.#options
    const { cursor, list } = model.inbox
    const window = this.#window
    const loaded = model.view.items
    const isReady = window ? window.isLoaded : cursor !== undefined || loaded.length > 0
    const items = window ? shown(filter, window, model) : this.#first(loaded, isReady)
    const hasMore = isReady && (list.floor !== '' || items.length < loaded.length)
    return {
      ...(window?.extent ?? { hasMore, hasNewer: false }),
      items,
      isReady,
      isFetchingMore: this.#page !== undefined,
      error: this.#error,
    }
  }

  /** Of the loaded inbox, the first pages. What arrives later comes on top of them. */
  #first(loaded: readonly Item[], isReady: boolean): readonly Item[] {
    if (this.#options.pageSize === undefined || !isReady) return loaded
    this.#floor ??= loaded[this.#pageSize - 1]?.id ?? ''
    const floor = this.#floor
    const end = loaded.findIndex(({ id }) => id < floor)
    // The same array while all of it is shown.
    return end < 0 ? loaded : loaded.slice(0, end)
  }
}

/** The pages of the window and what the inbox has loaded in their range. */
function shown(filter: ItemFilter, window: PageWindow, model: Model): readonly Item[] {
  if (!window.isLoaded) return []
  const { items } = overlay(window.list, model.pending)
  const wanted = filter.search ? new Set(items.map(({ id }) => id)) : undefined
  const byId = new Map(items.map((item) => [item.id, item]))
  for (const item of model.view.items) {
    if (window.covers(item.id) && (!wanted || wanted.has(item.id))) byId.set(item.id, item)
  }
  return [...byId.values()].filter((item) => fits(filter, item)).sort((a, b) => (a.id < b.id ? 1 : -1))
}
