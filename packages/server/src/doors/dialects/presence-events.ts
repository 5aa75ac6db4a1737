import { id } from '@belfry/protocol'
import { z } from 'zod'
import { asMember } from './chat-events.ts'
import { type DialectEvent, event } from './event.ts'
import { onlyMe, userId } from './named-user.ts'

/** Two shapes, for the same chat. */
const typingPlace = z.union([
  z.strictObject({ chatId: id, userId: userId.optional() }),
  z
    .strictObject({ roomId: id, userId: userId.optional() })
    .transform(({ roomId, userId }) => ({ chatId: roomId, userId })),
])

const typing = (command: 'startTyping' | 'stopTyping') =>
  event(typingPlace, async (socket, { chatId, userId: user }) => {
    await onlyMe(socket, user)
    await asMember(socket.execute(command, { chatId }))
  })

const seen = z.object({
  presence: z.tuple([z.object({ isOnline: z.boolean(), lastActive: z.string().nullable() })]),
})

/** What seed 003's clients say about who is there and who writes. Source: contract.md §7. */
export const presenceEvents: [string, DialectEvent][] = [
  ['typing-start', typing('startTyping')],
  ['typing-stop', typing('stopTyping')],
  [
    'get-online-status',
    event(userId, async (socket, user) => {
      const found = seen.parse(await socket.execute('getPresence', { userIds: [user] }))
      const [{ isOnline, lastActive }] = found.presence
      const status = { userId: user, isOnline, lastActive }
      socket.emit('online-status', status)
      return status
    }),
  ],
  [
    'set-online-status',
    event(z.strictObject({ userId: userId.optional(), isOnline: z.boolean() }), async (socket, wish) => {
      await onlyMe(socket, wish.userId)
      await socket.execute('setPresence', { status: wish.isOnline ? 'online' : 'invisible' })
    }),
  ],
]
