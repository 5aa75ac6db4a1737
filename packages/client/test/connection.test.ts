/** The line of a client, from before `connect` to after `close`. Long, since one made-up server and clock serve all of it. */
import { connecting, cursor, FakeWorld, items, online, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { createClientIn } from '../src/belfry-client.ts'

const status = ({ client }: { client: { getSnapshot(): { status: string } } }) => client.getSnapshot().status

test('nothing happens before connect', () => {
  const world = new FakeWorld()
  const client = createClientIn(world, { url: 'http://belfry.test', getToken: () => 'token' })
  expect(client.getSnapshot()).toMatchObject({ status: 'idle', isReady: false, items: [] })
  expect(world.sockets).toEqual([])
})

test('the handshake says who and what we are, and later how far we have come', async () => {
  const fake = await connecting()
  expect(status(fake)).toBe('connecting')
  const { request } = fake.world.socket
  expect(request).toMatchObject({
    url: 'http://belfry.test',
    path: '/socket.io/',
    transports: ['websocket', 'polling'],
  })
  expect(request.auth).toEqual({
    token: 'token-1',
    client: { name: 'belfry-client', version: '0.1.0' },
    deviceId: 'device-1',
    idle: false,
  })
  await fake.world.socket.welcome(snapshot(items(2, 1)))
  expect(status(fake)).toBe('online')
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  expect(fake.world.socket.request.auth.cursor).toEqual(cursor(2))
})

test('a line counts as online only after it has caught up', async () => {
  const fake = await connecting()
  await fake.world.socket.accept()
  expect(status(fake)).toBe('connecting')
})

test('it tries for ever, with waits that double to half a minute', async () => {
  const { world } = await connecting()
  const waits: number[] = []
  for (let failure = 0; failure < 9; failure += 1) {
    await world.socket.end()
    const before = world.clock.now()
    const sockets = world.sockets.length
    while (world.sockets.length === sockets) await world.clock.advance(100)
    waits.push(world.clock.now() - before)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

test('a connection that lasted starts the waits anew, one that was cut at once does not', async () => {
  const { world, client } = await online()
  for (let cut = 1; cut <= 3; cut += 1) {
    await world.socket.end()
    expect(client.getSnapshot().failures).toBe(cut)
    await world.clock.advance(500 * 2 ** (cut - 1))
    await world.socket.welcome()
  }
  await world.clock.advance(6000)
  await world.socket.end()
  expect(client.getSnapshot()).toMatchObject({ failures: 1, nextRetryAt: world.clock.now() + 500 })
})

test('an attempt that nobody answers is given up after 20 s', async () => {
  const fake = await connecting()
  await fake.world.clock.advance(19_999)
  expect(fake.world.sockets).toHaveLength(1)
  await fake.world.clock.advance(501)
  expect(fake.world.sockets).toHaveLength(2)
  expect(fake.world.sockets[0]?.isOpen).toBe(false)
})

test('it tries at once when the network is back or the tab is shown', async () => {
  const fake = await online()
  for (const hint of ['networkUp', 'shown'] as const) {
    await fake.world.socket.end()
    const sockets = fake.world.sockets.length
    await fake.world.device.hint(hint)
    expect(fake.world.sockets).toHaveLength(sockets + 1)
  }
})

test('a hint does not disturb an attempt that is under way', async () => {
  const { world } = await connecting()
  await world.device.hint('shown')
  expect(world.sockets).toHaveLength(1)
})

test('without a network it is offline, and goes on trying', async () => {
  const fake = await online()
  fake.world.device.online = false
  await fake.world.socket.end()
  expect(status(fake)).toBe('offline')
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome()
  expect(status(fake)).toBe('online')
})

test('the token is asked for at every attempt', async () => {
  let asked = 0
  const { world } = await connecting({ getToken: async () => `token-${++asked}` })
  await world.socket.end()
  await world.clock.advance(500)
  expect(world.sockets.map(({ request }) => request.auth.token)).toEqual(['token-1', 'token-2'])
})

test('a refused token is replaced once; then nothing is tried any more', async () => {
  const reasons: string[] = []
  const fake = await connecting({
    getToken: (reason) => {
      reasons.push(reason)
      return 'token'
    },
  })
  await fake.world.socket.end({ code: 'unauthorized', message: 'Auth failed' })
  await fake.world.socket.end({ code: 'unauthorized', message: 'Auth failed' })
  expect(reasons).toEqual(['connect', 'refused'])
  expect(status(fake)).toBe('unauthorized')
  await fake.world.clock.advance(120_000)
  await fake.world.device.hint('shown')
  expect(fake.world.sockets).toHaveLength(2)
  await expect(fake.client.command('sendTest', {})).rejects.toMatchObject({ code: 'unauthorized' })
  fake.client.connect()
  expect(status(fake)).toBe('connecting')
})

test('without a token nothing is opened', async () => {
  const fake = await connecting({ getToken: () => null })
  expect(status(fake)).toBe('unauthorized')
  expect(fake.world.sockets).toEqual([])
})

test('in open mode a name is enough', async () => {
  const { world } = await connecting({ getToken: () => undefined, userId: 'ada' })
  expect(world.socket.request.auth).toMatchObject({ userId: 'ada' })
})

test('a token that cannot be had now is asked for again', async () => {
  let tries = 0
  const fake = await connecting({
    getToken: () => {
      tries += 1
      if (tries === 1) throw new Error('the login page is down')
      return 'token'
    },
  })
  expect(status(fake)).toBe('reconnecting')
  await fake.world.clock.advance(500)
  expect(fake.world.sockets).toHaveLength(1)
})

test('the server may ask for a longer wait', async () => {
  const fake = await connecting()
  await fake.world.socket.end({ code: 'unavailable', message: 'Draining', retryAfterMs: 4000 })
  await fake.world.clock.advance(3999)
  expect(fake.world.sockets).toHaveLength(1)
  await fake.world.clock.advance(1)
  expect(fake.world.sockets).toHaveLength(2)
})

test('a drained server is left for as long as it said', async () => {
  const fake = await online()
  await fake.world.socket.send('drain', { retryInMs: 4000 })
  await fake.world.clock.advance(1000)
  expect(status(fake)).toBe('online')
  await fake.world.socket.end()
  expect(status(fake)).toBe('reconnecting')
  await fake.world.clock.advance(2999)
  expect(fake.world.sockets).toHaveLength(1)
  await fake.world.clock.advance(1)
  expect(fake.world.sockets).toHaveLength(2)
})

test('a drained server that does not hang up is left all the same', async () => {
  const fake = await online()
  await fake.world.socket.send('drain', { retryInMs: 4000 })
  await fake.world.clock.advance(4000)
  expect(fake.world.sockets.map(({ isOpen }) => isOpen)).toEqual([false, true])
})

test('a token that ends soon is replaced on the open line', async () => {
  const { world } = await online(snapshot([]), {
    getToken: (reason) => (reason === 'expiring' ? 'fresh' : 'old'),
  })
  await world.socket.send('auth:expiring', { inMs: 60_000 })
  expect(world.socket.last('refreshAuth').payload).toEqual({ token: 'fresh' })
})

test('a way that cannot be opened is tried from the other end next, so that polling may become WebSocket', async () => {
  const { world } = await connecting()
  const [first, other] = [
    ['websocket', 'polling'],
    ['polling', 'websocket'],
  ]
  // Behind a proxy that knows only HTTP: refused, then open, lost, and open again.
  await world.socket.end()
  await world.clock.advance(500)
  await world.socket.accept('polling')
  await world.socket.send('sync', snapshot([]))
  await world.socket.end()
  await world.clock.advance(1000)
  expect(world.sockets.map(({ request }) => request.transports)).toEqual([first, other, other])
  // A server that only was away: the line is upgraded, and the next one begins as it should.
  await world.socket.accept('polling')
  await world.socket.accept('websocket')
  await world.socket.send('sync', snapshot([]))
  await world.socket.end()
  await world.clock.advance(2000)
  expect(world.socket.request.transports).toEqual(first)
  // A refusal is no fault of the way.
  await world.socket.end({ code: 'unavailable', message: 'Draining' })
  await world.clock.advance(4000)
  expect(world.socket.request.transports).toEqual(first)
})

test('long polling is degraded, until the line is upgraded', async () => {
  const fake = await connecting()
  await fake.world.socket.accept('polling')
  await fake.world.socket.send('sync', snapshot([]))
  expect(fake.client.getSnapshot()).toMatchObject({ status: 'degraded', transport: 'polling' })
  await fake.world.socket.accept('websocket')
  expect(status(fake)).toBe('online')
})

test('an answer that takes over 2 s is degraded, until one comes in time', async () => {
  const fake = await online()
  const slow = fake.client.command('getMe', {})
  await fake.world.clock.advance(2500)
  expect(status(fake)).toBe('degraded')
  await fake.world.socket.last('getMe').ok({})
  expect(status(fake)).toBe('degraded')
  const fast = fake.client.command('getMe', {})
  await fake.world.clock.advance(30)
  await fake.world.socket.last('getMe').ok({})
  expect(fake.client.getSnapshot()).toMatchObject({ status: 'online', latencyMs: 30 })
  await Promise.all([slow, fast])
})

test('disconnect looks offline and stays so until connect', async () => {
  const fake = await online(snapshot(items(1)))
  fake.client.disconnect()
  expect(fake.client.getSnapshot()).toMatchObject({ status: 'offline', isReady: true })
  expect(fake.client.getSnapshot().items).toHaveLength(1)
  await fake.world.clock.advance(60_000)
  expect(fake.world.sockets).toHaveLength(1)
  fake.client.connect()
  await fake.world.clock.advance(0)
  expect(fake.world.sockets).toHaveLength(2)
})

test('retryNow does not wait, and opens no second socket', async () => {
  const { world, client } = await online()
  await world.socket.end()
  client.retryNow()
  client.retryNow()
  await world.clock.advance(0)
  expect(world.sockets).toHaveLength(2)
})

test('retryNow gives up an attempt that hangs, and a connection that stands is left alone', async () => {
  const fake = await connecting()
  const [hanging] = fake.world.sockets
  fake.client.retryNow()
  await fake.world.clock.advance(0)
  expect(hanging?.isOpen).toBe(false)
  expect(fake.world.sockets).toHaveLength(2)
  // The way that did not answer comes last now.
  expect(fake.world.socket.request.transports).toEqual(['polling', 'websocket'])
  await fake.world.socket.welcome()
  fake.client.retryNow()
  await fake.world.clock.advance(0)
  expect(fake.world.sockets).toHaveLength(2)
  fake.client.disconnect()
  fake.client.retryNow()
  await fake.world.clock.advance(60_000)
  expect(fake.world.sockets).toHaveLength(2)
})

test('why there is no connection is told until there is one', async () => {
  const fake = await connecting()
  const reason = () => fake.client.getSnapshot().lineError
  expect(reason()).toBeUndefined()
  await fake.world.socket.end({ message: 'websocket error' })
  expect(reason()).toMatchObject({ code: 'disconnected', message: 'websocket error' })
  await fake.world.clock.advance(500)
  await fake.world.socket.end({ code: 'unavailable', message: 'Draining' })
  expect(reason()).toMatchObject({ code: 'unavailable', message: 'Draining' })
  await fake.world.clock.advance(1_000)
  await fake.world.socket.welcome()
  expect(reason()).toBeUndefined()
  await fake.world.socket.end({ message: 'transport close' })
  expect(reason()).toMatchObject({ message: 'transport close' })
  fake.client.disconnect()
  expect(reason()).toBeUndefined()
})

test('close during an attempt leaves nothing, and the client can start again', async () => {
  const fake = await connecting()
  fake.client.close()
  expect(fake.world.clock.size).toBe(0)
  expect(status(fake)).toBe('idle')
  fake.client.connect()
  await fake.world.clock.advance(0)
  await fake.world.socket.welcome()
  expect(status(fake)).toBe('online')
})
