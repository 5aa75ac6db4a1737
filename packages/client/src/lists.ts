import type { Entry } from '@belfry/protocol'
import type { Commands } from './commands.ts'
import { FilteredList, type ListOptions, type ListState } from './filtered-list.ts'
import { type ItemFilter, keyOf } from './item-filter.ts'
import type { Model } from './model.ts'

/** A list that keeps itself up to date until it is closed. All methods work without `this`. */
export interface ItemListView {
  getSnapshot(): ListState
  /** Calls after every change of the list; answers what stops it. */
  subscribe(listener: () => void): () => void
  /** Loads the next page of older items. */
  fetchMore(): Promise<void>
  /** Loads the page above, when newer items were dropped while older ones were read. */
  fetchNewer(): Promise<void>
  /** Loads anew what is loaded. */
  refresh(): void
  close(): void
}

export interface ListsOptions {
  model: Model
  commands: Commands
}

interface Open {
  list: FilteredList
  users: number
}

/** The filtered lists that somebody looks at; those with the same filter and pages are one. */
export class Lists {
  readonly #options: ListsOptions
  readonly #open = new Map<string, Open>()

  constructor(options: ListsOptions) {
    this.#options = options
  }

  open(filter: ItemFilter, options: ListOptions): ItemListView {
    const key = `${options.pageSize} ${keyOf(filter)}`
    const open = this.#open.get(key) ?? {
      list: new FilteredList({ ...this.#options, ...options, filter }),
      users: 0,
    }
    this.#open.set(key, open)
    open.users += 1
    let isClosed = false
    const { list } = open
    return {
      getSnapshot: () => list.state,
      subscribe: (listener) => list.changed.add(listener),
      fetchMore: () => list.fetchMore(),
      fetchNewer: () => list.fetchNewer(),
      refresh: () => list.refresh(),
      close: () => {
        if (isClosed) return
        isClosed = true
        open.users -= 1
        if (open.users === 0) this.#open.delete(key)
      },
    }
  }

  hear(entries: readonly Entry[]): void {
    for (const { list } of this.#open.values()) list.hear(entries)
  }

  /** A snapshot has taken the place of the log: everything may have changed. */
  refresh(): void {
    for (const { list } of this.#open.values()) list.refresh()
  }

  /** The user is another one, or none. */
  reset(): void {
    for (const { list } of this.#open.values()) list.reset()
  }

  look(): void {
    for (const { list } of this.#open.values()) list.look()
  }
}
