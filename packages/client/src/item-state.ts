import type { Item, ItemBody } from '@belfry/protocol'

type State = Pick<Item, 'status' | 'readAt' | 'seenAt' | 'archivedAt'>

/** With every spelling that a client may know. */
function spelled(item: ItemBody & State): Item {
  const isRead = item.readAt !== null
  const delivered = item.status !== 'pending'
  return { ...item, _id: item.id, timestamp: item.createdAt, isRead, is_read: isRead, delivered }
}

/** The body with a user's state. */
export const withState = (body: ItemBody, { status, readAt, seenAt, archivedAt }: State): Item =>
  spelled({ ...body, status, readAt, seenAt, archivedAt })

export const freshItem = (body: ItemBody): Item =>
  withState(body, { status: 'pending', readAt: null, seenAt: null, archivedAt: null })

/** In a page of the log an item comes with its user's state, live without. */
export const isWithState = (body: ItemBody): body is Item => 'status' in body

/** Read implies seen; the first time stays. */
export const readItem = (item: Item, at: string): Item =>
  item.readAt === null ? spelled({ ...item, status: 'read', readAt: at, seenAt: item.seenAt ?? at }) : item

/** Unread returns to seen. */
export const unreadItem = (item: Item): Item =>
  item.readAt === null
    ? item
    : spelled({ ...item, status: 'seen', readAt: null, seenAt: item.seenAt ?? item.readAt })

export const seenItem = (item: Item, at: string): Item =>
  item.seenAt === null ? spelled({ ...item, status: 'seen', seenAt: at }) : item

/** Archiving implies reading. */
export const archivedItem = (item: Item, at: string): Item => ({
  ...readItem(item, at),
  archivedAt: item.archivedAt ?? at,
})

export const unarchivedItem = (item: Item): Item => ({ ...item, archivedAt: null })

/** Snoozing has seen it; read or not, it stays as it is. */
export const snoozedItem = (item: Item, at: string, snoozedUntil: string): Item => ({
  ...seenItem(item, at),
  snoozedUntil,
})

export const awakeItem = (item: Item): Item => ({ ...item, snoozedUntil: null })
