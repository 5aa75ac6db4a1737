import type { Item } from '@belfry/protocol'

/** Items that left the list and may come back by an undo; the latest. */
const MAX_REMOVED = 100

/** The loaded part of an inbox. Never changed in place. */
export interface ItemList {
  /** Newest first: ids are in order of acceptance. */
  readonly items: readonly Item[]
  /** Smallest id that the loaded pages reach down to; `''` when they reach the end. What is older comes with its page. */
  readonly floor: string
  readonly removed: readonly Item[]
}

export const emptyList: ItemList = { items: [], floor: '', removed: [] }

/** Puts an item in its place, or over the one that is there. */
export function put(list: ItemList, item: Item): ItemList {
  const at = placeOf(list.items, item.id)
  const isKnown = list.items[at]?.id === item.id
  if (!isKnown && item.id < list.floor) return list
  return { ...list, items: list.items.toSpliced(at, isKnown ? 1 : 0, item) }
}

export function patch(list: ItemList, ids: readonly string[], change: (item: Item) => Item): ItemList {
  const wanted = new Set(ids)
  return patchWhere(list, (item) => wanted.has(item.id), change)
}

export function patchWhere(
  list: ItemList,
  fits: (item: Item) => boolean,
  change: (item: Item) => Item,
): ItemList {
  return { ...list, items: list.items.map((item) => (fits(item) ? change(item) : item)) }
}

/** Takes items out; `keep` says how they look if they come back. */
export function remove(list: ItemList, ids: readonly string[], keep?: (item: Item) => Item): ItemList {
  const gone = new Set(ids)
  const taken = keep ? list.items.filter((item) => gone.has(item.id)).map(keep) : []
  const left = list.removed.filter(
    (item) => !gone.has(item.id) || (keep && !taken.some(({ id }) => id === item.id)),
  )
  return {
    ...list,
    items: list.items.filter((item) => !gone.has(item.id)),
    removed: [...taken, ...left].slice(0, MAX_REMOVED),
  }
}

/** Index of the item, or where it belongs. */
function placeOf(items: readonly Item[], id: string): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((items[middle]?.id ?? '') > id) low = middle + 1
    else high = middle
  }
  return low
}
