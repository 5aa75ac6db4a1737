import type { Entry, Item } from '@belfry/protocol'
import { handled } from './changes.ts'
import { ClientFailure } from './client-failure.ts'
import type { Commands } from './commands.ts'
import { everything, type ItemFilter, keyOf } from './item-filter.ts'
import type { ListPages } from './list-pages.ts'
import { Listeners } from './listeners.ts'
import type { Model } from './model.ts'

/** One list of items, whole or narrowed by a filter. */
export interface ListState {
  /** Whether the list is known; until then an empty one means nothing. */
  readonly isReady: boolean
  readonly items: readonly Item[]
  readonly hasMore: boolean
  /** Newer items were dropped while older ones were read; `fetchNewer` brings them back. */
  readonly hasNewer: boolean
  /** How many have come above those that are loaded, while newer ones are dropped. */
  readonly newAbove: number
  readonly isFetchingMore: boolean
  /** Why the last page did not come. */
  readonly error: ClientFailure | undefined
}

export interface ListOptions {
  /** How many items at first, and how many more by `fetchMore`; at most 100. Without it as many as the server likes. */
  pageSize?: number | undefined
}

/** A list that keeps itself up to date until it is closed. All methods work without `this`. */
export interface ItemListView {
  getSnapshot(): ListState
  /** Calls after every change of the list; answers what stops it. */
  subscribe(listener: () => void): () => void
  /** Loads the next page of older items. */
  fetchMore(): Promise<void>
  /** Loads the page above, when newer items were dropped while older ones were read. */
  fetchNewer(): Promise<void>
  /** Begins again at the newest, when newer items were dropped. */
  showNewest(): Promise<void>
  /** Loads anew what is loaded. */
  refresh(): void
  close(): void
}

export interface ListsOptions {
  model: Model
  commands: Commands
  /** What reads pages: only lists with a filter, and readers who go on, need it. */
  loadPages(): Promise<{ ListPages: typeof ListPages }>
}

export interface WantedList extends ListsOptions, ListOptions {
  filter: ItemFilter
  isWhole: boolean
  onChange(): void
}

/** A list that somebody looks at. Without a filter it is the inbox itself, until they read on. */
class OpenList {
  users = 0
  readonly changed = new Listeners<void>()
  readonly #wanted: WantedList
  #pages: ListPages | undefined
  #loading: Promise<void> | undefined
  #error: ClientFailure | undefined
  /** Of the inbox, the id down to which it is shown; undefined until that is known. */
  #floor: string | undefined
  #state: ListState | undefined

  constructor(wanted: Omit<WantedList, 'onChange'>) {
    this.#wanted = { ...wanted, onChange: () => this.look() }
    if (!wanted.isWhole) void this.#load()
  }

  get state(): ListState {
    this.#state ??= this.#pages?.state ?? this.#first()
    return this.#state
  }

  fetchMore = (): Promise<void> => {
    if (this.#pages) return this.#pages.fetchMore()
    const { pageSize = 0, model, isWhole } = this.#wanted
    const { items, hasMore } = this.state
    const loaded = model.view.items
    if (isWhole && items.length < loaded.length) {
      this.#floor = loaded[items.length + pageSize - 1]?.id ?? ''
      this.look()
      return Promise.resolve()
    }
    return hasMore ? this.#load() : Promise.resolve()
  }

  fetchNewer = (): Promise<void> => this.#pages?.fetchNewer() ?? Promise.resolve()

  showNewest = async (): Promise<void> => {
    if (!this.state.hasNewer) return
    this.#pages = undefined
    if (this.#wanted.isWhole) this.reset()
    else await this.#load()
  }

  refresh = (): void => {
    if (this.#wanted.isWhole) this.reset()
    else if (this.#pages) this.#pages.refresh()
    else void this.#load()
  }

  reset(): void {
    this.#floor = undefined
    if (this.#wanted.isWhole) this.#pages = undefined
    else this.#pages?.reset()
    this.look()
  }

  hear(entries: readonly Entry[]): void {
    this.#pages?.hear(entries)
  }

  /** Something that is shown may have changed. */
  look(): void {
    this.#state = undefined
    this.changed.tell()
  }

  /** Resolves with the first page that is not in the inbox. */
  #load(): Promise<void> {
    this.#loading ??= handled(
      this.#wanted
        .loadPages()
        .then(({ ListPages }) => {
          this.#pages = new ListPages(this.#wanted)
          this.#error = undefined
          return this.#pages.fetchMore()
        })
        .catch((error: unknown) => {
          const failure = error instanceof ClientFailure ? error : new ClientFailure('disconnected')
          this.#error = failure
          throw failure
        })
        .finally(() => {
          this.#loading = undefined
          this.look()
        }),
    )
    this.look()
    return this.#loading
  }

  #first(): ListState {
    const { model, isWhole } = this.#wanted
    const { cursor, list } = model.inbox
    const loaded = isWhole ? model.view.items : []
    const isReady = isWhole && (cursor !== undefined || loaded.length > 0)
    const items = isReady ? this.#firstOf(loaded) : loaded
    return {
      isReady,
      items,
      hasMore: isReady && (list.floor !== '' || items.length < loaded.length),
      hasNewer: false,
      newAbove: 0,
      isFetchingMore: this.#loading !== undefined,
      error: this.#error,
    }
  }

  /** The first pages of what is loaded. What arrives later comes on top of them. */
  #firstOf(loaded: readonly Item[]): readonly Item[] {
    const { pageSize } = this.#wanted
    if (pageSize === undefined) return loaded
    this.#floor ??= loaded[pageSize - 1]?.id ?? ''
    const floor = this.#floor
    const end = loaded.findIndex(({ id }) => id < floor)
    // The same array while all of it is shown.
    return end < 0 ? loaded : loaded.slice(0, end)
  }
}

/** The lists that somebody looks at; those with the same filter and pages are one. */
export class Lists {
  readonly #options: ListsOptions
  readonly #open = new Map<string, OpenList>()

  constructor(options: ListsOptions) {
    this.#options = options
  }

  open(filter: ItemFilter, options: ListOptions): ItemListView {
    const name = keyOf(filter)
    const key = `${options.pageSize} ${name}`
    const isWhole = name === everything
    const list = this.#open.get(key) ?? new OpenList({ ...this.#options, ...options, filter, isWhole })
    this.#open.set(key, list)
    list.users += 1
    let isClosed = false
    return {
      getSnapshot: () => list.state,
      subscribe: (listener) => list.changed.add(listener),
      fetchMore: list.fetchMore,
      fetchNewer: list.fetchNewer,
      showNewest: list.showNewest,
      refresh: list.refresh,
      close: () => {
        if (isClosed) return
        isClosed = true
        list.users -= 1
        if (list.users === 0) this.#open.delete(key)
      },
    }
  }

  /** A snapshot has taken the place of the log: everything may have changed. */
  refresh(): void {
    this.#each((list) => list.refresh())
  }

  /** The user is another one, or none. */
  reset(): void {
    this.#each((list) => list.reset())
  }

  hear(entries: readonly Entry[]): void {
    this.#each((list) => list.hear(entries))
  }

  look(): void {
    this.#each((list) => list.look())
  }

  #each(act: (list: OpenList) => void): void {
    for (const list of this.#open.values()) act(list)
  }
}
