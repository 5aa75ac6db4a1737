import type { Entry, Item } from '@belfry/protocol'
import { handled } from './changes.ts'
import { ClientFailure } from './client-failure.ts'
import type { Commands } from './commands.ts'
import { applyChange, type InboxChange, isInboxChange } from './effects.ts'
import { applyPage, emptyInbox, type Inbox, type Page, startPage } from './inbox.ts'
import { fits, type ItemFilter, queryOf } from './item-filter.ts'
import type { ItemList } from './item-list.ts'
import { Listeners } from './listeners.ts'
import type { Model } from './model.ts'
import { overlay } from './pending.ts'

const PAGE_SIZE = 50

/** Greater than every id: no page has come yet. */
const NOTHING_LOADED = '\uffff'

/** One list of items, whole or narrowed by a filter. */
export interface ListState {
  /** Whether the list is known; until then an empty one means nothing. */
  readonly isReady: boolean
  readonly items: readonly Item[]
  readonly hasMore: boolean
  readonly isFetchingMore: boolean
  /** Why the last page did not come. */
  readonly error: ClientFailure | undefined
}

export interface FilteredListOptions {
  filter: ItemFilter
  model: Model
  commands: Commands
}

/**
 * What fits a filter, as the server finds it and as entries change it.
 *
 * Pages come from the server; items that are loaded in the inbox too are taken from there, so a new one shows at once.
 * An item that comes to fit and that nobody has loaded makes the list load anew.
 */
export class FilteredList {
  readonly changed = new Listeners<void>()
  readonly #options: FilteredListOptions
  #inbox: Inbox = nothing()
  /** Takes the place of what is shown when it reaches as far. */
  #fresh: Inbox | undefined
  #state: ListState | undefined
  #page: Promise<void> | undefined
  #error: ClientFailure | undefined
  #isStale = false

  constructor(options: FilteredListOptions) {
    this.#options = options
    handled(this.#fetch())
  }

  get state(): ListState {
    this.#state ??= this.#read()
    return this.#state
  }

  fetchMore(): Promise<void> {
    return this.#inbox.list.floor === '' ? Promise.resolve() : this.#fetch()
  }

  refresh(): void {
    this.#isStale = true
    handled(this.#fetch())
  }

  /** Entries that the inbox has applied. */
  hear(entries: readonly Entry[]): void {
    const changes: readonly InboxChange[] = entries.filter((entry): entry is Extract<Entry, InboxChange> =>
      isInboxChange(entry),
    )
    if (changes.length === 0) return
    const isBeyondUs = changes.some((change) => this.#isBeyondUs(change))
    this.#inbox = this.#after(this.#inbox, changes)
    this.#fresh &&= this.#after(this.#fresh, changes)
    if (isBeyondUs) this.refresh()
  }

  /** Something that is shown may have changed. */
  look(): void {
    this.#state = undefined
    this.changed.tell()
  }

  /** A change of items that are loaded nowhere, or that move between inbox and archive: only the server can place them. */
  #isBeyondUs({ kind, data }: InboxChange): boolean {
    if (kind === 'item.created') return false
    const { filter, model } = this.#options
    if (filter.archived) return true
    const isLoaded = (id: string) =>
      model.lastKnown(id) !== undefined || this.#inbox.list.items.some((item) => item.id === id)
    return 'ids' in data && !data.ids.every(isLoaded)
  }

  #after(inbox: Inbox, changes: readonly InboxChange[]): Inbox {
    const { filter } = this.#options
    const { journal } = inbox
    const list = changes.reduce<ItemList>(applyChange, inbox.list)
    // Of new items only the server knows whether a search finds them.
    const known = filter.search ? new Set(inbox.list.items.map(({ id }) => id)) : undefined
    const items = list.items.filter((item) => fits(filter, item) && (!known || known.has(item.id)))
    return { ...inbox, list: { ...list, items, removed: [] }, journal: journal && [...journal, ...changes] }
  }

  #fetch(): Promise<void> {
    this.#page ??= (this.#isStale ? this.#reload() : this.#more()).then(
      () => this.#end(undefined),
      (error: unknown) => {
        this.#end(error)
        throw error
      },
    )
    this.look()
    return handled(this.#page)
  }

  async #more(): Promise<void> {
    this.#inbox = startPage(this.#inbox)
    const page = await this.#ask(this.#inbox.nextCursor)
    this.#inbox = applyPage(this.#inbox, page)
  }

  async #reload(): Promise<void> {
    this.#isStale = false
    const wanted = this.#inbox.list.items.length
    let fresh = nothing()
    do {
      this.#fresh = startPage(fresh)
      const page = await this.#ask(fresh.nextCursor)
      fresh = applyPage(this.#fresh, page)
    } while (fresh.nextCursor !== undefined && fresh.list.items.length < wanted)
    this.#inbox = fresh
  }

  async #ask(cursor: string | undefined): Promise<Page> {
    const { commands, filter } = this.#options
    const input = { ...queryOf(filter), limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) }
    // The table's item is looser than what a server sends: it lets fields through that it does not name.
    return (await commands.run('listNotifications', input)) as unknown as Page
  }

  #end(error: unknown): void {
    this.#page = undefined
    this.#fresh = undefined
    this.#error = error instanceof ClientFailure ? error : undefined
    // What became stale while a page was on its way.
    if (this.#isStale && !error) handled(this.#fetch())
    else this.look()
  }

  #read(): ListState {
    const { filter, model } = this.#options
    const { list } = this.#inbox
    const isLoaded = list.floor !== NOTHING_LOADED
    return {
      isReady: isLoaded,
      items: isLoaded ? shown(filter, list, model) : [],
      hasMore: list.floor !== '',
      isFetchingMore: this.#page !== undefined,
      error: this.#error,
    }
  }
}

const nothing = (): Inbox => ({ ...emptyInbox, list: { items: [], floor: NOTHING_LOADED, removed: [] } })

/** Own pages and what the inbox has loaded, down to where the own pages reach. */
function shown(filter: ItemFilter, list: ItemList, model: Model): readonly Item[] {
  const { items } = overlay(list, model.pending)
  const wanted = filter.search ? new Set(items.map(({ id }) => id)) : undefined
  const byId = new Map(items.map((item) => [item.id, item]))
  for (const item of model.view.items) {
    if (item.id >= list.floor && (!wanted || wanted.has(item.id))) byId.set(item.id, item)
  }
  return [...byId.values()].filter((item) => fits(filter, item)).sort((a, b) => (a.id < b.id ? 1 : -1))
}
