import type { LocalMessage } from '@belfry/client/chat'
import type { Message } from '@belfry/protocol'
import {
  chat,
  type FakeChats,
  inRoom,
  member,
  message,
  messages,
  type OpenedChat,
  opened,
  openedChat,
  settled,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

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

test('what was masked is shown as the server has it, with its reason', async () => {
  const fake = await openedChat()
  void fake.view.send({ content: 'call 555 1234567' })
  const answer = {
    message: posted(fake, 1, { content: 'call •••' }),
    duplicate: false,
    policyNotice: 'Masked.',
  }
  await fake.world.socket.last('postMessage').ok(answer)
  await fake.world.socket.entries(told(1, posted(fake, 1, { content: 'call •••' })))
  expect(last(fake)).toMatchObject({ content: 'call •••', policyNotice: 'Masked.' })
})

test('media, an answered message and mentions go with it, and show before the server has it', async () => {
  const fake = await openedChat(opened(messages(1, 2)))
  const media = {
    id: 'f1',
    kind: 'image',
    url: '/api/media/f1',
    name: 'cat.png',
    mime: 'image/png',
    size: 3,
    alt: 'A cat',
  } as const
  void fake.view.send({ content: '', media: [media], replyTo: 'm2', mentions: ['bob'] })
  expect(posts(fake)[0]?.payload).toMatchObject({
    media: [{ id: 'f1', alt: 'A cat' }],
    replyTo: 'm2',
    mentions: ['bob'],
  })
  expect(last(fake)).toMatchObject({
    messageType: 'image',
    media: [media],
    replyTo: { id: 'm2', seq: 2, senderId: 'bob', preview: 'Message 2' },
  })
})

test('ticks pass sent, delivered and read as the slowest of the others comes along; observers do not count', async () => {
  const fake = await openedChat(
    opened([], {
      members: [member('ada'), member('bob'), member('eve'), member('oscar', { role: 'observer' })],
    }),
  )
  void fake.view.send({ content: 'hello' })
  await ok(fake, 1)
  const at = message(1).createdAt
  const mark = (userId: string, lastDeliveredSeq: number, lastReadSeq: number) => ({
    ...{ userId, lastDeliveredSeq, lastReadSeq, hasReadMore: true, at },
  })
  const seen: unknown[] = []
  const steps = [[mark('bob', 1, 1)], [mark('eve', 1, 0)], [mark('eve', 1, 1)]]
  for (const [index, members] of steps.entries()) {
    seen.push(last(fake).status)
    await fake.world.socket.entries(inRoom(index + 1, 'receipts.moved', { members }))
  }
  seen.push(last(fake).status)
  expect(seen).toEqual(['sent', 'sent', 'delivered', 'read'])
  const receipts = fake.view.receipts('m1')
  expect(receipts?.readBy.map(({ userId }) => userId)).toEqual(['bob', 'eve'])
  expect(fake.view.receipts('m1')).toBe(receipts)
})

test('an edit, a reaction and a deletion show at once, and are taken back when they are refused', async () => {
  const fake = await openedChat(opened([message(1, { senderId: 'ada' })]))
  const content = () => last(fake).content
  const edit = fake.view.edit('m1', 'changed')
  expect(content()).toBe('changed')
  await fake.world.clock.advance(0)
  await fake.world.socket.last('editMessage').refuse('edit_window_over')
  await expect(edit).rejects.toMatchObject({ code: 'edit_window_over' })
  expect(content()).toBe('Message 1')
  const react = fake.view.react('m1', '👍', true)
  expect(last(fake).reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['ada'], mine: true }])
  await fake.world.clock.advance(0)
  await fake.world.socket
    .last('reactToMessage')
    .ok({ reactions: [{ emoji: '👍', count: 2, userIds: ['bob', 'ada'] }] })
  await react
  expect(last(fake).reactions).toEqual([{ emoji: '👍', count: 2, userIds: ['bob', 'ada'], mine: true }])
  void fake.view.remove('m1')
  expect(last(fake)).toMatchObject({ content: '', deletedAt: expect.any(String) })
})

test('what may be done follows the server’s word, and is asked again when it may have changed', async () => {
  const denied = chat({ capabilities: ['openChat'], policyNotice: 'The client has to write first.' })
  const fake = await openedChat(opened([], { chat: denied }))
  expect(fake.view.can('postMessage')).toEqual({ isAllowed: false, reason: 'The client has to write first.' })
  await fake.world.socket.entries(told(1, message(1)))
  await fake.world.clock.advance(100)
  await fake.world.socket.last('openChat').ok(opened([message(1)]))
  expect(fake.view.can('postMessage')).toEqual({ isAllowed: true, reason: undefined })
})

test('a refusal is followed by a look at what may be done', async () => {
  const fake = await openedChat(opened([]))
  const refused = fake.view.send({ content: 'hello' })
  await fake.world.socket.last('postMessage').refuse('blocked')
  await expect(refused).rejects.toMatchObject({ code: 'blocked' })
  await fake.world.clock.advance(100)
  const denied = chat({ capabilities: ['openChat'], policyNotice: 'You cannot write to each other.' })
  await fake.world.socket.last('openChat').ok(opened([], { chat: denied }))
  expect(fake.view.can('postMessage')).toEqual({
    isAllowed: false,
    reason: 'You cannot write to each other.',
  })
})

test('views that are closed after the client leave no timer', async () => {
  const fake = await openedChat(opened([]))
  fake.client.close()
  const late = fake.chats.open('later')
  for (const view of [fake.view, late]) view.close()
  await settled()
  expect(fake.world.clock.size).toBe(0)
})

test('closing the client rejects what waits, and leaves no timer', async () => {
  const fake = await openedChat()
  const sent = fake.view.send({ content: 'hello' })
  fake.client.close()
  await expect(sent).rejects.toMatchObject({ code: 'closed' })
  await expect(fake.view.send({ content: 'more' })).rejects.toMatchObject({ code: 'closed' })
})
