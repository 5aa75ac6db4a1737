import type { ClientOptions } from '@belfry/client'
import { type ChatOptions, type Chats, type ChatView, createChats } from '@belfry/client/chat'
import type { CommandReply, Cursor } from '@belfry/protocol'
import { onTestFinished } from 'vitest'
import { CHAT, chatCursor, opened } from './chat-samples.ts'
import { FakeAttention } from './fake-attention.ts'
import { connecting, type Fake } from './fake-client.ts'
import { snapshot } from './samples.ts'

export interface FakeChats extends Fake {
  chats: Chats
  attention: FakeAttention
}

export interface OpenedChat extends FakeChats {
  view: ChatView
}

/** The chats of a client that has asked for its first socket. */
export async function chatting(
  options: ChatOptions = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<FakeChats> {
  const fake = await connecting(clientOptions)
  const attention = new FakeAttention()
  const chats = createChats(fake.client, { attention, ...options })
  onTestFinished(() => {
    fake.client.close()
    if (attention.isWatched) throw new Error('the page is still watched after close')
  })
  return { ...fake, chats, attention }
}

/** One that has caught up. */
export async function onlineChats(
  options: ChatOptions = {},
  cursor: Cursor = chatCursor(0),
): Promise<FakeChats> {
  const fake = await chatting(options)
  await fake.world.socket.welcome(snapshot([], { cursor }))
  return fake
}

/** One with a chat open, as the server has answered. */
export async function openedChat(
  answer: CommandReply<'openChat'> = opened([]),
  options: ChatOptions = {},
): Promise<OpenedChat> {
  const fake = await onlineChats(options, chatCursor(answer.offset))
  const view = fake.chats.open(CHAT)
  await fake.world.clock.advance(0)
  await fake.world.socket.last('listBlocks').ok({ userIds: [] })
  await fake.world.socket.last('openChat').ok(answer)
  return { ...fake, view }
}

/** Time on a line that answers its checks, so that it is not given up. */
export async function pass({ world }: Fake, ms: number): Promise<void> {
  const end = world.clock.now() + ms
  while (world.clock.now() < end) {
    await world.clock.advance(Math.min(1_000, end - world.clock.now()))
    for (const ack of world.socket.all('ack')) await ack.ok({ behind: false })
  }
}
