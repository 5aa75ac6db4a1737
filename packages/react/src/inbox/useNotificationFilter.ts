import type { ItemFilter } from '@belfry/client'
import { useCallback, useEffect, useState } from 'react'

const NAMES = ['type', 'category', 'priority', 'search'] as const
const FLAGS = ['unread', 'archived', 'snoozed'] as const

/** @returns the filter that an address names; other parameters are left alone. */
export function filterFrom(query: string): ItemFilter {
  const parameters = new URLSearchParams(query)
  const filter: Record<string, string | boolean> = {}
  for (const name of NAMES) {
    const value = parameters.get(name)
    if (value) filter[name] = value
  }
  for (const flag of FLAGS) if (parameters.get(flag) === 'true') filter[flag] = true
  return filter
}

/** @returns the query of an address with the filter in it. */
export function queryWith(query: string, filter: ItemFilter): string {
  const parameters = new URLSearchParams(query)
  for (const name of [...NAMES, ...FLAGS]) {
    const value = filter[name]
    if (value) parameters.set(name, String(value))
    else parameters.delete(name)
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/**
 * A filter that lives in the address, so that a link and a reload keep it, or only in memory.
 * @example
 * import { useNotificationFilter, useNotifications } from '@belfry/react'
 * export function Page() {
 *   const { filter, setFilter } = useNotificationFilter({ sync: 'url' })
 *   const { items } = useNotifications({ filter })
 *   return <button type="button" onClick={() => setFilter({ unread: true })}>{items.length}</button>
 * }
 */
export function useNotificationFilter({ sync = 'none' }: { sync?: 'url' | 'none' } = {}): {
  filter: ItemFilter
  setFilter(filter: ItemFilter): void
} {
  const [filter, setOwn] = useState<ItemFilter>({})
  const isInAddress = sync === 'url'
  useEffect(() => {
    if (!isInAddress) return
    const read = () => setOwn(filterFrom(location.search))
    read()
    addEventListener('popstate', read)
    return () => removeEventListener('popstate', read)
  }, [isInAddress])
  const setFilter = useCallback(
    (next: ItemFilter) => {
      setOwn(next)
      if (isInAddress)
        history.replaceState(history.state, '', queryWith(location.search, next) || location.pathname)
    },
    [isInAddress],
  )
  return { filter, setFilter }
}
