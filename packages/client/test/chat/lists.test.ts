import type { Chat } from '@belfry/protocol'
import {
  CHAT,
  chat,
  chatCursor,
  entry,
  type FakeChats,
  inRoom,
  ME,
  member,
  message,
  onlineChats,
  opened,
  page,
  snapshot,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const at = (minute: number) => `2026-11-24T12:${String(minute).padStart(2, '0')}:00.000Z`
const total = (unread = 0) => ({ unread, chats: unread > 0 ? 1 : 0, mentions: 0 })
const pageOf = (chats: Chat[], nextCursor: string | null = null, unread = 0) => ({
  chats,
  nextCursor,
  counts: {
    chats: Object.fromEntries(chats.map((one) => [one.id, { unread: one.unread, mentions: 0 }])),
    total: total(unread),
  },
})
const c = (n: number, more: Partial<Chat> = {}) => chat({ id: `c${n}`, updatedAt: at(n), ...more })

async function listed(chats: Chat[], nextCursor: string | null = null) {
  const fake = await onlineChats()
  const list = fake.chats.list()
  await fake.world.clock.advance(0)
  await fake.world.socket.last('listBlocks').ok({ userIds: ['eve'] })
  await fake.world.socket.last('listChats').ok(pageOf(chats, nextCursor, 3))
  return { ...fake, list, ids: () => list.getSnapshot().items.map(({ id }) => id) }
}

const asked = ({ world }: FakeChats) => world.socket.all('listChats').map(({ payload }) => payload)

test('chats are listed with the server’s numbers, the latest first', async () => {
  const fake = await onlineChats()
  const list = fake.chats.list()
  expect(list.getSnapshot()).toMatchObject({ status: 'loading', items: [] })
  await fake.world.clock.advance(0)
  expect(asked(fake)).toEqual([{ limit: 30, filter: 'all' }])
  await fake.world.socket.last('listChats').ok(pageOf([c(3), c(2, { unread: 3 })], null, 3))
  expect(list.getSnapshot()).toMatchObject({ status: 'ready', hasMore: false, total: { unread: 3 } })
  expect(list.getSnapshot().items.map(({ id }) => id)).toEqual(['c3', 'c2'])
  expect(fake.chats.getSnapshot()).toMatchObject({ total: { unread: 3 }, userId: 'ada', isReady: true })
})

test('a new message puts its chat on top, and its number comes from the server', async () => {
  const fake = await listed([c(3), c(1)])
  await fake.world.socket.entries({ ...told(1, message(1)), at: at(9) })
  expect(fake.ids()).toEqual(['c1', 'c3'])
  expect(fake.list.getSnapshot().items[0]).toMatchObject({ lastMessage: { content: 'Message 1' }, unread: 0 })
  const counts = { chats: { c1: { unread: 1, mentions: 1 } }, total: total(4) }
  await fake.world.socket.send('chatCounts', counts)
  expect(fake.list.getSnapshot()).toMatchObject({
    items: [{ unread: 1, unreadMentions: 1 }, {}],
    total: total(4),
  })
})

test('pages go on below, and a chat that moved up meanwhile stands there once', async () => {
  const fake = await listed([c(9), c(8)], 'p2')
  expect(fake.list.getSnapshot().hasMore).toBe(true)
  const more = fake.list.fetchMore()
  void fake.list.fetchMore()
  await fake.world.clock.advance(0)
  expect(fake.list.getSnapshot().isFetchingMore).toBe(true)
  expect(asked(fake).slice(1)).toEqual([{ limit: 30, filter: 'all', cursor: 'p2' }])
  await fake.world.socket.entries({ ...told(1, message(1)), at: at(20) })
  await fake.world.socket.last('listChats').ok(pageOf([c(7), c(1)]))
  await more
  // The page was older than the entry; the chat was unknown when it came, so the list is read again.
  await fake.world.clock.advance(100)
  await fake.world.socket.last('listChats').ok(pageOf([c(1, { updatedAt: at(20) }), c(9), c(8), c(7)]))
  expect(fake.ids()).toEqual(['c1', 'c9', 'c8', 'c7'])
})

test('a chat that somebody else has made shows up', async () => {
  const fake = await listed([c(1)])
  await fake.world.socket.entries(entry(1, 'chat.joined', { chatId: 'c5' }))
  await fake.world.clock.advance(100)
  await fake.world.socket.last('listChats').ok(pageOf([c(5), c(1)]))
  expect(fake.ids()).toEqual(['c5', 'c1'])
})

test('a chat that was left goes, though it may still be open to be read', async () => {
  const fake = await listed([c(2), c(1)])
  const view = fake.chats.open(CHAT)
  await fake.world.clock.advance(0)
  await fake.world.socket.last('openChat').ok(opened([message(1)]))
  await fake.world.socket.entries(entry(1, 'chat.left', { chatId: CHAT }))
  expect(fake.ids()).toEqual(['c2'])
  await fake.world.clock.advance(0)
  const past = opened([message(1)], { members: [member('bob')], chat: chat({ capabilities: ['openChat'] }) })
  await fake.world.socket.last('openChat').ok(past)
  expect(fake.ids()).toEqual(['c2'])
  expect(view.getSnapshot()).toMatchObject({ messages: [{ seq: 1 }], isStale: false })
  expect(view.can('postMessage').isAllowed).toBe(false)
})

test('hiding takes a chat out, and a new message brings it back', async () => {
  const fake = await listed([c(2), c(1)])
  const hidden = fake.chats.list('hidden')
  await fake.world.clock.advance(0)
  await fake.world.socket.last('listChats').ok(pageOf([]))
  void fake.chats.setPrefs(CHAT, { hidden: true })
  await fake.world.clock.advance(0)
  const prefs = { notify: 'all', hiddenAt: at(1) } as const
  await fake.world.socket.last('setChatPrefs').ok({ prefs, counts: { chats: {}, total: total(0) } })
  await fake.world.socket.entries(entry(1, 'chat.prefsChanged', { chatId: CHAT, prefs }))
  expect(fake.ids()).toEqual(['c2'])
  expect(hidden.getSnapshot().items.map(({ id }) => id)).toEqual(['c1'])
  await fake.world.socket.entries({ ...told(1, message(1)), at: at(9) })
  expect(fake.ids()).toEqual(['c1', 'c2'])
  expect(hidden.getSnapshot().items).toEqual([])
})

test('title, members and picture follow the entries of the chat', async () => {
  const fake = await listed([c(1, { title: 'old', type: 'group' })])
  const { lastMessage: _, unread: _u, unreadMentions: _m, prefs: _p, capabilities: _c, ...facts } = c(1)
  await fake.world.socket.entries(
    inRoom(1, 'member.joined', { members: [member('eve')] }),
    inRoom(2, 'room.updated', {
      chat: { ...facts, title: 'new', memberIds: ['ada', 'bob', 'eve'], memberCount: 3 },
    }),
    inRoom(3, 'member.left', { userIds: ['bob'] }),
    inRoom(4, 'member.left', { userIds: ['bob'] }),
  )
  expect(fake.list.getSnapshot().items[0]).toMatchObject({
    title: 'new',
    memberIds: ['ada', 'eve'],
    memberCount: 2,
    prefs: { notify: 'all' },
  })
})

test('after an outage the list is read anew, since numbers change without an entry', async () => {
  const fake = await listed([c(2, { unread: 5 }), c(1)])
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([], { cursor: chatCursor(0) }))
  await fake.world.clock.advance(100)
  await fake.world.socket.last('listChats').ok(pageOf([c(2, { unread: 0 })]))
  // What the server does not list any more is gone.
  expect(fake.list.getSnapshot().items.map(({ id, unread }) => [id, unread])).toEqual([['c2', 0]])
})

test('after a snapshot everything is stale until the server lists it', async () => {
  const fake = await listed([c(2), c(1)])
  fake.client.refresh()
  await fake.world.socket.last('sync').ok(snapshot([], { cursor: chatCursor(0, 0, 'e2') }))
  expect(fake.list.getSnapshot()).toMatchObject({ isStale: true, status: 'ready' })
  expect(fake.ids()).toEqual(['c2', 'c1'])
  await fake.world.clock.advance(100)
  await fake.world.socket.last('listChats').ok(pageOf([c(1)]))
  expect(fake.list.getSnapshot().isStale).toBe(false)
  expect(fake.ids()).toEqual(['c1'])
})

test('a chat that is made is in the list at once', async () => {
  const fake = await listed([c(1)])
  const made = fake.chats.create({ memberIds: ['bob'] })
  await fake.world.clock.advance(0)
  await fake.world.socket.last('createChat').ok({ chat: c(7), created: true })
  expect((await made).id).toBe('c7')
  expect(fake.ids()).toEqual(['c7', 'c1'])
})

test('who is blocked is known, and follows what other devices do', async () => {
  const fake = await listed([c(1)])
  const blocked = () => [...fake.chats.getSnapshot().blockedUserIds]
  expect(blocked()).toEqual(['eve'])
  await fake.world.socket.entries(entry(1, 'user.blocked', { userId: 'bob' }, ME))
  expect(blocked()).toEqual(['eve', 'bob'])
  await fake.world.socket.entries(entry(2, 'user.unblocked', { userId: 'eve' }, ME))
  expect(blocked()).toEqual(['bob'])
})

test('a list that does not come says why, and can be asked for again', async () => {
  const fake = await onlineChats()
  const list = fake.chats.list()
  await fake.world.clock.advance(0)
  await fake.world.socket.last('listChats').refuse('internal')
  expect(list.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'internal' }, items: [] })
  list.refresh()
  await fake.world.clock.advance(100)
  await fake.world.socket.last('listChats').ok(pageOf([c(1)]))
  expect(list.getSnapshot()).toMatchObject({ status: 'ready', error: undefined })
})

test('an entry in a shape of another version is answered with a look at everything', async () => {
  const fake = await listed([c(1)])
  await fake.world.socket.entries({ ...told(1, message(1)), data: { chatId: CHAT } } as never)
  await fake.world.socket.entries({ ...inRoom(2, 'member.joined', { members: [] }), data: {} } as never)
  await fake.world.clock.advance(100)
  expect(asked(fake)).toHaveLength(2)
})
