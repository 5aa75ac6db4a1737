import { createClientIn } from '@belfry/client/parts'
import { body, entry, FakeWorld, items, snapshot } from '@belfry/testkit/client'
import { expect, onTestFinished, test } from 'vitest'
import { FaultyLine, SLEEP_MS } from './faulty-line.ts'

/** A client that is live on a line with switches, over a server that is made up. */
async function onFaultyLine() {
  const world = new FakeWorld()
  const line = new FaultyLine(world)
  const client = createClientIn(line.environment, { url: 'http://belfry.test', getToken: () => 'token' })
  onTestFinished(() => client.close())
  client.connect()
  await world.clock.advance(0)
  await world.socket.welcome(snapshot(items(1)))
  const shown = () => client.getSnapshot().items.map(({ id }) => id)
  return { world, line, client, shown, status: () => client.getSnapshot().status }
}

const created = (n: number) => entry(n, 'item.created', body(n))

test('without a fault the line is as it was', async () => {
  const { world, shown, client, status } = await onFaultyLine()
  await world.socket.entries(created(2))
  expect(status()).toBe('online')
  expect(shown()).toHaveLength(2)
  const read = client.markRead(shown()[0] ?? '')
  await world.clock.advance(0)
  await world.socket.last('markRead').ok()
  await read
})

test('off, the socket is gone and every new one fails; on again, it comes back at once', async () => {
  const { world, line, status } = await onFaultyLine()
  const { length } = world.sockets
  line.setOff(true)
  expect(status()).toBe('offline')
  expect(world.socket.isOpen).toBe(false)
  await world.clock.advance(5_000)
  expect(status()).toBe('offline')
  expect(world.sockets).toHaveLength(length)
  line.setOff(false)
  await world.clock.advance(0)
  expect(world.sockets).toHaveLength(length + 1)
  await world.socket.welcome(snapshot(items(1)))
  expect(status()).toBe('online')
})

test('slow, everything comes 2 s later and in order, and the client says so', async () => {
  const { world, line, client, shown, status } = await onFaultyLine()
  line.setSlow(true)
  await world.socket.entries(created(2))
  await world.socket.entries(created(3))
  await world.clock.advance(1_999)
  expect(shown()).toHaveLength(1)
  await world.clock.advance(1)
  expect(shown()).toHaveLength(3)
  const read = client.markRead(shown()[0] ?? '')
  // A real network takes some time of its own.
  await world.clock.advance(5)
  await world.socket.last('markRead').ok()
  await world.clock.advance(2_000)
  await read
  expect(status()).toBe('degraded')
})

test('what was late stays in order when the line is fast again', async () => {
  const { world, line, shown } = await onFaultyLine()
  const heard: number[] = []
  line.setSlow(true)
  await world.socket.entries(created(2))
  line.setSlow(false)
  await world.socket.entries(created(3))
  heard.push(shown().length)
  await world.clock.advance(2_000)
  heard.push(shown().length)
  expect(heard).toEqual([1, 3])
})

test('every third answer is lost, and what was asked is asked again under the same key', async () => {
  const { world, line, client, shown } = await onFaultyLine()
  await world.socket.entries(created(2), created(3), created(4))
  line.setDropsAnswers(true)
  const [first = '', second = '', third = ''] = shown()
  for (const id of [first, second]) {
    const read = client.markRead(id)
    await world.clock.advance(0)
    await world.socket.last('markRead').ok()
    await read
  }
  const read = client.markRead(third)
  await world.clock.advance(0)
  const lost = world.socket.last('markRead')
  await lost.ok()
  // Without any answer for 10 s the client takes the line for dead.
  await world.clock.advance(11_000)
  await world.socket.welcome(snapshot(items(4)))
  await world.clock.advance(3_000)
  const again = world.socket.last('markRead')
  expect(again).not.toBe(lost)
  expect(again.payload.idempotencyKey).toBe(lost.payload.idempotencyKey)
  await again.ok()
  await read
})

test('asleep, nothing passes in either direction, then everything at once', async () => {
  const { world, line, client, shown } = await onFaultyLine()
  line.sleep()
  await world.socket.entries(created(2))
  await world.socket.entries(created(3))
  void client.markRead(shown()[0] ?? '')
  await world.clock.advance(SLEEP_MS - 1)
  expect(shown()).toHaveLength(1)
  expect(world.socket.all('markRead')).toEqual([])
  await world.clock.advance(1)
  expect(shown()).toHaveLength(3)
  expect(world.socket.all('markRead')).toHaveLength(1)
  expect(line.store.getSnapshot().isAsleep).toBe(false)
})

test('a client that is closed asleep leaves nothing behind', async () => {
  const { world, line, client } = await onFaultyLine()
  line.setSlow(true)
  line.sleep()
  await world.socket.entries(created(2))
  client.close()
  await world.clock.advance(SLEEP_MS)
  expect(world.clock.size).toBe(0)
})
