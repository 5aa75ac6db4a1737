import { counts, entry, idOf, item, items, page, read, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { FakeBrowser, type Page, tokenOf } from './fake-browser.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const shown = ({ client }: Page) => client.getSnapshot().items.map(({ id, isRead }) => [id, isRead])
const sent = ({ world }: Page, ...names: string[]) =>
  world.socket.asked
    .filter(({ event }) => names.includes(event))
    .map(({ event, payload }) => [event, payload.ids])

/** Answers changes as they come, in order; answers their names, ids and keys. */
async function flush(page: Page, names = ['markRead', 'markUnread', 'archive', 'markAllRead', 'markSeen']) {
  const answered = new Set<unknown>()
  const seen: { event: string; ids: unknown; key: unknown }[] = []
  for (;;) {
    await page.world.clock.advance(0)
    const next = page.world.socket.asked.find((one) => names.includes(one.event) && !answered.has(one))
    if (!next) return seen
    answered.add(next)
    seen.push({ event: next.event, ids: next.payload.ids, key: next.payload.idempotencyKey })
    await next.ok({})
  }
}

/** A page that was online with two items, and lost the line. */
async function offline(browser: FakeBrowser): Promise<Page> {
  const page = await browser.open()
  await page.world.socket.welcome(snapshot(items(3, 2, 1)))
  await page.world.clock.advance(1000)
  await page.world.socket.end()
  return page
}

test('a reload while offline keeps changes: shown at once, sent once, in order, with their keys', async () => {
  const browser = new FakeBrowser()
  const before = await offline(browser)
  void before.client.markRead(idOf(1))
  void before.client.archive(idOf(2))
  await before.leave()
  const after = await browser.open()
  expect(shown(after)).toEqual([
    [idOf(3), false],
    [idOf(1), true],
  ])
  expect(after.client.getSnapshot()).toMatchObject({ isStale: true, counts: { total: 2, unread: 1 } })
  const keys = browser.queues().flatMap((queue) => (queue as { changes: { key: string }[] }).changes)
  await after.world.socket.welcome(snapshot(items(3, 2, 1)))
  expect(shown(after)).toHaveLength(2)
  const done = await flush(after)
  expect(done).toEqual([
    { event: 'markRead', ids: [idOf(1)], key: keys[0]?.key },
    { event: 'archive', ids: [idOf(2)], key: keys[1]?.key },
  ])
  expect(browser.queues()).toEqual([])
})

test('a change that was sent but not answered before the reload is sent again with its key, and counts once', async () => {
  const browser = new FakeBrowser()
  const before = await browser.open()
  await before.world.socket.welcome(snapshot(items(2, 1)))
  await before.world.clock.advance(1000)
  void before.client.markRead(idOf(1))
  await before.world.clock.advance(0)
  const first = before.world.socket.last('markRead').payload
  await before.leave()
  const after = await browser.open()
  // The server has done it.
  const known = [item(2), { ...item(1), readAt: item(1).createdAt }]
  await after.world.socket.welcome(snapshot(known, { counts: counts(1, 3) }))
  expect(after.world.socket.last('markRead').payload).toEqual(first)
  expect(after.client.getSnapshot().counts.unread).toBe(1)
  await flush(after)
  expect(browser.queues()).toEqual([])
})

test('the last change of an item wins; the promise of an earlier one is the last one’s', async () => {
  const browser = new FakeBrowser()
  const fake = await offline(browser)
  const first = fake.client.markRead(idOf(1))
  void fake.client.markRead([idOf(2), idOf(3)])
  void fake.client.markUnread(idOf(1))
  await fake.world.clock.advance(30_000)
  await fake.world.socket.welcome(page([], { cursor: { epoch: 'e1', offsets: { 'user:ada': 3 } } }))
  const done = await flush(fake)
  expect(done.map(({ event, ids }) => [event, ids])).toEqual([
    ['markRead', [idOf(2), idOf(3)]],
    ['markUnread', [idOf(1)]],
  ])
  await first
})

test('while offline 200 changes wait; the next is refused and taken back', async () => {
  const browser = new FakeBrowser()
  const fake = await offline(browser)
  for (let n = 0; n < 200; n += 1) void fake.client.markSeen(idOf(100 + n))
  const late = fake.client.markRead(idOf(1))
  await expect(late).rejects.toMatchObject({ code: 'queue_full' })
  expect(shown(fake).at(-1)).toEqual([idOf(1), false])
  // One that takes the place of another fits.
  void fake.client.markSeen(idOf(100))
  await fake.leave()
  const after = await browser.open()
  await after.world.socket.welcome()
  expect(await flush(after)).toHaveLength(200)
})

test('what is older than a day waits for the user', async () => {
  const browser = new FakeBrowser()
  const before = await offline(browser)
  void before.client.markRead(idOf(1))
  await before.leave()
  const after = await browser.open({}, DAY_MS + 60_000)
  await after.world.socket.welcome(snapshot(items(3, 2, 1), { now: '2026-11-25T12:01:00.000Z' }))
  expect(after.client.getSnapshot()).toMatchObject({ oldChanges: 1, counts: { unread: 3 } })
  void after.client.markRead(idOf(2))
  expect(await flush(after)).toMatchObject([{ ids: [idOf(2)] }])
  after.client.sendOldChanges()
  expect(after.client.getSnapshot()).toMatchObject({ oldChanges: 0, counts: { unread: 1 } })
  await after.world.clock.advance(0)
  await after.world.socket.last('markRead').ok({})
  expect(sent(after, 'markRead')).toHaveLength(2)
  expect(browser.queues()).toEqual([])
})

test('old changes can be given up', async () => {
  const browser = new FakeBrowser()
  const fake = await offline(browser)
  const done = fake.client.markRead(idOf(1))
  fake.client.disconnect()
  await fake.world.clock.advance(DAY_MS + 60_000)
  fake.client.connect()
  await fake.world.clock.advance(0)
  await fake.world.socket.welcome(snapshot(items(3, 2, 1), { now: '2026-11-25T12:01:00.000Z' }))
  expect(fake.client.getSnapshot()).toMatchObject({ oldChanges: 1, counts: { unread: 3 } })
  fake.client.dropOldChanges()
  await expect(done).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(fake.client.getSnapshot().oldChanges).toBe(0)
  expect(sent(fake, 'markRead')).toEqual([])
  expect(browser.queues()).toEqual([])
})

test.each([true, false])(
  'what a closed tab has left is sent once by one of the others (locks: %s)',
  async (hasLocks) => {
    const browser = new FakeBrowser()
    browser.hasLocks = hasLocks
    const closed = await offline(browser)
    void closed.client.markRead(idOf(1))
    const others = [await browser.open(), await browser.open()]
    for (const other of others) await other.world.socket.welcome(snapshot(items(3, 2, 1)))
    for (const other of others) await other.world.clock.advance(10_000)
    for (const other of others) other.client.disconnect()
    // As long as it lives, its changes are its own.
    expect(others.flatMap((other) => sent(other, 'markRead'))).toEqual([])
    await closed.leave()
    for (let beat = 0; beat < 5; beat += 1) {
      for (const other of others) await other.world.clock.advance(hasLocks ? 0 : 9_000)
    }
    for (const other of others) other.client.connect()
    for (const other of others) await other.world.clock.advance(0)
    for (const other of others) await other.world.socket.welcome(snapshot(items(3, 2, 1)))
    for (const other of others) await other.world.clock.advance(0)
    expect(others.flatMap((other) => sent(other, 'markRead'))).toEqual([['markRead', [idOf(1)]]])
    for (const other of others) await flush(other)
    expect(browser.queues()).toEqual([])
  },
)

test('changes of another user are not sent, and wait for that user', async () => {
  const browser = new FakeBrowser()
  const ada = await offline(browser)
  void ada.client.markRead(idOf(1))
  await ada.leave()
  const bob = await browser.open({ getToken: () => tokenOf('bob') })
  await bob.world.socket.welcome(snapshot([], { cursor: { epoch: 'e1', offsets: { 'user:bob': 1 } } }))
  expect(sent(bob, 'markRead')).toEqual([])
  await bob.leave()
  const again = await browser.open()
  await again.world.socket.welcome(snapshot(items(3, 2, 1)))
  expect(await flush(again)).toHaveLength(1)
})

test('changes survive the end of a session: they reject, and are sent after the next sign-in', async () => {
  const browser = new FakeBrowser()
  const fake = await offline(browser)
  const done = fake.client.markRead(idOf(1))
  await fake.world.clock.advance(500)
  await fake.world.socket.end({ code: 'unauthorized', message: '' })
  await fake.world.socket.end({ code: 'unauthorized', message: '' })
  await expect(done).rejects.toMatchObject({ code: 'unauthorized' })
  expect(shown(fake).at(-1)).toEqual([idOf(1), false])
  fake.client.connect()
  await fake.world.clock.advance(0)
  await fake.world.socket.welcome(snapshot(items(3, 2, 1)))
  expect(shown(fake).at(-1)).toEqual([idOf(1), true])
  expect(await flush(fake)).toHaveLength(1)
  await fake.world.socket.entries(read(4, 1), entry(5, 'item.unread', { ids: [idOf(1)] }))
  expect(shown(fake).at(-1)).toEqual([idOf(1), false])
})

test('a change that was made before the device could keep anything is kept then', async () => {
  const browser = new FakeBrowser()
  browser.hasKeeping = false
  const page = await offline(browser)
  void page.client.markRead(idOf(1))
  await page.world.clock.advance(0)
  expect(browser.queues()).toEqual([])
  browser.hasKeeping = true
  await page.world.clock.advance(3_000)
  expect(browser.queues()).toMatchObject([{ changes: [{ name: 'markRead', ids: [idOf(1)] }] }])
  expect(browser.kept.get('belfry:1:http://belfry.test:ada')).toMatchObject({ items: items(3, 2, 1) })
})
