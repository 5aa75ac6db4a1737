import { useState } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'

/** Source: ui.md §5, Realtime insert. */
const AT_TOP_PX = 8

/** Whether a list is scrolled away from its top, and what has come above since. */
export function useTop(list: Notifications) {
  const [anchor, setAnchor] = useState<string>()
  const newest = list.items[0]?.id
  const isScrolled = anchor !== undefined
  return {
    isScrolled,
    newCount: list.newCount + (isScrolled ? list.items.filter(({ id }) => id > anchor).length : 0),
    /** The list goes there by itself, perhaps without a word of the browser about it. */
    toTop: () => setAnchor(undefined),
    onScroll(offsetPx: number) {
      const isAway = offsetPx > AT_TOP_PX
      if (isAway !== isScrolled) setAnchor(isAway ? (newest ?? '') : undefined)
    },
  }
}
