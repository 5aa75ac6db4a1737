import type { Item, ItemBody } from '@belfry/protocol'

type State = Pick<Item, 'status' | 'readAt' | 'seenAt' | 'archivedAt'>

/** The body with a user's state, in every spelling that a client may know. */
export function withState(body: ItemBody, state: State): Item {
  const isRead = state.readAt !== null
  return {
    ...body,
    status: state.status,
    readAt: state.readAt,
    seenAt: state.seenAt,
    archivedAt: state.archivedAt,
    _id: body.id,
    timestamp: body.createdAt,
    isRead,
    is_read: isRead,
    delivered: state.status !== 'pending',
  }
}

export const freshItem = (body: ItemBody): Item =>
  withState(body, { status: 'pending', readAt: null, seenAt: null, archivedAt: null })

/** In a page of the log an item comes with its user's state, live without. */
export const isWithState = (body: ItemBody): body is Item => 'status' in body

/** Read implies seen; the first time stays. */
export const readItem = (item: Item, at: string): Item =>
  item.readAt === null
    ? withState(item, { ...item, status: 'read', readAt: at, seenAt: item.seenAt ?? at })
    : item

/** Unread returns to seen. */
export const unreadItem = (item: Item): Item =>
  item.readAt === null
    ? item
    : withState(item, { ...item, status: 'seen', readAt: null, seenAt: item.seenAt ?? item.readAt })

export const seenItem = (item: Item, at: string): Item =>
  item.seenAt === null ? withState(item, { ...item, status: 'seen', seenAt: at }) : item

/** Archiving implies reading. */
export const archivedItem = (item: Item, at: string): Item => ({
  ...readItem(item, at),
  archivedAt: item.archivedAt ?? at,
})
