import { counts, created, cursor, idOf, item, items, page, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { fromCached, toCached } from '../src/cached-inbox.ts'
import { applySync, emptyInbox } from '../src/inbox.ts'
import { FakeBrowser, tokenOf } from './fake-browser.ts'

const KEY = 'belfry:1:http://belfry.test:ada'
const many = Array.from({ length: 150 }, (_, index) => item(150 - index))

/** A browser where ada has looked at her inbox. */
async function visited(list = items(2, 1)): Promise<FakeBrowser> {
  const browser = new FakeBrowser()
  const first = await browser.open()
  await first.world.socket.welcome(snapshot(list))
  await first.world.clock.advance(1000)
  await first.leave()
  return browser
}

test('what was seen last time shows at once as stale, and the server’s word takes its place', async () => {
  const browser = await visited()
  const fake = await browser.open()
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: true, isStale: true, counts: { unread: 2 } })
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
  expect(fake.world.socket.request.auth.cursor).toBeUndefined()
  await fake.world.socket.welcome(snapshot(items(4, 3)))
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: true, isStale: false })
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(4), idOf(3)])
  expect(fake.heard).toEqual([])
})

test('an empty cache does not say that the inbox is empty', async () => {
  const browser = await visited([])
  const fake = await browser.open()
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: false, isStale: false, items: [] })
})

test('the cache is written once a second, and when the page is hidden', async () => {
  const browser = new FakeBrowser()
  const fake = await browser.open()
  await fake.world.socket.welcome(snapshot(items(1)))
  await fake.world.clock.advance(999)
  expect(browser.kept.has(KEY)).toBe(false)
  await fake.world.clock.advance(1)
  expect(browser.kept.get(KEY)).toMatchObject({ items: items(1) })
  await fake.world.socket.entries(created(2))
  expect(browser.kept.get(KEY)).toMatchObject({ items: items(1) })
  await fake.world.device.hint('hidden')
  expect(browser.kept.get(KEY)).toMatchObject({ items: items(2, 1) })
})

test('own changes that are not confirmed are not cached, and cause no write', async () => {
  const browser = new FakeBrowser()
  const fake = await browser.open()
  await fake.world.socket.welcome(snapshot(items(1)))
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(1000)
  expect(browser.kept.get(KEY)).toMatchObject({ items: items(1), counts: counts(1, 1) })
  browser.kept.delete(KEY)
  void fake.client.markUnread(idOf(1))
  await fake.world.clock.advance(1000)
  expect(browser.kept.has(KEY)).toBe(false)
})

test('the newest 100 items are kept, and older ones are known to be missing', async () => {
  const browser = await visited(many)
  const fake = await browser.open()
  expect(fake.client.getSnapshot().items).toHaveLength(100)
  expect(fake.client.list().getSnapshot().hasMore).toBe(true)
})

test('a cache is at most 1 MB', () => {
  const large = many.map((one) => ({ ...one, message: '\u00e4'.repeat(20_000) }))
  const kept = toCached(applySync(emptyInbox, snapshot(large)).inbox)
  const bytes = new TextEncoder().encode(JSON.stringify(kept)).length
  expect(bytes).toBeLessThanOrEqual(1_000_000)
  expect(bytes).toBeGreaterThan(250_000)
})

test('what cannot be a cache is dropped', () => {
  const { inbox } = applySync(emptyInbox, snapshot(items(2, 1)))
  const good = toCached(inbox)
  expect(fromCached(structuredClone(good))).toMatchObject({ cursor: undefined, list: inbox.list })
  for (const bad of [
    undefined,
    null,
    'text',
    [],
    {},
    { ...good, items: 'no' },
    { ...good, items: [] },
    { ...good, items: [null] },
    { ...good, items: [{ ...item(1), title: 7 }] },
    { ...good, items: [{ ...item(1), readAt: undefined }] },
    { ...good, floor: undefined },
    { ...good, counts: undefined },
    { ...good, counts: { ...counts(1, 1), unread: 'one' } },
    { ...good, counts: { ...counts(1, 1), at: null } },
    { ...good, counts: { ...counts(1, 1), byCategory: { order: 3 } } },
  ]) {
    expect([bad, fromCached(bad)]).toEqual([bad, undefined])
  }
})

test('without a cache nothing is kept of the inbox', async () => {
  const browser = new FakeBrowser()
  const fake = await browser.open({ cache: 'none' })
  await fake.world.socket.welcome(snapshot(items(1)))
  await fake.world.clock.advance(2000)
  expect([...browser.kept]).toEqual([])
})

const broken = async (): Promise<never> => {
  throw new Error('broken')
}
test.each([
  ['reads', { get: broken }],
  ['writes', { set: broken, del: broken }],
  ['everything', { get: broken, set: broken, del: broken, keys: broken }],
  [
    'an answer',
    { get: () => new Promise<never>(() => undefined), keys: () => new Promise<never>(() => undefined) },
  ],
])('a store that fails at %s stops nothing', async (_, failing) => {
  const browser = await visited()
  browser.broken = failing
  const fake = await browser.open()
  await fake.world.socket.welcome(snapshot(items(2, 1)))
  const done = fake.client.markRead(idOf(1))
  await fake.world.clock.advance(1000)
  await fake.world.socket.last('markRead').ok({})
  await done
  expect(fake.client.getSnapshot()).toMatchObject({ status: 'online', counts: { unread: 1 } })
})

test('garbage under our keys stops nothing, and is dropped', async () => {
  const browser = new FakeBrowser()
  browser.kept.set(KEY, 'garbage')
  browser.kept.set(`${KEY}:queue:1`, 'garbage')
  browser.kept.set(`${KEY}:queue:2`, { changes: [{ name: 'markRead' }] })
  const fake = await browser.open()
  expect(fake.client.getSnapshot().isReady).toBe(false)
  await fake.world.socket.welcome(snapshot(items(1)))
  expect(browser.queues()).toEqual([])
})

test('the next user sees no row of the one before', async () => {
  const browser = await visited()
  const fake = await browser.open({ getToken: () => tokenOf('bob') })
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: false, items: [] })
})

test('rows of somebody else go at once when the server says who we are', async () => {
  const browser = await visited()
  const fake = await browser.open()
  const seen: number[] = []
  fake.client.subscribe(() => seen.push(fake.client.getSnapshot().items.length))
  expect(fake.client.getSnapshot().items).toHaveLength(2)
  const bob = snapshot([], { cursor: { epoch: 'e1', offsets: { 'user:bob': 1 } } })
  await fake.world.socket.welcome(bob)
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: true, isStale: false, items: [] })
  await fake.world.clock.advance(1000)
  expect(browser.kept.get(KEY)).toMatchObject({ items: items(2, 1) })
})

test('a token of another user empties the client before it connects', async () => {
  const browser = new FakeBrowser()
  let userId = 'ada'
  const fake = await browser.open({ getToken: () => tokenOf(userId) })
  await fake.world.socket.welcome(snapshot(items(2, 1)))
  userId = 'bob'
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: false, items: [] })
  expect(fake.world.socket.request.auth.cursor).toBeUndefined()
})

test('a page of the log is not put over a cache', async () => {
  const browser = await visited()
  const fake = await browser.open()
  await fake.world.socket.welcome(page([created(3)], { cursor: cursor(3) }))
  expect(fake.client.getSnapshot().isStale).toBe(true)
  expect(fake.world.socket.last('sync').payload).toEqual({})
  await fake.world.socket.last('sync').ok(snapshot(items(3)))
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(3)])
})
