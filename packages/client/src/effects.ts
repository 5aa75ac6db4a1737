import type { EntryData, EntryKind, Item } from '@belfry/protocol'
import { type ItemList, patch, patchWhere, put, remove } from './item-list.ts'
import {
  archivedItem,
  awakeItem,
  freshItem,
  isWithState,
  readItem,
  seenItem,
  snoozedItem,
  unarchivedItem,
  unreadItem,
  withState,
} from './item-state.ts'

/** Kinds that change what an inbox shows. */
export type InboxKind = Extract<EntryKind, `item.${string}` | `inbox.${string}`>

type Effects = { [K in InboxKind]: (list: ItemList, data: EntryData[K]) => ItemList }

/** Puts those that the inbox shows. */
const show = (list: ItemList, items: readonly Item[]): ItemList =>
  items.filter((item) => !item.archivedAt && !item.snoozedUntil).reduce(put, list)

const find = (list: ItemList, id: string) => list.items.find((item) => item.id === id)

/** What each kind does to the list: to what the server has told, and to what the user may see before it answers. */
const effects: Effects = {
  'item.created': (list, data) => {
    const known = find(list, data.id)
    if (isWithState(data)) return show(list, [data])
    return put(list, known ? withState(data, known) : freshItem(data))
  },
  'item.edited': (list, data) => patch(list, [data.id], (item) => withState(data, item)),
  'item.recalled': (list, { id }) => remove(list, [id]),
  'item.withheld': (list) => list,
  'item.read': (list, { ids, at }) => patch(list, ids, (item) => readItem(item, at)),
  'item.unread': (list, { ids }) => patch(list, ids, unreadItem),
  'item.seen': (list, { ids, at }) => patch(list, ids, (item) => seenItem(item, at)),
  'item.archived': (list, { ids, at }) => remove(list, ids, (item) => archivedItem(item, at)),
  'item.unarchived': (list, { items }) => show(list, items.map(unarchivedItem)),
  'item.snoozed': (list, { ids, at, until }) => remove(list, ids, (item) => snoozedItem(item, at, until)),
  // Who shows what is snoozed may know it better than this.
  'item.unsnoozed': (list, { ids, items }) => show(patch(list, ids, awakeItem), items.map(awakeItem)),
  'item.woken': (list, { id }) => remove(list, [id]),
  'item.deleted': (list, { ids }) => remove(list, ids, (item) => item),
  'item.restored': (list, { items }) => show(list, items),
  'inbox.read': (list, { upTo, at, category }) =>
    patchWhere(
      list,
      (item) => item.id <= upTo && (category === undefined || item.category === category),
      (item) => readItem(item, at),
    ),
  'inbox.seen': (list, { upTo, at }) =>
    patchWhere(
      list,
      (item) => item.id <= upTo,
      (item) => seenItem(item, at),
    ),
  'inbox.cleared': (list, { upTo }) => {
    const items = list.items.filter((item) => item.id > upTo)
    const removed = list.removed.filter((item) => item.id > upTo)
    // Nothing older is left on the server either.
    return { items, removed, floor: upTo >= list.floor ? '' : list.floor }
  },
}

/** An entry's kind and data, whether the server has told it or the client foresees it. */
export type InboxChange = { [K in InboxKind]: { kind: K; data: EntryData[K] } }[InboxKind]

export const isInboxChange = (entry: { kind: string; data: unknown }): entry is InboxChange =>
  Object.hasOwn(effects, entry.kind)

/** The list after the change. */
export function applyChange(list: ItemList, change: InboxChange): ItemList {
  // Kind and data belong together by construction; the compiler cannot follow the pair through the table.
  const effect = effects[change.kind] as (list: ItemList, data: InboxChange['data']) => ItemList
  return effect(list, change.data)
}
