import {
  CHAT,
  chat,
  chatCursor,
  inRoom,
  member,
  message,
  messages,
  type OpenedChat,
  onlineChats,
  opened,
  openedChat,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const seqs = ({ view }: Pick<OpenedChat, 'view'>) => view.getSnapshot().messages.map(({ seq }) => seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('a chat that is opened loads, and then shows its newest messages in order', async () => {
  const fake = await onlineChats()
  const view = fake.chats.open(CHAT)
  expect(view.getSnapshot()).toMatchObject({ isLoading: true, messages: [], chat: undefined })
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('openChat').payload).toEqual({ chatId: CHAT, limit: 30 })
  await fake.world.socket.last('openChat').ok(opened(messages(1, 3)))
  expect(view.getSnapshot()).toMatchObject({
    isLoading: false,
    isStale: false,
    hasOlder: false,
    hasNewer: false,
  })
  expect(view.getSnapshot().messages.map(({ content }) => content)).toEqual([
    'Message 1',
    'Message 2',
    'Message 3',
  ])
})

test('the state is the same object, and each row too, until something of it changes', async () => {
  const fake = await openedChat(opened(messages(1, 2)))
  const before = fake.view.getSnapshot()
  expect(fake.view.getSnapshot()).toBe(before)
  await fake.world.socket.entries(told(3, message(3)))
  const after = fake.view.getSnapshot()
  expect(after).not.toBe(before)
  expect(after.messages[0]).toBe(before.messages[0])
  expect(before.messages).toHaveLength(2)
})

test('messages arrive, are edited, deleted and reacted to in their place', async () => {
  const fake = await openedChat(opened(messages(1, 2)))
  await fake.world.socket.entries(
    told(3, message(3)),
    told(4, message(2, { content: 'changed' }), 'message.edited'),
    told(5, message(1, { content: '', deletedAt: message(1).createdAt }), 'message.deleted'),
    told(6, message(3, { reactions: [{ emoji: '👍', count: 1, userIds: ['ada'] }] }), 'message.reacted'),
  )
  const [first, second, third] = fake.view.getSnapshot().messages
  expect([first?.deletedAt, second?.content]).toEqual([message(1).createdAt, 'changed'])
  expect(third?.reactions).toEqual([{ emoji: '👍', count: 1, userIds: ['ada'], mine: true }])
})

test('what came while the chat was opened is neither lost nor old', async () => {
  const fake = await onlineChats({}, chatCursor(2))
  const view = fake.chats.open(CHAT)
  await fake.world.clock.advance(0)
  // Read at offset 3, which this line hears of later; 4 it hears of before the answer.
  await fake.world.socket.entries(told(3, message(3, { content: 'old' })))
  await fake.world.socket.entries(told(4, message(4)))
  const read = [...messages(1, 2), message(3, { content: 'new' })]
  await fake.world.socket.last('openChat').ok(opened(read, { offset: 3 }))
  expect(view.getSnapshot().messages.map(({ content }) => content)).toEqual([
    'Message 1',
    'Message 2',
    'new',
    'Message 4',
  ])
})

test('entries that the answer holds already do not put an old state over it', async () => {
  const fake = await openedChat(opened([message(1, { content: 'edited twice' })], { offset: 3 }))
  await fake.world.socket.entries(told(1, message(1, { content: 'first' })))
  expect(fake.view.getSnapshot().messages[0]?.content).toBe('edited twice')
})

test('older pages are put before, and a place that is loaded is asked for only once', async () => {
  const fake = await openedChat(opened(messages(71, 100), { offset: 100 }))
  expect(fake.view.getSnapshot().hasOlder).toBe(true)
  const both = [fake.view.loadOlder(), fake.view.loadOlder()]
  await fake.world.clock.advance(0)
  expect(fake.view.getSnapshot().isFetchingOlder).toBe(true)
  expect(fake.world.socket.all('listMessages').map(({ payload }) => payload)).toEqual([
    { chatId: CHAT, limit: 30, before: 71 },
  ])
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(41, 70), hasOlder: true, hasNewer: true })
  await Promise.all(both)
  expect(seqs(fake)).toEqual(range(41, 100))
  expect(fake.view.getSnapshot()).toMatchObject({ isFetchingOlder: false, hasOlder: true, hasNewer: false })
})

test('an edit that comes while its page is on the way is in the page that is shown', async () => {
  const fake = await openedChat(opened(messages(31, 60), { offset: 60 }))
  const done = fake.view.loadOlder()
  await fake.world.clock.advance(0)
  await fake.world.socket.entries(told(61, message(5, { content: 'edited' }), 'message.edited'))
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(1, 30), hasOlder: false, hasNewer: true })
  await done
  expect(fake.view.getSnapshot().messages[4]?.content).toBe('edited')
})

test('a page that does not come says why, and the rows stay', async () => {
  const fake = await openedChat(opened(messages(31, 60), { offset: 60 }))
  const done = fake.view.loadOlder()
  await fake.world.clock.advance(0)
  await fake.world.socket.last('listMessages').refuse('internal')
  await expect(done).rejects.toMatchObject({ code: 'internal' })
  expect(fake.view.getSnapshot()).toMatchObject({ error: { code: 'internal' }, isFetchingOlder: false })
  expect(seqs(fake)).toEqual(range(31, 60))
})

async function readBack(fake: OpenedChat, first: number, to: number): Promise<void> {
  for (let end = first - 1; end >= to; end -= 30) {
    const done = fake.view.loadOlder()
    await fake.world.clock.advance(0)
    const answer = { messages: messages(end - 29, end), hasOlder: end > 30, hasNewer: true }
    await fake.world.socket.last('listMessages').ok(answer)
    await done
  }
}

test('at most 600 messages are kept: the far end goes, and is read again on the way back', async () => {
  const fake = await openedChat(opened(messages(871, 900), { offset: 900 }))
  await readBack(fake, 871, 1)
  expect(seqs(fake).length).toBeLessThanOrEqual(600)
  expect(fake.view.getSnapshot()).toMatchObject({ hasOlder: false, hasNewer: true })
  expect(seqs(fake)[0]).toBe(1)
  const last = seqs(fake).at(-1) ?? 0
  // What is new is not put where it does not belong.
  await fake.world.socket.entries(told(901, message(901)))
  expect(seqs(fake).at(-1)).toBe(last)
  const done = fake.view.loadNewer()
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('listMessages').payload).toMatchObject({ after: expect.any(Number) })
  const after = Number(fake.world.socket.last('listMessages').payload.after)
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(after + 1, after + 30), hasOlder: true, hasNewer: true })
  await done
  expect(seqs(fake).at(-1)).toBe(after + 30)
})

test('a long evening of live messages keeps the newest 600 at most', async () => {
  const fake = await openedChat(opened([]))
  for (const seq of range(1, 1300)) await fake.world.socket.entries(told(seq, message(seq)))
  expect(seqs(fake).at(-1)).toBe(1300)
  expect(seqs(fake).length).toBeLessThanOrEqual(600)
  expect(seqs(fake).length).toBeGreaterThan(450)
  expect(fake.view.getSnapshot().hasOlder).toBe(true)
})

test('who reads far above keeps what is on screen while others go on talking', async () => {
  const fake = await openedChat(opened(messages(1, 30), { offset: 30 }))
  fake.view.reportVisible(10)
  for (const seq of range(31, 700)) await fake.world.socket.entries(told(seq, message(seq)))
  expect(seqs(fake).slice(0, 30)).toEqual(range(1, 30))
  expect(fake.view.getSnapshot().hasNewer).toBe(true)
})

test('a jump to a place loads what is around it, and one to the latest comes back', async () => {
  const fake = await openedChat(opened(messages(971, 1000), { offset: 1000 }))
  const jumped = fake.view.jumpTo(500)
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('listMessages').payload).toEqual({ chatId: CHAT, limit: 30, around: 500 })
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(486, 515), hasOlder: true, hasNewer: true })
  expect(await jumped).toBe(500)
  expect(seqs(fake)).toEqual(range(486, 515))
  expect(await fake.view.jumpTo(490)).toBe(490)
  expect(fake.world.socket.all('listMessages')).toHaveLength(1)
  await fake.world.socket.entries(told(1001, message(1001)))
  const back = fake.view.jumpTo('latest')
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('listMessages').payload).toEqual({ chatId: CHAT, limit: 30 })
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(972, 1001), hasOlder: true, hasNewer: false })
  expect(await back).toBe(1001)
  expect(fake.view.getSnapshot().hasNewer).toBe(false)
})

test('a chat is opened at its first unread message, wherever that is', async () => {
  const fake = await onlineChats({}, chatCursor(100))
  const view = fake.chats.open(CHAT)
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').ok(
    opened(messages(71, 100), {
      chat: chat({ lastSeq: 100, unread: 80 }),
      members: [member('ada', { lastReadSeq: 20 }), member('bob')],
      offset: 100,
    }),
  )
  expect(view.getSnapshot().isLoading).toBe(true)
  expect(fake.world.socket.last('listMessages').payload).toEqual({ chatId: CHAT, limit: 30, around: 21 })
  await fake.world.socket
    .last('listMessages')
    .ok({ messages: messages(6, 35), hasOlder: true, hasNewer: true })
  expect(view.getSnapshot()).toMatchObject({ isLoading: false, firstUnreadSeq: 21, hasNewer: true })
  expect(await view.jumpTo('unread')).toBe(21)
})

test('the divider stays where it was when the chat was opened, and skips own messages', async () => {
  const list = [...messages(1, 2), message(3, { senderId: 'ada' }), ...messages(4, 5)]
  const fake = await openedChat(
    opened(list, {
      chat: chat({ lastSeq: 5, unread: 2 }),
      members: [member('ada', { lastReadSeq: 2 }), member('bob')],
    }),
  )
  expect(fake.view.getSnapshot().firstUnreadSeq).toBe(4)
  await fake.world.socket.send('chatCounts', {
    chats: { [CHAT]: { unread: 0, mentions: 0 } },
    total: { unread: 0, chats: 0, mentions: 0 },
  })
  expect(fake.view.getSnapshot()).toMatchObject({ firstUnreadSeq: 4, chat: { unread: 0 } })
})

test('members come and go, and their marks never fall', async () => {
  const fake = await openedChat(opened(messages(1, 5)))
  const bob = () => fake.view.getSnapshot().members.find(({ userId }) => userId === 'bob')
  const at = message(1).createdAt
  const moved = { userId: 'bob', lastDeliveredSeq: 5, lastReadSeq: 4, hasReadMore: true, at }
  await fake.world.socket.entries(
    inRoom(6, 'receipts.moved', { members: [moved] }),
    inRoom(7, 'receipts.moved', { members: [{ ...moved, lastDeliveredSeq: 3, lastReadSeq: 2 }] }),
    inRoom(8, 'member.joined', { members: [member('eve')] }),
  )
  expect(bob()).toMatchObject({ lastDeliveredSeq: 5, lastReadSeq: 4 })
  expect(fake.view.getSnapshot().members.map(({ userId }) => userId)).toEqual(['ada', 'bob', 'eve'])
  await fake.world.socket.entries(inRoom(9, 'member.left', { userIds: ['bob'] }))
  expect(bob()).toBeUndefined()
})
