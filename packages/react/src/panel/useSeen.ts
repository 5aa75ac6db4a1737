import { type RefObject, useEffect, useRef } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'
import { SeenWatch } from './seen-watch.ts'

interface SeenOptions {
  scroller: RefObject<HTMLElement | null>
  list: Notifications
  seenOn: 'visible' | 'open'
}

/** Reports what has been seen in a list that is open. */
export function useSeen({ scroller, list, seenOn }: SeenOptions): void {
  const { items, isStale, markSeen } = list
  const unseen = items.filter((item) => item.seenAt === null).map(({ id }) => id)
  const key = unseen.join()
  const reported = useRef(new Set<string>())
  const report = useRef((_ids: readonly string[]) => {})
  useEffect(() => {
    report.current = (ids) => {
      const fresh = ids.filter((id) => !reported.current.has(id))
      for (const id of fresh) reported.current.add(id)
      if (fresh.length > 0) markSeen(fresh)
    }
  })
  const isOnOpen = seenOn === 'open'
  useEffect(() => {
    if (isOnOpen && !isStale && key !== '' && document.visibilityState === 'visible') {
      report.current(key.split(','))
    }
  }, [isOnOpen, isStale, key])
  const hasRows = items.length > 0
  useEffect(() => {
    const root = scroller.current
    if (isOnOpen || isStale || !hasRows || !root) return
    const watch = new SeenWatch(root, (ids) => report.current(ids))
    // Rows come and go with the scroll position.
    const look = () => {
      for (const row of root.querySelectorAll('[data-unseen]')) watch.watch(row)
    }
    const mutations = new MutationObserver(look)
    mutations.observe(root, { childList: true, subtree: true })
    look()
    return () => {
      mutations.disconnect()
      watch.close()
    }
  }, [scroller, isOnOpen, isStale, hasRows])
}
