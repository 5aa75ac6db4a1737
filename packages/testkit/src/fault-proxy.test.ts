import { createServer } from 'node:net'
import { Server } from 'socket.io'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BelfryServer, Closable } from './belfry-server.ts'
import { connect, type SocketRecorder } from './connect.ts'
import { createFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { freePort } from './places.ts'
import { delay, eventually } from './wait.ts'

/** A bare Socket.IO server stands in for the product: the proxy is what is under test. */
let io: Server
let proxy: FaultProxy
const owned: Closable[] = []
let server: BelfryServer

beforeEach(async () => {
  const port = await freePort()
  io = new Server(port, { pingInterval: 200, pingTimeout: 300 })
  io.on('connection', (socket) => socket.on('echo', (text, ack) => ack(text)))
  const own = <T extends Closable>(client: T) => {
    owned.push(client)
    return client
  }
  // Only what `connect` and `createFaultProxy` use of a server.
  server = { url: `http://127.0.0.1:${port}`, port, own } as unknown as BelfryServer
  proxy = await createFaultProxy(server)
})
afterEach(async () => {
  for (const client of owned.splice(0).reverse()) await client.close()
  await io.close()
})

const client = (release: 3 | 4 = 4): Promise<SocketRecorder> =>
  connect(server, undefined, {
    url: proxy.url,
    timeoutMs: 500,
    transports: release === 3 ? ['polling'] : ['websocket'],
    client: release,
  }).connected()
const echo = (socket: SocketRecorder, text: string) => socket.ack('echo', text) as unknown as Promise<string>

describe('the fault proxy', () => {
  it('passes everything when there is no fault, for both releases of the client', async () => {
    for (const release of [3, 4] as const) {
      const socket = await client(release)
      expect(await echo(socket, 'x'.repeat(50_000))).toHaveLength(50_000)
    }
  })

  it('delays, and throttles', async () => {
    const socket = await client()
    proxy.faults.delayMs = 80
    const startedAt = performance.now()
    await echo(socket, 'slow')
    expect(performance.now() - startedAt).toBeGreaterThan(150)
    proxy.heal()
    proxy.faults.bytesPerSecond = 10_000
    const throttledAt = performance.now()
    await echo(socket, 'x'.repeat(2_000))
    expect(performance.now() - throttledAt).toBeGreaterThan(300)
  })

  it('swallows one direction or both, so that the peers must notice by themselves', async () => {
    for (const directions of [['up'], ['down'], ['up', 'down']] as const) {
      const socket = await client()
      const before = proxy.closedByServer
      proxy.blackHole(...directions)
      await socket.turn('disconnect', 0, 3_000)
      if (directions.length === 2)
        await eventually('the server has noticed', () => proxy.closedByServer > before)
      const from = socket.lifecycle.length
      proxy.heal()
      await socket.turn('connect', from, 8_000)
      socket.close()
    }
  }, 30_000)

  it('cuts and resets, and the client comes back', async () => {
    const socket = await client()
    for (const end of ['cut', 'reset'] as const) {
      const from = socket.lifecycle.length
      proxy[end]()
      await socket.turn('disconnect', from)
      await socket.turn('connect', from)
      expect(await echo(socket, end)).toBe(end)
    }
  })

  it('refuses new connections', async () => {
    proxy.faults.isRefusing = true
    const socket = connect(server, undefined, {
      url: proxy.url,
      transports: ['websocket'],
      reconnection: false,
    })
    expect(await socket.refused()).toBeInstanceOf(Error)
  })

  it('cuts after so many bytes', async () => {
    const socket = await client()
    proxy.faults.cutAfterBytes = 5_000
    socket.emit('echo', 'x'.repeat(20_000), () => undefined)
    await socket.turn('disconnect')
  })

  it('cuts each connection one packet later than the one before', async () => {
    const socket = await client()
    proxy.cutAtEachPacket()
    await eventually('many connections were cut', () => proxy.accepted > 6, 8_000)
    const from = socket.lifecycle.length
    proxy.heal()
    if (!socket.socket.connected) await socket.turn('connect', from)
    expect(await echo(socket, 'whole again')).toBe('whole again')
  }, 20_000)

  it('forwards the request and cuts before the answer', async () => {
    let requests = 0
    const port = await freePort()
    const target = createServer((connection) =>
      connection.on('data', () => {
        requests += 1
        connection.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      }),
    )
    await new Promise<void>((resolve) => target.listen(port, '127.0.0.1', resolve))
    const other = await createFaultProxy({ ...server, port, own: server.own })
    other.faults.isCuttingAnswers = true
    await expect(fetch(other.url)).rejects.toThrow()
    expect(requests).toBeGreaterThan(0)
    other.heal()
    expect(await (await fetch(other.url)).text()).toBe('ok')
    await delay(0)
    await other.close()
    await new Promise((resolve) => target.close(resolve))
  })
})
