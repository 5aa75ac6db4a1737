import type { Entry, Item } from '@belfry/protocol'
import { handled } from './changes.ts'
import { ClientFailure } from './client-failure.ts'
import { type InboxChange, isInboxChange } from './effects.ts'
import { fits, queryOf } from './filter-query.ts'
import type { Page } from './list-page.ts'
import type { ListState, WantedList } from './lists.ts'
import { PAGE_SIZE, PageWindow } from './page-window.ts'
import { overlay } from './pending.ts'

/** Source: the command table. */
const MAX_PAGE_SIZE = 100

/** A way to read of `PageWindow`. */
type Reading = 'older' | 'newer' | 'again'

/**
 * What fits a filter, as the server finds it and as entries change it.
 *
 * Pages come from the server; items that are loaded in the inbox too are taken from there, so a new one shows at once.
 * An item that comes to fit and that nobody has loaded makes the list load anew. The whole inbox is read on from where
 * it is loaded.
 */
export class ListPages {
  readonly #wanted: WantedList
  readonly #pageSize: number
  #window: PageWindow
  #page: { what: Reading; done: Promise<void> } | undefined
  #error: ClientFailure | undefined
  #isStale = false

  constructor(wanted: WantedList) {
    this.#wanted = wanted
    this.#pageSize = Math.min(wanted.pageSize ?? PAGE_SIZE, MAX_PAGE_SIZE)
    this.#window = this.#newWindow()
    void this.#fetch('older')
  }

  get state(): ListState {
    return {
      ...this.#window.extent,
      items: this.#shown(),
      isReady: this.#window.isLoaded,
      isFetchingMore: this.#page !== undefined,
      error: this.#error,
    }
  }

  fetchMore(): Promise<void> {
    return this.#window.extent.hasMore ? this.#fetch('older') : Promise.resolve()
  }

  fetchNewer(): Promise<void> {
    return this.#window.extent.hasNewer ? this.#fetch('newer') : Promise.resolve()
  }

  refresh(): void {
    // The first page is asked for on a line that has caught up.
    if (this.#window.isLoaded || !this.#page) this.#loadAnew()
  }

  /** A page that is on its way may be older than what was heard. */
  #loadAnew(): void {
    this.#isStale = true
    if (!this.#page) void this.#fetch('again')
  }

  /** What is loaded is another user's; a refresh follows when there is something for this one. */
  reset(): void {
    this.#page = undefined
    this.#window = this.#newWindow()
  }

  /** Entries that the inbox has applied. */
  hear(entries: readonly Entry[]): void {
    const changes: readonly InboxChange[] = entries.filter((entry): entry is Extract<Entry, InboxChange> =>
      isInboxChange(entry),
    )
    if (changes.length === 0) return
    const { filter } = this.#wanted
    const isBeyondUs = changes.some((change) => this.#isBeyondUs(change))
    // Of new items only the server knows whether a search finds them.
    this.#window.change(changes, (item, isKnown) => fits(filter, item) && (isKnown || !filter.search))
    if (isBeyondUs) this.#loadAnew()
  }

  /** A change of items that are loaded nowhere, or that move between inbox, archive and later: only the server can place them. */
  #isBeyondUs({ kind, data }: InboxChange): boolean {
    const { filter, model, isWhole } = this.#wanted
    // The whole list is told everything: what it has not loaded, its pages will bring as it is then.
    if (isWhole) return false
    if (filter.snoozed) return true
    if (kind === 'item.created') return false
    if (filter.archived) return true
    const isLoaded = (id: string) => model.lastKnown(id) !== undefined || this.#window.has(id)
    return 'ids' in data && !data.ids.every(isLoaded)
  }

  #newWindow(): PageWindow {
    const { isWhole, model } = this.#wanted
    return new PageWindow((cursor) => this.#ask(cursor), this.#pageSize, isWhole ? model.inbox : undefined)
  }

  /** One at a time; who asks for the same gets the same. */
  #fetch(what: Reading): Promise<void> {
    if (this.#page?.what === what) return this.#page.done
    if (this.#page) return handled(this.#page.done.then(() => this.#fetch(what)))
    if (what === 'again') this.#isStale = false
    const done = this.#window[what]().then(
      () => this.#end(undefined),
      (error: unknown) => {
        this.#end(error)
        throw error
      },
    )
    this.#page = { what, done }
    this.#wanted.onChange()
    return handled(done)
  }

  async #ask(cursor: string | undefined): Promise<Page> {
    const { commands, filter } = this.#wanted
    const input = { ...queryOf(filter), limit: this.#pageSize, ...(cursor === undefined ? {} : { cursor }) }
    // The table's item is looser than what a server sends: it lets fields through that it does not name.
    return (await commands.run('listNotifications', input)) as unknown as Page
  }

  #end(error: unknown): void {
    this.#page = undefined
    this.#error = error instanceof ClientFailure ? error : undefined
    // What became stale while a page was on its way.
    if (this.#isStale && !error) void this.#fetch('again')
    else this.#wanted.onChange()
  }

  /** The pages of the window and what the inbox has loaded in their range. */
  #shown(): readonly Item[] {
    const window = this.#window
    if (!window.isLoaded) return []
    const { filter, model } = this.#wanted
    const { items } = overlay(window.list, model.pending)
    const wanted = filter.search ? new Set(items.map(({ id }) => id)) : undefined
    const byId = new Map(items.map((item) => [item.id, item]))
    for (const item of model.view.items) {
      if (window.covers(item.id) && (!wanted || wanted.has(item.id))) byId.set(item.id, item)
    }
    return [...byId.values()].filter((item) => fits(filter, item)).sort((a, b) => (a.id < b.id ? 1 : -1))
  }
}
