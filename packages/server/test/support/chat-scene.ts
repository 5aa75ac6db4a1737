/** A group of two with one message, somebody outside, and every way into the server; for hostile rows about chats. */
import type { Message } from '@belfry/protocol'
import { type Ack, connected, type Fields, type Person, register, type SocketRecorder } from '@belfry/testkit'
import { expect } from 'vitest'
import { newChat, say } from './chats.ts'
import { expectSuccess } from './expect.ts'
import { expectRefusedWith, type HostileContext } from './hostile.ts'

const client = { name: 'test', version: '1' }

export interface ChatScene {
  ann: Person
  bob: Person
  eve: Person
  chatId: string
  message: Message
  /** Of the chat's messages over HTTP. */
  path: string
}

export async function chatScene({ server }: HostileContext): Promise<ChatScene> {
  const [ann, bob, eve] = await Promise.all([register(server), register(server), register(server)])
  const { id: chatId } = await newChat(ann, [bob.id], { type: 'group' })
  const message = await say(ann, chatId, 'hello')
  return { ann, bob, eve, chatId, message, path: `/api/chats/${chatId}/messages` }
}

/** A socket of the client's own protocol, and one of seed 003's. */
export const native = ({ server }: HostileContext, person: Person): Promise<SocketRecorder> =>
  connected(server, { ...person.auth, client })
export async function seed(
  { server }: HostileContext,
  person: Person,
  chatId?: string,
): Promise<SocketRecorder> {
  const socket = await connected(server, person.auth)
  socket.emit('user-join', person.id)
  if (chatId !== undefined) socket.emit('join-chat', chatId)
  await socket.ack('get-unread-count', person.id)
  return socket
}

export async function messagesIn(person: Person, path: string): Promise<Message[]> {
  const found: Message[] = []
  for (let before = '', isMore = true; isMore; before = `&before=${found[0]?.seq}`) {
    const reply = await person.http.get<{ messages: Message[]; hasOlder: boolean }>(
      `${path}?limit=100${before}`,
    )
    const { messages, hasOlder } = expectSuccess(reply)
    found.unshift(...messages)
    isMore = hasOlder
  }
  return found
}

/** What no way into the server takes. */
export async function expectRefusedEverywhere(
  context: HostileContext,
  { ann, chatId, path }: ChatScene,
  bodies: Fields[],
): Promise<void> {
  const nativeSocket = await native(context, ann)
  const seedSocket = await seed(context, ann, chatId)
  await context.unchanged(async () => {
    for (const body of bodies) {
      expectRefusedWith(await ann.http.post(path, body), 400)
      for (const [socket, event] of [
        [nativeSocket, 'postMessage'],
        [seedSocket, 'send-message'],
      ] as const) {
        const ack: Ack = await socket.ack(event, { chatId, ...body })
        expect({ event, body: JSON.stringify(body).slice(0, 60), ack }).toMatchObject({
          ack: { ok: false, error: { code: 'validation_failed' } },
        })
      }
    }
  })
}
