/** reliability.md X25, X28, X37: storms of reconnects, signals in the middle of work, a closed output. */
import {
  admin,
  type BelfryServer,
  connect,
  eventually,
  History,
  http,
  list,
  openPerson,
  pooled,
  rawHttp,
  register,
  requestText,
  seeded,
  send,
  sendTo,
  timed,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNothingLost, startLoad } from '../support/load.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
const CLIENTS = Number(process.env.STORM_CLIENTS ?? 500)

describe('X25: a storm of reconnects', () => {
  it(`after SIGKILL has ${CLIENTS} clients back and served within 20 s`, async () => {
    const server = await start({ env: { AUTH: 'open', RATE_LIMIT: undefined } })
    const people = Array.from({ length: CLIENTS }, () => openPerson(server))
    const sockets = people.map((person) => connect(server, person.auth, { transports: ['websocket'] }))
    await Promise.all(sockets.map((socket) => socket.connected(20_000)))
    const lengths = sockets.map((socket) => socket.lifecycle.length)
    await server.stop('SIGKILL')
    const { ms } = await timed(async () => {
      await server.start()
      await Promise.all(sockets.map((socket, index) => socket.turn('connect', lengths[index], 20_000)))
    })
    expect(ms).toBeLessThan(20_000)
    const note = await send(openPerson(server), { audience: { all: true }, message: 'to all of the storm' })
    await Promise.all(
      sockets.map((socket) =>
        socket.event<{ id: string }>('notification', ({ id }) => id === note.id, 5_000),
      ),
    )
    for (const socket of sockets) expect(socket.all('notification')).toHaveLength(1)
  })
})

/** No new work is taken: the health is not 200 any more, or nobody answers. */
async function isDraining(server: BelfryServer): Promise<boolean> {
  return http(server)
    .request('GET', '/readyz', { timeoutMs: 1_000 })
    .then(
      ({ status }) => status !== 200,
      () => true,
    )
}

describe('X28: SIGTERM', () => {
  const slowLogin = (server: BelfryServer) => {
    const body = JSON.stringify({ email: 'a@b.example', password: 'x'.repeat(50) })
    const head = requestText(server.port, 'POST', '/api/auth/login', {
      headers: ['Content-Type: application/json', `Content-Length: ${body.length}`],
    })
    return rawHttp(server.port, head + body.slice(0, 20), { timeoutMs: 15_000, until: 'close' })
  }

  it('under load, and in the middle of a long request, ends with code 0 within 10 s and loses nothing', async () => {
    const random = seeded('SIGTERM under load')
    const server = await start()
    const sender = await admin(server)
    const recipients = await Promise.all([register(server), register(server)])
    const history = new History()
    const long = slowLogin(server)
    const load = startLoad({ history, client: sender.http, recipients, random })
    await eventually('some sends are through', () => history.withOutcome('ok').length > 20)
    const { value: exit, ms } = await timed(() => server.stop('SIGTERM'))
    await load.stop()
    await long
    expect(exit).toEqual({ code: 0, signal: null })
    expect(ms).toBeLessThan(10_000)
    await server.start()
    await expectNothingLost({ server, history, sender, recipients, random })
  })

  it('twice ends at once, and is as safe as SIGKILL', async () => {
    const random = seeded('SIGTERM twice')
    const server = await start()
    const sender = await admin(server)
    const recipients = [await register(server)]
    const history = new History()
    const long = slowLogin(server)
    const load = startLoad({ history, client: sender.http, recipients, random })
    await eventually('some sends are through', () => history.withOutcome('ok').length > 20)
    const { ms } = await timed(async () => {
      server.signal('SIGTERM')
      // Two signals of a kind that wait together are one: the second must come when the first has been noticed.
      await eventually('the first signal is noticed', () => isDraining(server))
      server.signal('SIGTERM')
      await server.exit()
    })
    await load.stop()
    await long
    expect(ms).toBeLessThan(2_000)
    await server.start()
    await expectNothingLost({ server, history, sender, recipients, random })
  })

  it('ends every connection with its answer, so that a balancer finds another node for the next request', async () => {
    const server = await start()
    const client = connect(server, (await register(server)).auth)
    await client.connected()
    server.signal('SIGTERM')
    await eventually('the signal is noticed', () => isDraining(server))
    const request = requestText(server.port, 'GET', '/api/notifications')
    const { status, head } = await rawHttp(server.port, request)
    expect(status).toBe(503)
    expect(head).toMatch(/^connection: close/im)
    await server.exit()
  })

  it('leaves no connection that is kept alive waiting', async () => {
    const server = await start()
    await Promise.all(Array.from({ length: 20 }, () => http(server).get('/api/health')))
    const { ms } = await timed(() => server.stop('SIGTERM'))
    expect(ms).toBeLessThan(6_000)
  })
})

describe('X37: an output that was closed', () => {
  it('does not end the process, and does not slow it', async () => {
    const server = await start()
    const [sender, person] = [await admin(server), await register(server)]
    server.closeOutput()
    await pooled(Array.from({ length: 300 }), 8, (_, number) => sendTo(sender, person, `number ${number}`))
    for (let number = 0; number < 50; number++) await http(server).post('/api/auth/login', {})
    expect(server.isAlive).toBe(true)
    expect(await list(person)).toHaveLength(50)
  })
})
