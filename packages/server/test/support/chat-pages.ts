/** Two ways to be in a chat: as seed 003's page, and as a native client. */
import { type BelfryServer, connected, type Person, type SocketRecorder } from '@belfry/testkit'
import { newChat } from './chats.ts'

/** What the first makes with the others. */
export async function chatOf(...members: [Person, ...Person[]]): Promise<string> {
  const [creator, ...others] = members
  const chat = await newChat(
    creator,
    others.map(({ id }) => id),
  )
  return chat.id
}

const NATIVE = { client: { name: 'test', version: '0.0.1' } }

/** A native client that has caught up. */
export async function native(
  server: BelfryServer,
  person: Person,
  more: Record<string, unknown> = {},
): Promise<SocketRecorder> {
  const socket = await connected(server, { ...person.auth, ...NATIVE, ...more })
  await socket.event('sync')
  return socket
}

/** Seed 003's page: it connects, and emits at once. */
export async function seedPage(
  server: BelfryServer,
  person: Person,
  chatId?: string,
): Promise<SocketRecorder> {
  const socket = await connected(server, person.auth)
  socket.emit('user-join', person.id)
  socket.emit('join-notifications', person.id)
  if (chatId !== undefined) socket.emit('join-chat', chatId)
  await socket.ack('get-unread-count', person.id)
  return socket
}
