// The generator against a server that cheats: what is dropped, doubled or given to the wrong client must show.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { payload, rawRequest, SOCKET_IO_PATH } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'
import { Fleet } from './fleet.ts'
import { Phase } from './phase.ts'
import { StreamRun } from './stream-run.ts'

const USERS = 3
const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** Who gets the nth notification for `user`: `[user]` is honest. */
type Conduct = (user: number, nth: number) => readonly number[]

const startServer = async (conduct: Conduct): Promise<number> => {
  const clients = new Map<number, WebSocket>()
  let nth = 0
  const server = createServer(async (request, response) => {
    const { user, notification } = JSON.parse(await text(request)) as { user: number; notification: unknown }
    for (const receiver of conduct(user, nth++)) {
      clients.get(receiver)?.send(`42${JSON.stringify(['notification', notification])}`)
    }
    response.setHeader('Content-Length', 2).end('ok')
  })
  new WebSocketServer({ server, path: '/socket.io/' }).on('connection', (socket) => {
    socket.send('0{"sid":"x","pingInterval":25000}')
    socket.on('message', (data) => {
      const packet = String(data)
      if (!packet.startsWith('40')) return
      clients.set(JSON.parse(packet.slice(2)).user, socket)
      socket.send('40{"sid":"y"}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const countsAgainst = async (conduct: Conduct) => {
  const port = await startServer(conduct)
  const phase = new Phase({ width: 1, base: 1, warmUpMs: 0, windowMs: 5_000 })
  const fleet = new Fleet((sequence, recipient) => phase.arrived(sequence, recipient))
  const sockets = Array.from({ length: USERS }, (_, user) => ({
    path: SOCKET_IO_PATH,
    connectPacket: `40${JSON.stringify({ user })}`,
    readyOn: 'connect' as const,
    localAddress: '127.0.0.1',
    keepsCursor: false,
  }))
  expect(await fleet.connect({ port, sockets, perS: null })).toMatchObject({
    ready: USERS,
    firstFailure: null,
  })
  const requests = Array.from({ length: USERS }, (_, user) =>
    rawRequest({ port, path: '/', body: { user, notification: payload(MARK_PLACEHOLDER) } }),
  )
  const run = new StreamRun(
    port,
    { requests, firstOwner: 0, publishers: 2, pace: 'closed', total: 30 },
    phase,
  )
  await run.run(1_000)
  await sleep(50)
  fleet.disconnect()
  expect(run.report()).toMatchObject({ accepted: 30, failed: 0 })
  return phase.ledger.counts
}

test('an honest server owes nothing', async () => {
  expect(await countsAgainst((user) => [user])).toEqual({ lost: 0, repeated: 0, misdelivered: 0 })
})

test('a dropped frame is lost', async () => {
  expect(await countsAgainst((user, nth) => (nth === 7 ? [] : [user]))).toMatchObject({
    lost: 1,
    repeated: 0,
  })
})

test('a doubled frame is repeated', async () => {
  expect(await countsAgainst((user, nth) => (nth === 7 ? [user, user] : [user]))).toMatchObject({
    lost: 0,
    repeated: 1,
  })
})

test('a frame at somebody else is misdelivered, and its owner lost it', async () => {
  expect(await countsAgainst((user, nth) => (nth === 7 ? [(user + 1) % USERS] : [user]))).toEqual({
    lost: 1,
    repeated: 0,
    misdelivered: 1,
  })
})
