import { CHAT, chatCursor, message, opened, page, settled } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { FakeBrowser, type Page } from '../fake-browser.ts'
import { type ChatPage, openPage, posts, welcome, wroteOffline } from './chat-pages.ts'

async function answerAll(tab: ChatPage): Promise<void> {
  const answered = new Set<unknown>()
  for (let seq = 1; seq < 20; seq += 1) {
    const post = tab.world.socket.all('postMessage').find(({ payload }) => !answered.has(payload.clientId))
    if (!post) return
    const { clientId, content } = post.payload
    answered.add(clientId)
    const more = { senderId: 'ada', clientId: String(clientId), content: String(content) }
    await post.ok({ message: message(seq, more), duplicate: false })
  }
}

test('messages that were written offline survive a reload, and are sent once and in order', async () => {
  const browser = new FakeBrowser()
  const before = await wroteOffline(browser, 'one', 'two', 'three')
  await before.leave()
  const after = await openPage(browser)
  const view = after.chats.open(CHAT)
  await settled()
  expect(view.getSnapshot().messages.map(({ content, status }) => [content, status])).toEqual([
    ['one', 'queued'],
    ['two', 'queued'],
    ['three', 'queued'],
  ])
  await welcome(after)
  await after.world.socket.last('openChat').ok(opened([]))
  await answerAll(after)
  expect(posts(after)).toEqual(['one', 'two', 'three'])
  expect(view.getSnapshot().messages.map(({ status }) => status)).toEqual(['sent', 'sent', 'sent'])
  await settled()
  expect(browser.queues()).toEqual([])
})

test.each([true, false])(
  'what a closed tab has left is sent by another one, after it has gone (locks: %s)',
  async (hasLocks) => {
    const browser = new FakeBrowser()
    browser.hasLocks = hasLocks
    const closed = await wroteOffline(browser, 'one', 'two')
    const other = await openPage(browser)
    await welcome(other)
    await other.world.clock.advance(9_000)
    expect(posts(other)).toEqual([])
    other.client.disconnect()
    await closed.leave()
    await other.world.clock.advance(hasLocks ? 0 : 40_000)
    other.client.connect()
    await settled()
    await other.world.socket.welcome(page([], { cursor: chatCursor(0) }))
    await answerAll(other)
    expect(posts(other)).toEqual(['one', 'two'])
    await settled()
    expect(browser.queues()).toEqual([])
  },
)

test('two tabs that flush one queue use the same ids, so that the server takes each message once', async () => {
  const browser = new FakeBrowser()
  browser.hasLocks = false
  const sleeping = await wroteOffline(browser, 'one')
  const other = await openPage(browser, { laterMs: 60_000 })
  await welcome(other)
  const ids = ({ world }: Page) => world.socket.all('postMessage').map(({ payload }) => payload.clientId)
  // The first tab has slept, was taken for gone, and wakes up.
  await sleeping.world.clock.advance(500)
  await sleeping.world.socket.welcome(page([], { cursor: chatCursor(0) }))
  expect(ids(other)).toHaveLength(1)
  expect(ids(sleeping)).toEqual(ids(other))
})

test('a refused message is still there after a reload, with its reason', async () => {
  const browser = new FakeBrowser()
  const tab = await openPage(browser)
  await welcome(tab)
  void tab.chats.open(CHAT).send({ content: 'no' })
  await tab.world.socket
    .last('postMessage')
    .answer({ ok: false, error: { code: 'muted', message: 'You are muted.' } })
  await tab.leave()
  const again = await openPage(browser)
  const view = again.chats.open(CHAT)
  await welcome(again)
  expect(view.getSnapshot().messages).toMatchObject([
    { content: 'no', status: 'failed', failure: { code: 'muted', message: 'You are muted.' } },
  ])
  expect(posts(again)).toEqual([])
})
