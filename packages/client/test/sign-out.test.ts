import { idOf, items, settled, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { FakeBrowser, type Page, tokenOf } from './fake-browser.ts'

async function signedIn(browser: FakeBrowser, userId = 'ada'): Promise<Page> {
  const page = await browser.open({ getToken: () => tokenOf(userId) })
  const cursor = { epoch: 'e1', offsets: { [`user:${userId}`]: 2 } }
  await page.world.socket.welcome(snapshot(items(2, 1), { cursor }))
  return page
}

const told = ({ client }: Page) => {
  const times: true[] = []
  client.onSignedOut(() => times.push(true))
  return times
}

test('signing out empties the device and every tab of this user, and closes their clients', async () => {
  const browser = new FakeBrowser()
  const [here, there] = [await signedIn(browser), await signedIn(browser)]
  await there.world.clock.advance(1000)
  await there.world.socket.end()
  void there.client.markRead(idOf(1))
  const waiting = there.client.markUnread(idOf(2))
  // A write that is due must not come after all.
  await settled()
  expect(browser.kept.size).toBe(2)
  const [toldHere, toldThere] = [told(here), told(there)]
  await here.client.signOut()
  await settled()
  await here.world.clock.advance(60_000)
  await there.world.clock.advance(60_000)
  expect([...browser.kept]).toEqual([])
  for (const { client, world } of [here, there]) {
    expect(client.getSnapshot()).toMatchObject({
      items: [],
      isReady: false,
      isStale: false,
      counts: { unread: 0 },
    })
    expect(world.sockets.every(({ isOpen }) => !isOpen)).toBe(true)
  }
  expect([toldHere, toldThere]).toEqual([[], [true]])
  await expect(waiting).rejects.toMatchObject({ code: 'closed' })
  await expect(there.client.markRead(idOf(1))).rejects.toMatchObject({ code: 'closed' })
})

test('lists that are still open are empty after signing out', async () => {
  const page = await signedIn(new FakeBrowser())
  const [whole, unread] = [page.client.list(), page.client.list({ unread: true })]
  await page.world.clock.advance(0)
  await page.world.socket.last('listNotifications').ok({ notifications: items(2, 1), nextCursor: null })
  expect([whole, unread].map((list) => list.getSnapshot().items.length)).toEqual([2, 2])
  await page.client.signOut()
  for (const list of [whole, unread]) expect(list.getSnapshot()).toMatchObject({ items: [], isReady: false })
})

test('a list that stays open shows the next user what is theirs', async () => {
  let userId = 'ada'
  const page = await new FakeBrowser().open({ getToken: () => tokenOf(userId) })
  await page.world.socket.welcome(snapshot(items(2, 1)))
  const unread = page.client.list({ unread: true })
  await page.world.clock.advance(0)
  await page.world.socket.last('listNotifications').ok({ notifications: items(2, 1), nextCursor: null })
  userId = 'bob'
  await page.world.socket.end()
  await page.world.clock.advance(500)
  expect(unread.getSnapshot()).toMatchObject({ items: [], isReady: false })
  await page.world.socket.welcome(snapshot([], { cursor: { epoch: 'e1', offsets: { 'user:bob': 1 } } }))
  await page.world.clock.advance(0)
  await page.world.socket.last('listNotifications').ok({ notifications: items(7), nextCursor: null })
  expect(unread.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(7)])
})

test('another user, who is signed in in another tab, is left alone', async () => {
  const browser = new FakeBrowser()
  const [ada, bob] = [await signedIn(browser), await signedIn(browser, 'bob')]
  await bob.world.clock.advance(1000)
  const toldBob = told(bob)
  await ada.client.signOut()
  await settled()
  expect(toldBob).toEqual([])
  expect([...browser.kept.keys()]).toEqual(['belfry:1:http://belfry.test:bob'])
  expect(bob.client.getSnapshot().items).toHaveLength(2)
})

test('who does not know for whom it is signs everybody of this server out', async () => {
  const browser = new FakeBrowser()
  const others = ['belfry:1:http://belfry.test:4000:ada', 'belfry:1:http://other.test:ada', 'mine']
  for (const key of others) browser.kept.set(key, 1)
  browser.kept.set('belfry:1:http://belfry.test:ada', 1)
  browser.kept.set('belfry:1:http://belfry.test:ada:queue:1', 1)
  const unknown = await browser.open({ getToken: () => 'opaque' })
  await unknown.client.signOut()
  expect([...browser.kept.keys()]).toEqual(others)
})

test('a broken store does not keep anybody signed in', async () => {
  const browser = new FakeBrowser()
  browser.broken = {
    keys: async () => {
      throw new Error('broken')
    },
  }
  const fake = await signedIn(browser)
  await fake.client.signOut()
  expect(fake.client.getSnapshot().items).toEqual([])
})
