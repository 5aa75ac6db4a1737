import type { Item } from '@belfry/protocol'

/** Which items of an inbox a list shows; everything that is given must fit. Without `archived` and `snoozed` only what is neither. */
export interface ItemFilter {
  unread?: boolean
  archived?: boolean
  snoozed?: boolean
  type?: string
  category?: string
  priority?: Item['priority']
  /** Words in title or message; at most 200 characters. */
  search?: string
}

/** The same for filters that mean the same. */
export function keyOf(filter: ItemFilter): string {
  const { unread, archived, snoozed, type, category, priority, search } = filter
  return JSON.stringify([
    unread || 0,
    archived || 0,
    snoozed || 0,
    type,
    category,
    priority,
    search?.trim() || undefined,
  ])
}

export const everything = keyOf({})
