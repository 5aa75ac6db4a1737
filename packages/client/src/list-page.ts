import type { Item } from '@belfry/protocol'
import { applyChange, type InboxChange } from './effects.ts'
import { type ItemList, put } from './item-list.ts'

/** What has been read of a list, from some page on. */
export interface Loaded {
  readonly list: ItemList
  /** Of the next page; undefined when pages have to be walked from the top again. */
  readonly nextCursor: string | undefined
  /** Changes since a page was asked for: it may be older than they are. Undefined when none is under way. */
  readonly journal: readonly InboxChange[] | undefined
}

export interface Page {
  notifications: readonly Item[]
  nextCursor: string | null
}

export const startPage = (loaded: Loaded): Loaded => ({ ...loaded, journal: [] })

/** The changes, noted for a page that is on its way. */
export const withChanges = (loaded: Loaded, list: ItemList, changes: readonly InboxChange[]): Loaded => ({
  ...loaded,
  list,
  journal: loaded.journal && [...loaded.journal, ...changes],
})

/**
 * Adds a page of older items. What is loaded already is kept, since entries have kept it up to date; what is new is
 * brought up to date by the changes that came while the page was on its way.
 */
export function applyPage({ list, journal = [] }: Loaded, page: Page): Loaded {
  const known = new Set(list.items.map(({ id }) => id))
  const floor = page.nextCursor === null ? '' : (page.notifications.at(-1)?.id ?? list.floor)
  const lower = { ...list, floor: floor < list.floor ? floor : list.floor }
  const unknown = page.notifications.filter(({ id }) => !known.has(id))
  const older = { ...unknown.reduce(put, { ...lower, items: [] }), removed: [] }
  const changed = journal.reduce(applyChange, older)
  return {
    list: changed.items.filter(({ id }) => !known.has(id)).reduce(put, lower),
    nextCursor: page.nextCursor ?? undefined,
    journal: undefined,
  }
}
