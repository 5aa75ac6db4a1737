import { Failure, id } from '@belfry/protocol'
import { z } from 'zod'
import { chatEvents } from './chat-events.ts'
import { type DialectEvent, type DialectSocket, event } from './event.ts'

/** Seeds name users by text; some of their stores count them. */
const userId = z.union([id, z.int().min(0).transform(String)])

/** A user id that a client names never outranks the socket's own. Source: contract.md §8. */
async function iAm(socket: DialectSocket, user: string): Promise<void> {
  if (socket.user === undefined) return socket.bind(user)
  if (socket.user !== user) throw new Failure('forbidden')
}

async function onlyMe(socket: DialectSocket, user: string | undefined): Promise<void> {
  if (user !== undefined && socket.user !== user) throw new Failure('forbidden')
}

/** Seeds' events, by name. Source: contract.md §7. */
export const dialectEvents: ReadonlyMap<string, DialectEvent> = new Map([
  [
    'register_user',
    event(userId, async (socket, user) => {
      await iAm(socket, user)
      await socket.catchUp('send_notification')
    }),
  ],
  [
    'join-notifications',
    event(userId, async (socket, user) => {
      await iAm(socket, user)
      await socket.catchUp('new-notification')
    }),
  ],
  [
    'user-join',
    event(userId, async (socket, user) => {
      await iAm(socket, user)
      socket.hearMessages()
    }),
  ],
  ...chatEvents,
  [
    'mark-notification-read',
    event(z.strictObject({ notificationId: z.string().min(1).max(128) }), (socket, { notificationId }) =>
      socket.execute('markRead', { id: notificationId }),
    ),
  ],
  [
    'mark-all-notifications-read',
    event(userId.optional(), async (socket, user) => {
      await onlyMe(socket, user)
      return socket.execute('markAllRead', {})
    }),
  ],
  [
    'get-unread-count',
    event(userId.optional(), async (socket, user) => {
      await onlyMe(socket, user)
      const { unread } = z.object({ unread: z.int() }).parse(await socket.execute('countNotifications', {}))
      socket.emit('unread-count', { count: unread })
      return { count: unread }
    }),
  ],
])
