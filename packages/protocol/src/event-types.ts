interface EventType {
  /** Title when the sender gives none. */
  title: string
  /** Event of seed 004 that carries this type. */
  event: string
}

/** The typed events of seed 004; every other type is carried by `notification:received`. Source: contract.md §7. */
export const eventTypes = {
  'order:new': { title: 'New order', event: 'order:new' },
  'order:updated': { title: 'Order updated', event: 'order:updated' },
  'inventory:lowStock': { title: 'Low stock', event: 'inventory:lowStock' },
  'project:updated': { title: 'Project updated', event: 'project:updated' },
  'task:assigned': { title: 'Task assigned', event: 'task:assigned' },
  'budget:alert': { title: 'Budget alert', event: 'budget:alert' },
  'system:alert': { title: 'System alert', event: 'system:alert' },
  system: { title: 'Notification', event: 'system:alert' },
} as const satisfies Record<string, EventType>

const byType = new Map<string, EventType>(Object.entries(eventTypes))

/** The one event of seed 004 under which a notification of this type is pushed. */
export function typedEventOf(type: string): string {
  return byType.get(type)?.event ?? 'notification:received'
}

/** The part of a type before its first `:`; the default category. */
export function categoryOf(type: string): string {
  const end = type.indexOf(':')
  return end > 0 ? type.slice(0, end) : type
}
