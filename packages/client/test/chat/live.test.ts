import type { NoticeFrame, Presence } from '@belfry/protocol'
import {
  CHAT,
  chatCursor,
  entry,
  type FakeChats,
  message,
  onlineChats,
  opened,
  openedChat,
  page,
  pass,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const asked = ({ world }: FakeChats, event: string) => world.socket.all(event).map(({ payload }) => payload)

test('keys tell every 3 s that somebody types, and 5 s without one that they stopped', async () => {
  const fake = await openedChat()
  const { typing } = fake.view
  for (let second = 0; second < 7; second += 1) {
    typing.onKeystroke()
    await pass(fake, 1_000)
  }
  expect(fake.world.socket.all('startTyping')).toHaveLength(3)
  await pass(fake, 3_999)
  expect(asked(fake, 'stopTyping')).toEqual([])
  await pass(fake, 1)
  expect(asked(fake, 'stopTyping')).toEqual([{ chatId: CHAT }])
  typing.onKeystroke()
  typing.stop()
  typing.stop()
  expect(asked(fake, 'startTyping')).toHaveLength(4)
  expect(asked(fake, 'stopTyping')).toHaveLength(2)
})

test('sending is the end of typing, which nobody has to be told', async () => {
  const fake = await openedChat()
  fake.view.typing.onKeystroke()
  void fake.view.send({ content: 'hello' })
  await pass(fake, 6_000)
  expect(asked(fake, 'stopTyping')).toEqual([])
  fake.view.typing.onKeystroke()
  expect(asked(fake, 'startTyping')).toHaveLength(2)
})

test('who types shows as long as the server says, and not after their message', async () => {
  const fake = await openedChat()
  const { typing } = fake.view
  const names = () => typing.getSnapshot().map(({ userId }) => userId)
  const bob = { userId: 'bob', name: 'Bob' }
  await fake.world.socket.send('typing', {
    chatId: CHAT,
    users: [bob, { userId: 'eve', name: 'Eve' }],
    expiresInMs: 8_000,
  })
  await fake.world.socket.send('typing', { chatId: 'elsewhere', users: [bob], expiresInMs: 8_000 })
  expect(names()).toEqual(['bob', 'eve'])
  expect(typing.getSnapshot()).toBe(typing.getSnapshot())
  await fake.world.socket.entries(told(1, message(1)))
  expect(names()).toEqual(['eve'])
  await pass(fake, 7_000)
  await fake.world.socket.send('typing', { chatId: CHAT, users: [bob], expiresInMs: 8_000 })
  await pass(fake, 7_999)
  expect(names()).toEqual(['bob'])
  await pass(fake, 1)
  expect(names()).toEqual([])
})

const present = (userId: string, version: number, more: Partial<Presence> = {}): Presence => ({
  ...{ userId, version, status: 'online', isOnline: true, lastActive: null },
  ...more,
})

test('people are watched as long as somebody shows them, however often', async () => {
  const fake = await onlineChats()
  const [first, second] = [fake.chats.presence(['bob', 'eve']), fake.chats.presence(['bob'])]
  await fake.world.clock.advance(0)
  expect(asked(fake, 'watchPresence')).toEqual([{ userIds: ['bob', 'eve'] }])
  await fake.world.socket.last('watchPresence').ok({ presence: [present('bob', 3), present('eve', 1)] })
  expect(second.getSnapshot().get('bob')?.status).toBe('online')
  expect(second.getSnapshot().has('eve')).toBe(false)
  const shown = second.getSnapshot()
  await fake.world.socket.send('presence', { changes: [present('eve', 2, { status: 'away' })] })
  expect(second.getSnapshot()).toBe(shown)
  expect(first.getSnapshot().get('eve')?.status).toBe('away')
  first.close()
  first.close()
  await fake.world.clock.advance(0)
  expect(asked(fake, 'unwatchPresence')).toEqual([{ userIds: ['eve'] }])
})

test('a version that is lower than the known one is ignored', async () => {
  const fake = await onlineChats()
  const view = fake.chats.presence(['bob'])
  await fake.world.clock.advance(0)
  await fake.world.socket.last('watchPresence').ok({ presence: [present('bob', 5)] })
  await fake.world.socket.send('presence', {
    changes: [present('bob', 4, { status: 'offline', isOnline: false })],
  })
  expect(view.getSnapshot().get('bob')?.isOnline).toBe(true)
  await fake.world.socket.send('presence', { changes: [present('bob', 6, { status: 'dnd' })] })
  expect(view.getSnapshot().get('bob')?.status).toBe('dnd')
})

test('200 people are watched at most, 100 per question, and the next ones when there is room', async () => {
  const fake = await onlineChats()
  const many = Array.from({ length: 200 }, (_, n) => `u${n}`)
  const view = fake.chats.presence(many)
  fake.chats.presence(['late'])
  await fake.world.clock.advance(0)
  expect(
    fake.world.socket.all('watchPresence').map(({ payload }) => (payload.userIds as string[]).length),
  ).toEqual([100, 100])
  view.close()
  await fake.world.clock.advance(0)
  expect(asked(fake, 'watchPresence').at(-1)).toEqual({ userIds: ['late'] })
})

test('a new line watches the same people again', async () => {
  const fake = await onlineChats()
  fake.chats.presence(['bob'])
  await fake.world.clock.advance(0)
  await fake.world.socket.last('watchPresence').refuse('rate_limited', { retryAfterMs: 12_000 })
  await pass(fake, 12_000)
  expect(fake.world.socket.all('watchPresence')).toHaveLength(2)
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([], { cursor: chatCursor(0) }))
  await fake.world.clock.advance(0)
  expect(asked(fake, 'watchPresence')).toEqual([{ userIds: ['bob'] }])
})

test('the user sees themselves as the others do, and says how', async () => {
  const fake = await onlineChats()
  const { me } = fake.chats
  expect(me.getSnapshot()).toBeUndefined()
  const stop = me.subscribe(() => undefined)
  await fake.world.clock.advance(0)
  await fake.world.socket.last('watchPresence').ok({ presence: [present('ada', 1)] })
  expect(me.getSnapshot()?.status).toBe('online')
  void me.set('dnd', { text: 'In a meeting' })
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('setPresence').payload).toMatchObject({ status: 'dnd', text: 'In a meeting' })
  await fake.world.socket.last('setPresence').ok({ presence: present('ada', 2, { status: 'dnd' }) })
  expect(me.getSnapshot()?.status).toBe('dnd')
  stop()
  await fake.world.clock.advance(0)
  expect(asked(fake, 'unwatchPresence')).toEqual([{ userIds: ['ada'] }])
})

const notice = (seq: number): NoticeFrame => ({
  ...{ chatId: CHAT, messageId: `m${seq}`, seq, chatTitle: 'Bob', senderId: 'bob', senderName: 'Bob' },
  ...{
    preview: 'Hi',
    messageType: 'text',
    mentioned: false,
    silent: false,
    createdAt: message(seq).createdAt,
  },
  unread: { chat: seq, total: seq, chats: 1, mentions: 0 },
})

test('a notice is told once per message, and brings its numbers', async () => {
  const fake = await openedChat(opened([]))
  const heard: string[] = []
  fake.chats.onNotice(({ messageId }) => heard.push(messageId))
  for (const seq of [1, 2, 1]) await fake.world.socket.send('notice', notice(seq))
  await fake.world.socket.send('notice', notice(2))
  expect(heard).toEqual(['m1', 'm2'])
  expect(fake.view.getSnapshot().chat?.unread).toBe(2)
  expect(fake.chats.getSnapshot().total).toEqual({ unread: 2, chats: 1, mentions: 0 })
})

test('messages of others are told once, live or caught up with; own, loaded and blocked ones are not', async () => {
  const fake = await openedChat(opened([message(1)]))
  const heard: number[] = []
  const stop = fake.chats.onMessage(({ seq }) => heard.push(seq))
  await fake.world.socket.entries(told(2, message(2)), told(3, message(3, { senderId: 'ada' })))
  await fake.world.socket.entries(entry(1, 'user.blocked', { userId: 'eve' }))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(
    page([told(4, message(4)), told(5, message(5, { senderId: 'eve' }))], { cursor: chatCursor(5, 1) }),
  )
  stop()
  await fake.world.socket.entries(told(6, message(6)))
  expect(heard).toEqual([2, 4])
})
