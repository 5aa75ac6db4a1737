import type { CommandInput, Item } from '@belfry/protocol'
import type { ItemFilter } from './item-filter.ts'

/** Whether the item as it is now belongs to the list. What a search finds only the server knows. */
export function fits(filter: ItemFilter, item: Item): boolean {
  return (
    !item.snoozedUntil === !filter.snoozed &&
    (filter.snoozed || !item.archivedAt === !filter.archived) &&
    (!filter.unread || item.readAt === null) &&
    (filter.type === undefined || item.type === filter.type) &&
    (filter.category === undefined || item.category === filter.category) &&
    (filter.priority === undefined || item.priority === filter.priority)
  )
}

export function queryOf(filter: ItemFilter): CommandInput<'listNotifications'> {
  const { search, unread, archived, snoozed, ...rest } = filter
  const words = search?.trim().slice(0, 200)
  return {
    ...rest,
    ...(unread ? { unread } : {}),
    ...(archived ? { archived } : {}),
    ...(snoozed ? { snoozed } : {}),
    ...(words ? { q: words } : {}),
  }
}
