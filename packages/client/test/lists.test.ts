import { idOf, item, items, online, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'

test('a list whose code cannot be loaded says so, and loads when it is asked again', async () => {
  const { client, world } = await online(snapshot(items(2, 1)))
  const { loadPages } = world
  world.loadPages = () => Promise.reject(new Error('no network'))
  const list = client.list({ unread: true })
  await world.clock.advance(0)
  expect(list.getSnapshot()).toMatchObject({
    isReady: false,
    isFetchingMore: false,
    error: { code: 'disconnected' },
  })
  world.loadPages = loadPages
  list.refresh()
  expect(list.getSnapshot()).toMatchObject({ isReady: false, isFetchingMore: true })
  await world.clock.advance(0)
  await world.socket.last('listNotifications').ok({ notifications: items(2, 1), nextCursor: null })
  expect(list.getSnapshot()).toMatchObject({ isReady: true, items: items(2, 1), error: undefined })
})

test('the inbox itself shows without that code, and who reads on hears that it did not come', async () => {
  const { client, world } = await online(snapshot(items(2, 1), { nextCursor: 'c1' }))
  const { loadPages } = world
  world.loadPages = () => Promise.reject(new Error('no network'))
  const list = client.list()
  expect(list.getSnapshot()).toMatchObject({ isReady: true, hasMore: true, error: undefined })
  await expect(list.fetchMore()).rejects.toMatchObject({ code: 'disconnected' })
  expect(list.getSnapshot()).toMatchObject({ isReady: true, error: { code: 'disconnected' } })
  world.loadPages = loadPages
  const more = list.fetchMore()
  await world.clock.advance(0)
  await world.socket.last('listNotifications').ok({ notifications: [item(0)], nextCursor: null })
  await more
  expect(list.getSnapshot()).toMatchObject({ hasMore: false, error: undefined })
  expect(list.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(2), idOf(1), idOf(0)])
})
