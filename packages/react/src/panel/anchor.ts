import { type RefObject, useEffect, useRef } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { ListRow } from '../inbox/rows.ts'

/**
 * Whether all rows that have come or gone did so above what is on screen: then the list keeps its place by its end.
 * @param at Index among the rows before of the first one on screen
 */
export function isChangedAbove(before: readonly ListRow[], after: readonly ListRow[], at: number): boolean {
  const places = new Map(after.map(({ key }, index) => [key, index]))
  // A heading stays on top when items come below it.
  const isAnchor = ({ key, kind }: ListRow) => kind !== 'heading' && places.has(key)
  const index = before.findIndex((row, place) => place >= at && isAnchor(row))
  const place = places.get(before[index]?.key ?? '')
  const difference = after.length - before.length
  return difference !== 0 && place === index + difference
}

/**
 * Whether the list is to keep its place by its end in this render.
 * @param isAway Whether something is above what is on screen, or may be
 */
export function useIsShifted(
  rows: readonly ListRow[],
  virtualizer: RefObject<VirtualizerHandle | null>,
  isAway: boolean,
): boolean {
  const last = useRef({ rows, isAway })
  useEffect(() => {
    last.current = { rows, isAway }
  })
  const { current } = virtualizer
  // What comes above the first row on screen may be the last that was missing there.
  if (!current || rows === last.current.rows || !(isAway || last.current.isAway)) return false
  return isChangedAbove(last.current.rows, rows, current.findItemIndex(current.scrollOffset))
}
