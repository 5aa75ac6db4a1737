import { emptyInbox, type Inbox } from './inbox.ts'
import { isCounts, isItem, isListOf, isRecord, isText } from './stored-values.ts'

/** Source: ui.md C9. */
const MAX_ITEMS = 100
const MAX_BYTES = 1_000_000

const sizeOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** What to keep of an inbox: the newest items, as far as they fit. */
export function toCached({ list, counts }: Inbox): Record<string, unknown> {
  let items = list.items.slice(0, MAX_ITEMS)
  // Halving measures a few times at most; who has such large items is content with fewer.
  while (sizeOf({ items, counts }) > MAX_BYTES && items.length > 0) items = items.slice(0, items.length / 2)
  const floor = items.length < list.items.length ? items.at(-1)?.id : list.floor
  return { items, floor, counts }
}

/**
 * An inbox without a cursor, so that the first sync is a snapshot which takes its place. Undefined when nothing is to
 * be shown: an empty cache does not prove an empty inbox.
 */
export function fromCached(value: unknown): Inbox | undefined {
  const { items, floor, counts } = isRecord(value) ? value : {}
  if (!isListOf(items, isItem) || items.length === 0 || !isText(floor) || !isCounts(counts)) return undefined
  return { ...emptyInbox, list: { items, floor, removed: [] }, counts }
}
