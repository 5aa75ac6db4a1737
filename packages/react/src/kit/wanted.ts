import type { Item } from '@belfry/protocol'
import type { RealTimeNotificationsProps } from './RealTimeNotifications.tsx'

/** The item as the app wants it noticed, if at all. */
export function wantedOf(
  item: Item,
  { events = '*', mapEvent }: RealTimeNotificationsProps,
): Item | undefined {
  if (events !== '*' && !events.includes(item.type)) return undefined
  return (mapEvent ? mapEvent(item) : item) ?? undefined
}
