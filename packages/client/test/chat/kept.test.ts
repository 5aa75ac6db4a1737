import {
  CHAT,
  chat,
  entry,
  member,
  message,
  messages,
  opened,
  settled,
  snapshot,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { FakeBrowser, tokenOf } from '../fake-browser.ts'
import { openPage, posts, welcome, wroteOffline } from './chat-pages.ts'

const KEY = 'belfry:1:http://belfry.test:ada:chats'

/** A browser where ada has looked at a chat with 40 messages. */
async function visited(): Promise<FakeBrowser> {
  const browser = new FakeBrowser()
  const tab = await openPage(browser)
  tab.chats.list()
  tab.chats.open(CHAT)
  await welcome(tab, 40)
  const found = chat({ lastSeq: 40, unread: 2, title: 'Bob', lastMessage: message(40) })
  await tab.world.socket.last('listChats').ok({
    chats: [found],
    nextCursor: null,
    counts: { chats: {}, total: { unread: 2, chats: 1, mentions: 0 } },
  })
  const members = [member('ada', { lastReadSeq: 38 }), member('bob')]
  await tab.world.socket.last('openChat').ok(opened(messages(11, 40), { chat: found, members, offset: 40 }))
  await tab.world.clock.advance(1_000)
  await tab.leave()
  return browser
}

test('chats that were seen last time show at once as stale, and the server’s word takes their place', async () => {
  const browser = await visited()
  const tab = await openPage(browser)
  const [list, view] = [tab.chats.list(), tab.chats.open(CHAT)]
  await settled()
  expect(list.getSnapshot()).toMatchObject({
    isStale: true,
    items: [{ title: 'Bob', unread: 2 }],
    total: { unread: 2 },
  })
  expect(view.getSnapshot()).toMatchObject({
    isStale: true,
    isLoading: false,
    hasOlder: false,
    chat: { title: 'Bob' },
  })
  expect(view.getSnapshot().messages).toHaveLength(30)
  await welcome(tab, 41)
  await tab.world.socket.last('openChat').ok(opened([message(41)], { offset: 41 }))
  expect(view.getSnapshot()).toMatchObject({ isStale: false, messages: [{ seq: 41 }] })
})

test('they show as soon as a token says for whom, without waiting for the line', async () => {
  const browser = await visited()
  const token = Promise.withResolvers<string>()
  const tab = await openPage(browser, { getToken: () => token.promise })
  const view = tab.chats.open(CHAT)
  let isTold = false
  tab.chats.subscribe(() => {
    isTold = true
  })
  token.resolve(tokenOf('ada'))
  await settled()
  expect(isTold).toBe(true)
  expect(view.getSnapshot()).toMatchObject({ isStale: true, chat: { title: 'Bob' } })
})

test('a chat is kept with its newest 30 messages, and 20 of them', async () => {
  const browser = new FakeBrowser()
  const tab = await openPage(browser)
  await welcome(tab)
  for (let n = 1; n <= 22; n += 1) {
    tab.chats.open(`c${n}`)
    await tab.world.clock.advance(0)
    const list = messages(1, 50).map((one) => ({ ...one, chatId: `c${n}` }))
    await tab.world.socket.last('openChat').ok(opened(list, { chat: chat({ id: `c${n}` }) }))
  }
  await tab.world.clock.advance(1_000)
  const kept = browser.kept.get(KEY) as {
    chats: unknown[]
    windows: { id: string; messages: { seq: number }[] }[]
  }
  expect(kept.chats).toHaveLength(20)
  expect(kept.windows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => `c${n + 3}`))
  expect(kept.windows[0]?.messages.map(({ seq }) => seq)).toEqual(
    Array.from({ length: 30 }, (_, n) => n + 21),
  )
})

test('what is kept has at most 500 KB', async () => {
  const browser = new FakeBrowser()
  const tab = await openPage(browser)
  await welcome(tab)
  for (let n = 1; n <= 5; n += 1) {
    tab.chats.open(`c${n}`)
    await tab.world.clock.advance(0)
    const list = messages(1, 30).map((one) => ({ ...one, content: 'ä'.repeat(4_000) }))
    await tab.world.socket.last('openChat').ok(opened(list, { chat: chat({ id: `c${n}` }) }))
  }
  await tab.world.clock.advance(1_000)
  const bytes = new TextEncoder().encode(JSON.stringify(browser.kept.get(KEY))).length
  expect(bytes).toBeLessThanOrEqual(500_000)
  expect(bytes).toBeGreaterThan(200_000)
})

test.each([
  ['text', 'garbage'],
  ['nothing', undefined],
  ['other shapes', { chats: [{ id: 1 }], total: {}, windows: [] }],
  [
    'broken messages',
    {
      chats: [],
      total: { unread: 0, chats: 0, mentions: 0 },
      windows: [{ id: 'c1', members: [], messages: [{}] }],
    },
  ],
])('%s in place of kept chats is dropped', async (_, value) => {
  const browser = new FakeBrowser()
  browser.kept.set(KEY, value)
  const tab = await openPage(browser)
  const view = tab.chats.open(CHAT)
  await settled()
  expect(view.getSnapshot()).toMatchObject({ isLoading: true, messages: [] })
})

test('without a cache nothing is kept of chats, and what was not sent still is', async () => {
  const browser = new FakeBrowser()
  const tab = await openPage(browser, { cache: 'none' })
  await welcome(tab)
  const view = tab.chats.open(CHAT)
  await tab.world.clock.advance(0)
  await tab.world.socket.last('openChat').ok(opened(messages(1, 3)))
  await tab.world.clock.advance(2_000)
  expect([...browser.kept.keys()]).toEqual([])
  void view.send({ content: 'hello' })
  await settled()
  expect([...browser.kept.keys()].map((key) => key.startsWith(`${KEY}:queue:`))).toEqual([true])
})

test('who is removed from a chat keeps nothing of it on the device', async () => {
  const browser = await visited()
  const tab = await openPage(browser)
  tab.chats.open(CHAT)
  await welcome(tab, 40)
  await tab.world.socket.last('openChat').ok(opened(messages(11, 40), { offset: 40 }))
  await tab.world.socket.entries(entry(1, 'chat.left', { chatId: CHAT }))
  await tab.world.clock.advance(0)
  await tab.world.socket.last('openChat').refuse('not_found')
  await tab.world.clock.advance(1_000)
  expect(browser.kept.get(KEY)).toMatchObject({ chats: [], windows: [] })
})

test('signing out leaves nothing of chats on the device', async () => {
  const browser = await visited()
  const tab = await wroteOffline(browser, 'one')
  expect([...browser.kept.keys()].filter((key) => key.startsWith(KEY))).toHaveLength(2)
  await tab.client.signOut()
  await settled()
  expect([...browser.kept]).toEqual([])
  expect(tab.chats.open(CHAT).getSnapshot().messages).toEqual([])
})

test('the next user of a page sees and sends nothing of the one before', async () => {
  const browser = new FakeBrowser()
  let userId = 'ada'
  const tab = await openPage(browser, { getToken: () => tokenOf(userId) })
  await welcome(tab)
  const [list, view] = [tab.chats.list(), tab.chats.open(CHAT)]
  await tab.world.clock.advance(0)
  await tab.world.socket.last('openChat').ok(opened(messages(1, 3)))
  await tab.world.socket.end()
  void view.send({ content: 'from ada' })
  userId = 'bob'
  await tab.world.clock.advance(500)
  await tab.world.socket.welcome(snapshot([], { cursor: { epoch: 'e1', offsets: { 'user:bob': 1 } } }))
  await tab.world.clock.advance(0)
  await tab.world.socket.last('openChat').refuse('not_found')
  expect(view.getSnapshot()).toMatchObject({ messages: [], chat: undefined, error: { code: 'not_found' } })
  expect(list.getSnapshot().items).toEqual([])
  expect(posts(tab)).toEqual([])
})
