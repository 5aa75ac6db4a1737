import type { ChatView } from '@belfry/client/chat'
import { type RefObject, useEffect } from 'react'

/** Source: chat-presence.md §7, Receipts. */
const VISIBLE_SHARE = 0.5
/** Told at each tenth: a message that is taller than the window is never half on screen. */
const STEPS = Array.from({ length: 11 }, (_, step) => step / 10)

/** Half of it on screen, or half of the screen full of it. */
function isSeen({
  isIntersecting,
  intersectionRatio,
  intersectionRect,
  rootBounds,
}: IntersectionObserverEntry): boolean {
  if (!isIntersecting) return false
  return (
    intersectionRatio >= VISIBLE_SHARE ||
    intersectionRect.height >= (rootBounds?.height ?? Infinity) * VISIBLE_SHARE
  )
}

/** Tells the view which messages are on screen; whether somebody looks is known there. */
export function useVisibleReports(
  scroller: RefObject<HTMLElement | null>,
  view: ChatView | undefined,
  hasRows: boolean,
): void {
  useEffect(() => {
    const root = scroller.current
    if (!root || !view || !hasRows) return
    const visible = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const seq = Number(entry.target.getAttribute('data-seq'))
          if (isSeen(entry) && seq > 0) view.reportVisible(seq)
        }
      },
      { root, threshold: STEPS },
    )
    // Rows come and go with the scroll position, and get their number when the server has them.
    const watch = () => {
      for (const row of root.querySelectorAll('[data-seq]')) visible.observe(row)
    }
    const rows = new MutationObserver(watch)
    rows.observe(root, { childList: true, subtree: true, attributeFilter: ['data-seq'] })
    watch()
    return () => {
      rows.disconnect()
      visible.disconnect()
    }
  }, [scroller, view, hasRows])
}
