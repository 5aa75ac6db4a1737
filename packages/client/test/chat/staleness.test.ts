import {
  CHAT,
  chat,
  chatCursor,
  chatting,
  inRoom,
  message,
  messages,
  type OpenedChat,
  onlineChats,
  opened,
  openedChat,
  page,
  pass,
  snapshot,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const seqs = ({ view }: Pick<OpenedChat, 'view'>) => view.getSnapshot().messages.map(({ seq }) => seq)

test('a snapshot drops the window: its rows are stale until the chat is read anew', async () => {
  const fake = await openedChat(opened(messages(1, 3)))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(snapshot([], { cursor: chatCursor(1, 0, 'e2') }))
  await fake.world.clock.advance(0)
  expect(fake.view.getSnapshot()).toMatchObject({ isStale: true, isLoading: false })
  expect(seqs(fake)).toEqual([1, 2, 3])
  await fake.world.socket.last('openChat').ok(opened([message(1)], { offset: 1 }))
  expect(fake.view.getSnapshot().isStale).toBe(false)
  expect(seqs(fake)).toEqual([1])
  // Offsets of the new log are lower than the old ones were.
  await fake.world.socket.entries(told(2, message(2)))
  expect(seqs(fake)).toEqual([1, 2])
})

test('an answer from before a snapshot is not heard', async () => {
  const fake = await openedChat(opened(messages(31, 60), { offset: 60 }))
  const older = fake.view.loadOlder()
  await fake.world.clock.advance(0)
  const asked = fake.world.socket.last('listMessages')
  fake.client.refresh()
  await fake.world.socket.last('sync').ok(snapshot([], { cursor: chatCursor(60) }))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').ok(opened([message(60)], { offset: 60 }))
  await asked.ok({ messages: messages(1, 30), hasOlder: false, hasNewer: true })
  await older
  expect(seqs(fake)).toEqual([60])
})

test('after a short break the log brings what was missed, and the chat is opened again for its frames', async () => {
  const fake = await openedChat(opened(messages(1, 3)))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([told(4, message(4))], { cursor: chatCursor(4) }))
  await fake.world.clock.advance(0)
  expect(seqs(fake)).toEqual([1, 2, 3, 4])
  expect(fake.view.getSnapshot().isStale).toBe(false)
  const again = fake.world.socket.last('openChat')
  expect(again.payload).toEqual({ chatId: CHAT, limit: 1 })
  await again.ok(opened([message(5)], { chat: chat({ lastSeq: 5, title: 'new' }), offset: 5 }))
  // Its message comes through the log: there might be others before it.
  expect(seqs(fake)).toEqual([1, 2, 3, 4])
  expect(fake.view.getSnapshot().chat?.title).toBe('new')
})

test('a chat that may not be read says so and shows nothing', async () => {
  const fake = await onlineChats()
  const view = fake.chats.open('somewhere')
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').refuse('not_found')
  expect(view.getSnapshot()).toMatchObject({ isLoading: false, messages: [], error: { code: 'not_found' } })
})

test('who is removed with the history keeps nothing on the screen', async () => {
  const fake = await openedChat(opened(messages(1, 3)))
  await fake.world.socket.entries({ ...inRoom(1, 'chat.left', { chatId: CHAT }), topic: 'user:ada' })
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').refuse('not_found')
  expect(fake.view.getSnapshot()).toMatchObject({ messages: [], error: { code: 'not_found' } })
})

test('two views of a chat are one, and it is closed some time after the last of them', async () => {
  const fake = await openedChat(opened(messages(1, 3)))
  const other = fake.chats.open(CHAT)
  expect(other.getSnapshot()).toBe(fake.view.getSnapshot())
  fake.view.close()
  fake.view.close()
  await fake.world.clock.advance(2_000)
  expect(fake.world.socket.all('closeChat')).toEqual([])
  other.close()
  await fake.world.clock.advance(500)
  const third = fake.chats.open(CHAT)
  await fake.world.clock.advance(2_000)
  expect(fake.world.socket.all('openChat')).toHaveLength(1)
  third.close()
  await fake.world.clock.advance(1_000)
  expect(fake.world.socket.all('closeChat').map(({ payload }) => payload)).toEqual([{ chatId: CHAT }])
})

test('what is wanted before there is a line is asked once when there is one', async () => {
  const fake = await chatting()
  const view = fake.chats.open(CHAT)
  fake.chats.list()
  await fake.world.socket.welcome(snapshot([], { cursor: chatCursor(0) }))
  await fake.world.clock.advance(500)
  const asked = fake.world.socket.asked.map(({ event }) => event)
  expect(asked.filter((event) => event !== 'ack').sort()).toEqual(['listBlocks', 'listChats', 'openChat'])
  expect(view.getSnapshot().isLoading).toBe(true)
})

test('a few messages that arrive before the chat is known do not look like all of them', async () => {
  const fake = await onlineChats({}, chatCursor(2))
  const view = fake.chats.open(CHAT)
  await fake.world.clock.advance(0)
  await fake.world.socket.entries(told(3, message(3)))
  expect(view.getSnapshot()).toMatchObject({ isLoading: true, messages: [] })
  await fake.world.socket.last('openChat').refuse('internal')
  await fake.world.socket.entries(told(4, message(4)))
  expect(view.getSnapshot()).toMatchObject({ isLoading: false, messages: [], error: { code: 'internal' } })
  await pass(fake, 30_000)
  await fake.world.socket.last('openChat').ok(opened(messages(1, 4)))
  expect(view.getSnapshot()).toMatchObject({ error: undefined, isStale: false })
  expect(seqs({ view })).toEqual([1, 2, 3, 4])
})
