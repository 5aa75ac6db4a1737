import { Failure, id } from '@belfry/protocol'
import { z } from 'zod'
import { topics } from '../../core/topics.ts'
import { type DialectEvent, type DialectSocket, event } from './event.ts'

/** Seeds name a chat by its id, alone or in an object. */
const chatId = z.union([id, z.object({ chatId: id }).transform((input) => input.chatId)])

/** A file is an address here: somebody else's, kept as a link. */
const address = z.string().max(2048)
const mediaAddress = z.union([
  address.transform((url) => ({ url })),
  z
    .object({
      url: address,
      kind: z.string().optional(),
      type: z.string().optional(),
      name: z.string().optional(),
    })
    .transform(({ url, kind, type, name }) => ({ url, kind: kindOf(kind ?? type), name })),
])
const kindOf = (word: string | undefined) =>
  (['image', 'audio', 'video'] as const).find((kind) => word?.startsWith(kind)) ?? 'file'

const draft = z.strictObject({
  chatId: id,
  content: z.string().optional(),
  messageType: z.string().optional(),
  media: z.union([mediaAddress.transform((one) => [one]), z.array(mediaAddress)]).nullish(),
  clientId: z.string().optional(),
})

const opened = z.object({ offset: z.int() })

/** Whoever is not in a chat hears that it is forbidden, as of a chat that does not exist. */
export async function asMember(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (error) {
    const isStranger =
      error instanceof Failure && (error.code === 'not_found' || error.code === 'not_participant')
    throw isStranger ? new Failure('forbidden') : error
  }
}

async function joinChat(socket: DialectSocket, chat: string): Promise<void> {
  const { offset } = opened.parse(await asMember(socket.execute('openChat', { chatId: chat, limit: 1 })))
  socket.handedMessages(topics.room(chat), offset)
}

/** What seed 003's clients say about chats. Source: contract.md §7. */
export const chatEvents: [string, DialectEvent][] = [
  ['join-chat', event(chatId, joinChat)],
  ['leave-chat', event(chatId, (socket, chat) => socket.execute('closeChat', { chatId: chat }))],
  [
    'send-message',
    event(draft, async (socket, { media, ...said }) => {
      const input = { ...said, ...(media ? { media } : {}) }
      const { message } = z
        .looseObject({ message: z.unknown() })
        .parse(await asMember(socket.execute('postMessage', input)))
      return { message }
    }),
  ],
  [
    'mark-messages-read',
    event(
      z.union([
        id.transform((chat) => ({ chatId: chat })),
        z.strictObject({ chatId: id, upToSeq: z.int().optional() }),
      ]),
      (socket, input) => asMember(socket.execute('markChatRead', input)),
    ),
  ],
]
