import type { Item } from '@belfry/protocol'

/** One moment for all pictures. */
export const NOW = Date.parse('2026-11-24T15:30:00.000Z')
const MINUTE_MS = 60_000

/** @param minutes since it was created; the newest has the greatest id, as on a server */
export function sample(minutes: number, more: Partial<Item> & { isRead?: boolean } = {}): Item {
  const createdAt = new Date(NOW - minutes * MINUTE_MS).toISOString()
  const id = `id-${5e6 - minutes}`
  const isRead = more.isRead ?? false
  return {
    id,
    _id: id,
    topic: 'user:ada',
    offset: 5e6 - minutes,
    type: 'order:new',
    category: 'order',
    title: 'New order',
    message: 'Order 1043 over 89.00 EUR is waiting for you.',
    priority: 'medium',
    meta: null,
    createdAt,
    timestamp: createdAt,
    status: isRead ? 'read' : 'delivered',
    readAt: isRead ? createdAt : null,
    seenAt: isRead ? createdAt : null,
    archivedAt: null,
    is_read: isRead,
    delivered: true,
    ...more,
    isRead,
  }
}

const actor = { id: 'grace', name: 'Grace Hopper', avatarUrl: '/pictures/face.svg' }

/** One of each kind. */
export const everyKind: readonly Item[] = [
  sample(2, {
    type: 'system:alert',
    category: 'system',
    title: 'Database is running out of space',
    message: 'Less than 2 GB are left on db-1. Writes stop when it is full.',
    priority: 'urgent',
    url: '/status',
  }),
  sample(9, {
    type: 'task:assigned',
    category: 'task',
    title: 'Grace asks you to review “Quarterly report”',
    message: 'Please have a look before Thursday.',
    actor,
    actions: [
      { id: 'accept', label: 'Accept', style: 'primary' },
      { id: 'later', label: 'Later' },
      { id: 'reject', label: 'Decline', style: 'danger' },
    ],
  }),
  sample(25, {
    type: 'inventory:lowStock',
    category: 'inventory',
    title: 'Low stock: blue widgets',
    message: '3 are left, the threshold is 10.',
    priority: 'high',
  }),
  sample(64, { isRead: true, url: '/orders/1043' }),
  sample(190, {
    type: 'project:updated',
    category: 'project',
    title: 'Atlas has a new cover',
    message: 'The design team has picked the mountains.',
    imageUrl: '/pictures/view.svg',
    actor,
    priority: 'low',
  }),
  sample(60 * 22, {
    title: `x${'AbsurdlyLongWordWithoutAnySpace'.repeat(4)}`,
    message: `https://example.com/${'path/'.repeat(40)}`,
  }),
  sample(60 * 26, {
    isRead: true,
    title: 'A title that needs more than one line because somebody has put all of the story into it',
    message:
      'And a message that goes on and on, so that one sees where it ends. It has several sentences. None of them matters much. Yet all of them want to be read, the last one most of all, which nobody ever sees in a list.',
  }),
  ...Array.from({ length: 24 }, (_, n) =>
    sample(60 * (40 + n * 9), {
      isRead: n % 3 !== 0,
      title: `Order ${1040 - n} was paid`,
      message: 'The invoice is on its way.',
      type: 'order:updated',
    }),
  ),
]

/** Several unread of one group. */
export const grouped: readonly Item[] = [1, 2, 3, 4].map((minutes) =>
  sample(minutes, {
    title: 'Grace commented on “Atlas”',
    message: `Comment number ${minutes}.`,
    groupKey: 'atlas',
    type: 'project:updated',
    category: 'project',
  }),
)

/** Two that are away, and one that came back. */
export const away: readonly Item[] = [
  sample(1, { title: 'Invoice 88 is due', message: 'Pay it by Friday.', originId: 'id-1' }),
  sample(40, { snoozedUntil: '2026-11-25T08:00:00.000Z' }),
  sample(300, {
    title: 'Grace asks you to review “Quarterly report”',
    message: 'Please have a look before Thursday.',
    actor,
    snoozedUntil: '2026-11-30T08:00:00.000Z',
  }),
]
