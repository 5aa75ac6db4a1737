import { z } from 'zod'
import { chatEvents } from './chat-events.ts'
import { type DialectEvent, event } from './event.ts'
import { iAm, onlyMe, userId } from './named-user.ts'
import { presenceEvents } from './presence-events.ts'

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
      socket.hearPeople()
    }),
  ],
  ...chatEvents,
  ...presenceEvents,
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
