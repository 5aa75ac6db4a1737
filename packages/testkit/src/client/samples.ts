import { freshItem } from '@belfry/client/parts'
import type {
  Counts,
  Cursor,
  Entry,
  EntryData,
  EntryKind,
  Item,
  ItemBody,
  SyncPage,
  SyncSnapshot,
} from '@belfry/protocol'

export const ME = 'user:ada'
const AT = '2026-11-24T12:00:00.000Z'

/** Ids sort by acceptance. */
export const idOf = (n: number): string => `id-${String(n).padStart(5, '0')}`

export const body = (n: number, more: Partial<ItemBody> = {}): ItemBody => ({
  id: idOf(n),
  topic: ME,
  offset: n,
  type: 'order:new',
  category: 'order',
  title: `Order ${n}`,
  message: 'A new order',
  priority: 'medium',
  meta: null,
  createdAt: AT,
  ...more,
})

export const item = (n: number, more: Partial<ItemBody> = {}): Item => freshItem(body(n, more))
export const items = (...numbers: number[]): Item[] => numbers.map((n) => item(n))

export const counts = (unread: number, at: number, more: Partial<Counts> = {}): Counts => ({
  at: { [ME]: at },
  total: unread,
  unread,
  unseen: unread,
  snoozed: 0,
  byCategory: { order: { total: unread, unread } },
  ...more,
})

export const cursor = (offset: number, epoch = 'e1'): Cursor => ({ epoch, offsets: { [ME]: offset } })

export const snapshot = (list: Item[], more: Partial<SyncSnapshot> = {}): SyncSnapshot => ({
  complete: false,
  cursor: cursor(list.length),
  items: list,
  nextCursor: null,
  counts: counts(list.length, list.length),
  now: AT,
  ...more,
})

export const page = (entries: Entry[], more: Partial<SyncPage> = {}): SyncPage => {
  const last = entries.at(-1)?.offset ?? 0
  return {
    complete: true,
    entries,
    cursor: cursor(last),
    more: false,
    counts: counts(last, last),
    now: AT,
    ...more,
  }
}

export function entry<K extends EntryKind>(offset: number, kind: K, data: EntryData[K], topic = ME): Entry {
  // The pair of kind and data is what the parameter types say.
  return { topic, offset, kind, data, at: AT } as Entry
}

/** The live entry of the item with the same number. */
export const created = (n: number, more: Partial<ItemBody> = {}): Entry =>
  entry(n, 'item.created', body(n, more))
export const read = (offset: number, ...numbers: number[]): Entry =>
  entry(offset, 'item.read', { ids: numbers.map(idOf), at: AT })
