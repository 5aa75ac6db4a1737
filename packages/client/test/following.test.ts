import {
  body,
  connecting,
  counts,
  created,
  cursor,
  entry,
  type Fake,
  idOf,
  item,
  items,
  ME,
  online,
  page,
  read,
  snapshot,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const titles = ({ client }: Fake) => client.getSnapshot().items.map(({ title }) => title)
/** In a page of the log an item comes with its user's state. */
const logged = (n: number) => entry(n, 'item.created', item(n))

test('a first load shows its items and tells none of them as new', async () => {
  const fake = await online(snapshot(items(2, 1)))
  expect(titles(fake)).toEqual(['Order 2', 'Order 1'])
  expect(fake.client.getSnapshot()).toMatchObject({ isReady: true, counts: { unread: 2 } })
  expect(fake.heard).toEqual([])
})

test('a live item is told once and shown on top, with the numbers beside it', async () => {
  const fake = await online(snapshot(items(1)))
  await fake.world.socket.send('entries', { entries: [created(2)], counts: counts(2, 2) })
  expect(titles(fake)).toEqual(['Order 2', 'Order 1'])
  expect(fake.client.getSnapshot().counts.unread).toBe(2)
  expect(fake.heard).toEqual(['Order 2'])
})

test('a listener finds the item in the state when it is told', async () => {
  const fake = await online()
  let shown: string[] = []
  fake.client.onItem(() => {
    shown = titles(fake)
  })
  await fake.world.socket.entries(created(1))
  expect(shown).toEqual(['Order 1'])
})

test('what comes again is neither shown nor told again', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(1))
  await fake.world.socket.entries(created(1), created(2), created(2))
  expect(titles(fake)).toEqual(['Order 2', 'Order 1'])
  expect(fake.heard).toEqual(['Order 1', 'Order 2'])
})

test('after a gap it asks for what is missing, and each item is told once and in order', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(1))
  await fake.world.socket.entries(created(3))
  await fake.world.socket.entries(created(4))
  expect(titles(fake)).toEqual(['Order 1'])
  const [asked, ...more] = fake.world.socket.all('sync')
  expect(asked?.payload).toEqual({ cursor: cursor(1) })
  expect(more).toEqual([])
  await asked?.ok(page([logged(2), logged(3)]))
  expect(titles(fake)).toEqual(['Order 4', 'Order 3', 'Order 2', 'Order 1'])
  expect(fake.heard).toEqual(['Order 1', 'Order 2', 'Order 3', 'Order 4'])
})

test('entries in the wrong order end in the right one', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(2))
  await fake.world.socket.entries(created(1))
  await fake.world.socket.last('sync').ok(page([logged(1), logged(2)]))
  expect(fake.heard).toEqual(['Order 1', 'Order 2'])
  expect(fake.world.socket.all('sync')).toHaveLength(1)
})

test('a page that is older than a live entry does not put its state over it', async () => {
  const fake = await online(snapshot([], { cursor: { epoch: 'e1', offsets: { [ME]: 5, all: 0 } } }))
  await fake.world.socket.entries(entry(2, 'item.created', body(2, { topic: 'all' }), 'all'))
  // Read on another device, after the page was read from the log and before it arrived.
  await fake.world.socket.entries(read(6, 1))
  const old = entry(1, 'item.created', item(1, { topic: 'all' }), 'all')
  const next = entry(2, 'item.created', item(2, { topic: 'all' }), 'all')
  const frame = page([old, next], { cursor: { epoch: 'e1', offsets: { [ME]: 5, all: 2 } } })
  await fake.world.socket.last('sync').ok(frame)
  expect(fake.client.getSnapshot().items.map(({ isRead }) => isRead)).toEqual([false, true])
})

test('pages are asked for until there are no more', async () => {
  const fake = await connecting()
  await fake.world.socket.welcome(snapshot([]))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([logged(1)], { more: true }))
  expect(fake.client.getSnapshot().status).toBe('reconnecting')
  expect(fake.world.socket.last('sync').payload).toEqual({ cursor: cursor(1) })
  await fake.world.socket.last('sync').ok(page([logged(2)]))
  expect(fake.client.getSnapshot().status).toBe('online')
  expect(fake.heard).toEqual(['Order 1', 'Order 2'])
})

test('what arrives before the first page waits for it', async () => {
  const fake = await connecting()
  await fake.world.socket.accept()
  await fake.world.socket.entries(created(3))
  await fake.world.socket.send('sync', snapshot(items(2, 1)))
  expect(titles(fake)).toEqual(['Order 3', 'Order 2', 'Order 1'])
  expect(fake.heard).toEqual(['Order 3'])
})

test('after another epoch the list is the server’s, and nothing of it is told as new', async () => {
  const fake = await online(snapshot(items(2, 1)))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(snapshot(items(1), { cursor: cursor(1, 'e2') }))
  expect(titles(fake)).toEqual(['Order 1'])
  expect(fake.heard).toEqual([])
  await fake.world.socket.entries(created(2))
  expect(fake.heard).toEqual(['Order 2'])
})

test('an item that another epoch brings once more is not told again', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(1))
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(snapshot([], { cursor: cursor(0, 'e2') }))
  await fake.world.socket.entries(created(1))
  expect(titles(fake)).toEqual(['Order 1'])
  expect(fake.heard).toEqual(['Order 1'])
})

test('a sync frame that was not asked for changes nothing', async () => {
  const fake = await online(snapshot(items(2, 1)))
  await fake.world.socket.send('sync', snapshot([]))
  expect(titles(fake)).toEqual(['Order 2', 'Order 1'])
})

test('a page of an epoch that is not ours is answered with a question for everything', async () => {
  const fake = await online(snapshot(items(1)))
  await fake.world.socket.entries(created(3))
  await fake.world.socket.last('sync').ok(page([], { cursor: cursor(9, 'e2') }))
  expect(fake.world.socket.last('sync').payload).toEqual({})
  await fake.world.socket.last('sync').ok(snapshot(items(7), { cursor: cursor(7, 'e2') }))
  expect(titles(fake)).toEqual(['Order 7'])
})

test('the position is told at most once a second while it changes', async () => {
  const fake = await online()
  for (let n = 1; n <= 30; n += 1) {
    await fake.world.socket.entries(created(n))
    await fake.world.clock.advance(100)
    const [asked] = fake.world.socket.all('ack').slice(-1)
    await asked?.ok({ behind: false })
  }
  await fake.world.clock.advance(1000)
  const acks = fake.world.socket.all('ack')
  expect(acks.length).toBeGreaterThan(2)
  expect(acks.length).toBeLessThan(6)
  const waits = acks.slice(1).map(({ at }, index) => at - (acks[index]?.at ?? 0))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1000)
  expect(acks.at(-1)?.payload).toEqual({ cursor: cursor(30) })
})

test('a lost last entry is noticed within 25 s', async () => {
  const fake = await online()
  await fake.world.clock.advance(1000)
  await fake.world.socket.last('ack').ok({ behind: false })
  await fake.world.clock.advance(25_000)
  expect(fake.world.socket.all('ack')).toHaveLength(2)
  await fake.world.socket.last('ack').ok({ behind: true })
  await fake.world.socket.last('sync').ok(page([logged(1)]))
  expect(fake.heard).toEqual(['Order 1'])
})

test('the heads are checked when the tab is shown', async () => {
  const fake = await online()
  await fake.world.clock.advance(5000)
  await fake.world.socket.last('ack').ok({ behind: false })
  const before = fake.world.socket.all('ack').length
  await fake.world.device.hint('shown')
  await fake.world.clock.advance(0)
  expect(fake.world.socket.all('ack')).toHaveLength(before + 1)
})

test('a line that does not answer a check is given up', async () => {
  const fake = await online()
  await fake.world.clock.advance(11_000)
  expect(fake.client.getSnapshot().status).toBe('reconnecting')
  expect(fake.world.sockets[0]?.isOpen).toBe(false)
})

test('a refused sync is asked again, without the cursor when that was refused', async () => {
  const fake = await online(snapshot(items(1)))
  await fake.world.socket.entries(created(3))
  await fake.world.socket.last('sync').refuse('unavailable', { retryAfterMs: 3000 })
  await fake.world.clock.advance(3000)
  expect(fake.world.socket.last('sync').payload).toEqual({ cursor: cursor(1) })
  await fake.world.socket.last('sync').refuse('validation_failed')
  await fake.world.clock.advance(1000)
  expect(fake.world.socket.all('sync').map(({ payload }) => payload)).toEqual([
    { cursor: cursor(1) },
    { cursor: cursor(1) },
    {},
  ])
})

test('an answer of a line that is gone is not heard', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(2))
  const asked = fake.world.socket.last('sync')
  await fake.world.socket.end()
  await asked.ok(page([logged(1), logged(2)]))
  expect(titles(fake)).toEqual([])
})

test('the state is the same object until something changes', async () => {
  const fake = await online(snapshot(items(1)))
  const before = fake.client.getSnapshot()
  expect(fake.client.getSnapshot()).toBe(before)
  await fake.world.socket.entries(created(2))
  expect(fake.client.getSnapshot()).not.toBe(before)
  expect(before.items).toHaveLength(1)
})

test('ages can be told in server time', async () => {
  const fake = await online(snapshot([], { now: '2026-11-24T12:01:00.000Z' }))
  expect(fake.client.getSnapshot().clockOffsetMs).toBe(60_000)
})

test('refresh takes the list anew', async () => {
  const fake = await online(snapshot(items(1)))
  fake.client.refresh()
  expect(fake.world.socket.last('sync').payload).toEqual({})
  await fake.world.socket.last('sync').ok(snapshot(items(5)))
  expect(titles(fake)).toEqual(['Order 5'])
  expect(fake.heard).toEqual([])
})

test('frames are logged with their latency', async () => {
  const fake = await online()
  const frames: unknown[] = []
  fake.client.onFrame(({ direction, event, latencyMs }) => frames.push([direction, event, latencyMs]))
  await fake.world.socket.entries(created(1))
  await fake.world.clock.advance(1000)
  await fake.world.clock.advance(40)
  await fake.world.socket.last('ack').ok({ behind: false })
  expect(frames).toEqual([
    ['in', 'entries', undefined],
    ['out', 'ack', undefined],
    ['ack', 'ack', 40],
  ])
})

test('an item of a kind that another version made is shown, whatever its type', async () => {
  const fake = await online()
  await fake.world.socket.entries(created(1, { type: 'moon:landed', category: 'moon' }))
  expect(fake.client.getSnapshot().items[0]).toMatchObject({
    id: idOf(1),
    type: 'moon:landed',
    isRead: false,
  })
})
