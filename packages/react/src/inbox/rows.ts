import type { Item } from '@belfry/protocol'

export type GroupBy = 'none' | 'date' | 'type' | 'group'

/** One line of a list: a heading or a divider, an item, or several unread ones of a group that stand behind one. */
export type ListRow =
  | { kind: 'heading'; key: string; label: string; isDivider?: true }
  | { kind: 'item'; key: string; item: Item; isInGroup: boolean }
  | { kind: 'group'; key: string; items: readonly Item[]; isOpen: boolean }

export interface RowsOptions {
  groupBy: GroupBy
  /** Heading of an item's day. */
  dayOf(item: Item): string
  typeOf(item: Item): string
  /** Group keys that are unfolded. */
  open: ReadonlySet<string>
}

/** The rows that a list shows, in order. Items come newest first and stay so within a heading. */
export function rowsOf(items: readonly Item[], options: RowsOptions): readonly ListRow[] {
  const { groupBy, dayOf, typeOf } = options
  if (groupBy === 'type') return underHeadings(byType(items, typeOf), typeOf)
  const rows = groupBy === 'group' ? folded(items, options.open) : items.map(rowOf)
  return groupBy === 'date' ? withHeadings(rows, dayOf) : rows
}

/**
 * The rows with a divider under what has come since the last visit; without one when all of them have, or none.
 * @param last Id of the newest item then
 */
export function withDivider(rows: readonly ListRow[], last: string, label: string): readonly ListRow[] {
  const isKnown = (row: ListRow) => row.kind !== 'heading' && newestOf(row) <= last
  const first = rows.findIndex(isKnown)
  // A heading belongs to what is below it.
  const at = rows[first - 1]?.kind === 'heading' ? first - 1 : first
  return at > 0 ? rows.toSpliced(at, 0, { kind: 'heading', key: 'divider', label, isDivider: true }) : rows
}

const newestOf = (row: Exclude<ListRow, { kind: 'heading' }>): string =>
  (row.kind === 'item' ? row.item : row.items[0])?.id ?? ''

const rowOf = (item: Item): ListRow => ({ kind: 'item', key: item.id, item, isInGroup: false })

/** Types in the order of their newest item. */
function byType(items: readonly Item[], typeOf: (item: Item) => string): readonly Item[] {
  return [...Map.groupBy(items, typeOf).values()].flat()
}

function underHeadings(items: readonly Item[], labelOf: (item: Item) => string): readonly ListRow[] {
  return withHeadings(items.map(rowOf), labelOf)
}

function withHeadings(rows: readonly ListRow[], labelOf: (item: Item) => string): readonly ListRow[] {
  const result: ListRow[] = []
  let last: string | undefined
  for (const row of rows) {
    const item = row.kind === 'item' ? row.item : undefined
    const label = item && labelOf(item)
    if (label !== undefined && label !== last) {
      result.push({ kind: 'heading', key: `heading:${label}`, label })
      last = label
    }
    result.push(row)
  }
  return result
}

/** Unread items with the same group key are one row, at the place of the newest. */
function folded(items: readonly Item[], open: ReadonlySet<string>): readonly ListRow[] {
  const groups = Map.groupBy(
    items.filter((item) => item.groupKey !== undefined && item.readAt === null),
    (item) => item.groupKey ?? '',
  )
  const isShown = new Set<string>()
  return items.flatMap((item) => {
    const group = item.groupKey === undefined ? undefined : groups.get(item.groupKey)
    if (!group || group.length < 2 || item.readAt !== null) return [rowOf(item)]
    const key = item.groupKey ?? ''
    if (isShown.has(key)) return []
    isShown.add(key)
    const isOpen = open.has(key)
    const rows: ListRow[] = [{ kind: 'group', key: `group:${key}`, items: group, isOpen }]
    return isOpen ? rows.concat(group.map((one) => ({ ...rowOf(one), isInGroup: true }) as ListRow)) : rows
  })
}
