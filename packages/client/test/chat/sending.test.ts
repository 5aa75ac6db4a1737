import type { LocalMessage } from '@belfry/client/chat'
import type { Message } from '@belfry/protocol'
import {
  CHAT,
  chatCursor,
  type FakeChats,
  message,
  messages,
  type OpenedChat,
  opened,
  openedChat,
  page,
  pass,
  settled,
  snapshot,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const rows = ({ view }: OpenedChat) =>
  view.getSnapshot().messages.map(({ content, status }) => [content, status])
const posts = ({ world }: FakeChats) => world.socket.all('postMessage')
const last = ({ view }: OpenedChat) => view.getSnapshot().messages.at(-1) as LocalMessage

/** The message that the latest post becomes. */
function posted(fake: FakeChats, seq: number, more: Partial<Message> = {}): Message {
  const { clientId, content } = fake.world.socket.last('postMessage').payload
  return message(seq, {
    senderId: 'ada',
    clientId: String(clientId),
    content: String(content),
    ...more,
  })
}

const ok = (fake: FakeChats, seq: number, more: Partial<Message> = {}) =>
  fake.world.socket.last('postMessage').ok({ message: posted(fake, seq, more), duplicate: false })

test('a message shows at once as being sent, and then as sent, in the same row', async () => {
  const fake = await openedChat()
  const sent = fake.view.send({ content: 'hello' })
  expect(rows(fake)).toEqual([['hello', 'sending']])
  const { key } = last(fake)
  expect(posts(fake)[0]?.payload).toEqual({ chatId: CHAT, clientId: key, content: 'hello' })
  await ok(fake, 1)
  expect(await sent).toMatchObject({ message: { seq: 1 }, duplicate: false })
  expect(rows(fake)).toEqual([['hello', 'sent']])
  expect(last(fake)).toMatchObject({ key, seq: 1, id: 'm1', isOwn: true })
  // The entry brings the same message.
  await fake.world.socket.entries(told(1, posted(fake, 1)))
  expect(rows(fake)).toEqual([['hello', 'sent']])
})

test('an echo that comes before its ack is the same row, and is answer enough', async () => {
  const fake = await openedChat()
  const sent = fake.view.send({ content: 'hello' })
  await fake.world.socket.entries(told(1, posted(fake, 1)))
  expect(rows(fake)).toEqual([['hello', 'sent']])
  expect((await sent).message.seq).toBe(1)
  await pass(fake, 30_000)
  expect(posts(fake)).toHaveLength(1)
})

test('without an answer it is tried again after 1, 3 and 10 s with the same id, and says that it is not confirmed', async () => {
  const fake = await openedChat()
  void fake.view.send({ content: 'hello' })
  await pass(fake, 85_000)
  const times = posts(fake).map(({ at }) => at)
  expect(times.slice(1, 4).map((at, index) => at - (times[index] ?? 0))).toEqual([11_000, 13_000, 20_000])
  expect(new Set(posts(fake).map(({ payload }) => payload.clientId)).size).toBe(1)
  expect(last(fake)).toMatchObject({ status: 'sending', isUnconfirmed: true, failure: { code: 'timeout' } })
  await ok(fake, 1)
  expect(last(fake)).toMatchObject({ status: 'sent', isUnconfirmed: false })
})

test('messages of a chat go one after the other, those of two chats side by side', async () => {
  const fake = await openedChat()
  const other = fake.chats.open('c2')
  void fake.view.send({ content: 'one' })
  void fake.view.send({ content: 'two' })
  void other.send({ content: 'elsewhere' })
  expect(posts(fake).map(({ payload }) => payload.content)).toEqual(['one', 'elsewhere'])
  expect(rows(fake)).toEqual([
    ['one', 'sending'],
    ['two', 'queued'],
  ])
  const [first] = posts(fake)
  await first?.ok({
    message: message(1, { senderId: 'ada', clientId: String(first.payload.clientId), content: 'one' }),
    duplicate: false,
  })
  expect(posts(fake).map(({ payload }) => payload.content)).toEqual(['one', 'elsewhere', 'two'])
})

test('what is written offline waits, and is sent in order once the client has caught up', async () => {
  const fake = await openedChat(opened(messages(1, 1)))
  await fake.world.socket.end()
  void fake.view.send({ content: 'one' })
  void fake.view.send({ content: 'two' })
  expect(rows(fake).slice(1)).toEqual([
    ['one', 'queued'],
    ['two', 'queued'],
  ])
  await fake.world.clock.advance(500)
  await fake.world.socket.accept()
  expect(posts(fake)).toEqual([])
  await fake.world.socket.send('sync', page([told(2, message(2))], { cursor: chatCursor(2) }))
  expect(posts(fake).map(({ payload }) => payload.content)).toEqual(['one'])
  await ok(fake, 3)
  await ok(fake, 4)
  expect(rows(fake).map(([content]) => content)).toEqual(['Message 1', 'Message 2', 'one', 'two'])
})

test('a line that breaks while a message is sent sends it again, and the server’s one message is one row', async () => {
  const fake = await openedChat()
  void fake.view.send({ content: 'hello' })
  const { payload } = fake.world.socket.last('postMessage')
  const echo = posted(fake, 1)
  await fake.world.socket.end()
  await settled()
  expect(last(fake)).toMatchObject({ status: 'queued', isUnconfirmed: true })
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([], { cursor: chatCursor(0) }))
  expect(fake.world.socket.last('postMessage').payload).toEqual(payload)
  await fake.world.socket.last('postMessage').ok({ message: echo, duplicate: true })
  await fake.world.socket.entries(told(1, echo))
  expect(rows(fake)).toEqual([['hello', 'sent']])
})

test('a refused message fails and lets the next one pass; it can be tried again, or given up', async () => {
  const fake = await openedChat()
  const refused = fake.view.send({ content: 'call 555' })
  void fake.view.send({ content: 'fine' })
  await fake.world.socket.last('postMessage').refuse('contact_info_blocked')
  await expect(refused).rejects.toMatchObject({ code: 'contact_info_blocked' })
  await ok(fake, 1)
  expect(rows(fake)).toEqual([
    ['fine', 'sent'],
    ['call 555', 'failed'],
  ])
  expect(last(fake).failure).toMatchObject({ code: 'contact_info_blocked' })
  const { key } = last(fake)
  fake.view.retry(key)
  expect(last(fake).status).toBe('sending')
  expect(fake.world.socket.last('postMessage').payload).toMatchObject({ clientId: key })
  await fake.world.socket.last('postMessage').refuse('contact_info_blocked')
  fake.view.discard(key)
  expect(rows(fake)).toEqual([['fine', 'sent']])
})

test('an answer that says later holds the chat for so long, in order', async () => {
  const fake = await openedChat()
  void fake.view.send({ content: 'one' })
  void fake.view.send({ content: 'two' })
  await fake.world.socket.last('postMessage').refuse('rate_limited', { retryAfterMs: 5_000 })
  expect(fake.view.getSnapshot().messages[0]).toMatchObject({
    status: 'queued',
    failure: { code: 'rate_limited' },
  })
  await fake.world.clock.advance(4_999)
  expect(posts(fake)).toHaveLength(1)
  await fake.world.clock.advance(1)
  expect(posts(fake).map(({ payload }) => payload.content)).toEqual(['one', 'one'])
  await ok(fake, 1)
  expect(posts(fake).at(-1)?.payload.content).toBe('two')
})

test('at most 50 messages wait', async () => {
  const fake = await openedChat()
  await fake.world.socket.end()
  for (let n = 0; n < 50; n += 1) void fake.view.send({ content: `${n}` })
  await expect(fake.view.send({ content: 'one too many' })).rejects.toMatchObject({ code: 'queue_full' })
  expect(fake.view.getSnapshot().messages).toHaveLength(50)
})

test('after a day a message waits for the user, and the ones after it do not wait for that', async () => {
  const fake = await openedChat()
  fake.client.disconnect()
  void fake.view.send({ content: 'yesterday' })
  await fake.world.clock.advance(24 * 60 * 60 * 1_000 + 1_000)
  void fake.view.send({ content: 'today' })
  fake.client.connect()
  await settled()
  const now = new Date(fake.world.clock.now()).toISOString()
  await fake.world.socket.welcome(page([], { cursor: chatCursor(0), now }))
  expect(posts(fake).map(({ payload }) => payload.content)).toEqual(['today'])
  expect(fake.chats.getSnapshot().oldPosts).toBe(1)
  const old = fake.view.getSnapshot().messages.find(({ isOld }) => isOld)
  expect(old).toMatchObject({ content: 'yesterday', status: 'failed' })
  await ok(fake, 1)
  fake.view.retry(old?.key ?? '')
  expect(fake.world.socket.last('postMessage').payload).toMatchObject({
    content: 'yesterday',
    clientId: old?.key,
  })
  expect(fake.chats.getSnapshot().oldPosts).toBe(0)
})

test('a page that holds an own message is answer enough', async () => {
  const fake = await openedChat()
  void fake.view.send({ content: 'hello' })
  const echo = posted(fake, 1)
  fake.client.refresh()
  await fake.world.socket.last('sync').ok(snapshot([], { cursor: chatCursor(1) }))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').ok(opened([echo], { offset: 1 }))
  expect(rows(fake)).toEqual([['hello', 'sent']])
  await pass(fake, 20_000)
  expect(posts(fake)).toHaveLength(1)
})

test('who writes while reading old messages comes back to the newest', async () => {
  const fake = await openedChat(opened(messages(971, 1000), { offset: 1000 }))
  const jumped = fake.view.jumpTo(10)
  await fake.world.clock.advance(0)
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(1, 30), hasOlder: false, hasNewer: true })
  await jumped
  void fake.view.send({ content: 'hello' })
  await fake.world.clock.advance(0)
  expect(last(fake).content).toBe('Message 30')
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(971, 1000), hasOlder: true, hasNewer: false })
  expect(rows(fake).slice(-2)).toEqual([
    ['Message 1000', undefined],
    ['hello', 'sending'],
  ])
})
