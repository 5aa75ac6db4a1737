import type { CommandInput, Item } from '@belfry/protocol'

/** Which items of an inbox a list shows; everything that is given must fit. Without `archived` only what is not archived. */
export interface ItemFilter {
  unread?: boolean
  archived?: boolean
  type?: string
  category?: string
  priority?: Item['priority']
  /** Words in title or message; at most 200 characters. */
  search?: string
}

/** The same for filters that mean the same. */
export function keyOf(filter: ItemFilter): string {
  const { unread, archived, type, category, priority, search } = filter
  return JSON.stringify([unread || 0, archived || 0, type, category, priority, search?.trim() || undefined])
}

export const everything = keyOf({})

/** Whether the item as it is now belongs to the list. What a search finds only the server knows. */
export function fits(filter: ItemFilter, item: Item): boolean {
  return (
    (item.archivedAt !== null) === Boolean(filter.archived) &&
    (!filter.unread || item.readAt === null) &&
    (filter.type === undefined || item.type === filter.type) &&
    (filter.category === undefined || item.category === filter.category) &&
    (filter.priority === undefined || item.priority === filter.priority)
  )
}

export function queryOf(filter: ItemFilter): CommandInput<'listNotifications'> {
  const { search, unread, archived, ...rest } = filter
  const words = search?.trim().slice(0, 200)
  return {
    ...rest,
    ...(unread ? { unread } : {}),
    ...(archived ? { archived } : {}),
    ...(words ? { q: words } : {}),
  }
}
