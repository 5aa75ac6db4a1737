import { type CommandName, Failure, id } from '@belfry/protocol'
import { z } from 'zod'

/** What a seed's event may do with its socket. The door gives it; nothing here knows Socket.IO. */
export interface DialectSocket {
  /** The user this socket speaks for, if it is known yet. */
  readonly user: string | undefined
  /** Binds the socket to a user for good; only open mode lets a client name one. */
  bind(user: string): Promise<void>
  catchUp(event: 'send_notification' | 'new-notification'): Promise<void>
  execute(name: CommandName, input: unknown): Promise<unknown>
  emit(event: string, payload: unknown): void
}

interface DialectEvent {
  input: z.ZodType
  run(socket: DialectSocket, input: never): Promise<unknown>
}

/** Seeds name users by text; some of their stores count them. */
const userId = z.union([id, z.int().min(0).transform(String)])

function event<I extends z.ZodType>(
  input: I,
  run: (socket: DialectSocket, input: z.output<I>) => Promise<unknown>,
): DialectEvent {
  return { input, run }
}

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
  ['user-join', event(userId, iAm)],
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
