/** contract.md §1: SIGTERM, and what a success reply promises across SIGKILL. */
import {
  admin,
  type BelfryServer,
  connected,
  delay,
  eventually,
  http,
  listAll,
  login,
  openPolling,
  type Person,
  register,
  send,
  sendTo,
  timed,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectSuccess } from '../support/expect.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()

describe('SIGTERM', () => {
  it('ends the process group within 10 s, with exit code 0', async () => {
    const server = await start()
    await connected(server, (await register(server)).auth)
    const { value: exit, ms } = await timed(() => server.stop('SIGTERM'))
    expect(exit).toEqual({ code: 0, signal: null })
    expect(ms).toBeLessThan(10_000)
  })

  for (const transport of ['websocket', 'polling'] as const) {
    it(`closes a ${transport} client at engine level, so that it comes back by itself`, async () => {
      const server = await start()
      const person = await register(server)
      const socket = await connected(server, person.auth, { transports: [transport] })
      await server.restart('SIGTERM')
      const [reason] = (await socket.turn('disconnect')).args
      expect(reason).toBe('transport close')
      await socket.turn(
        'connect',
        socket.lifecycle.findIndex(({ name }) => name === 'disconnect'),
      )
      const sender = await admin(server)
      const note = await sendTo(sender, person, 'after the restart')
      await socket.event<{ id: string }>('notification', ({ id }) => id === note.id)
    })
  }

  it('tells a client that is between two polls with its next one', async () => {
    const server = await start()
    const { auth } = await register(server)
    const session = await openPolling(server)
    await session.post(`40${JSON.stringify(auth)}`)
    expect((await session.poll()).text).toMatch(/^40/)
    const stopped = server.stop('SIGTERM')
    await eventually('the drain', async () => (await http(server).request('GET', '/readyz')).status === 503)
    // Longer than the shortest time that a line is left: now its end waits for the client.
    await delay(100)
    // Engine.IO's packets `noop` and `close`.
    expect(await session.poll()).toMatchObject({ status: 200, text: '6\u001e1' })
    expect(await stopped).toEqual({ code: 0, signal: null })
  })
})

interface World {
  people: Person[]
  lists: unknown[]
  counts: number[]
}

async function snapshot(people: Person[]): Promise<World> {
  return {
    people,
    lists: await Promise.all(people.map((person) => listAll(person))),
    counts: await Promise.all(people.map(unread)),
  }
}

async function populate(server: BelfryServer): Promise<Person[]> {
  const sender = await admin(server)
  const [a, b, patient] = await Promise.all([
    register(server),
    register(server),
    register(server, { role: 'patient' }),
  ])
  expectSuccess(await sender.http.post('/api/rooms', { id: 'ward' }), 201)
  expectSuccess(await sender.http.put(`/api/rooms/ward/members/${a.id}`))
  await send(sender, { audience: { all: true }, message: 'to all', meta: { n: 1 } })
  await send(sender, { audience: { room: 'ward' }, message: 'to the ward' })
  await send(sender, { audience: { role: 'patient' }, message: 'to patients', priority: 'urgent' })
  const note = await sendTo(sender, b, 'read, then unread')
  const gone = await sendTo(sender, b, 'deleted')
  await sendTo(sender, a, 'before read-all')
  expectSuccess(await b.http.post('/api/notifications/read', { id: note.id }))
  expectSuccess(await b.http.post('/api/notifications/unread', { id: note.id }))
  expectSuccess(await b.http.delete(`/api/notifications/${gone.id}`))
  expectSuccess(await a.http.post('/api/notifications/read-all', {}))
  await sendTo(sender, a, 'after read-all')
  return [a, b, patient]
}

describe('a reply that says success is durable', () => {
  it('across SIGKILL: accounts, tokens, notifications and their states are as last acknowledged', async () => {
    const server = await start()
    const before = await snapshot(await populate(server))
    await server.restart('SIGKILL')
    const after = await snapshot(before.people)
    expect(after.lists).toEqual(before.lists)
    expect(after.counts).toEqual(before.counts)
    for (const person of before.people) await login(server, person.email, person.password)
  })

  it('across SIGKILL: rooms and their members are as last acknowledged', async () => {
    const server = await start()
    const [a, b] = await populate(server)
    if (a === undefined || b === undefined) throw new Error('nobody')
    await server.restart('SIGKILL')
    const sender = await admin(server)
    expect((await sender.http.post('/api/rooms', { id: 'ward' })).status).toBe(409)
    const note = await send(sender, { audience: { room: 'ward' }, message: 'again to the ward' })
    expect((await listAll(a)).map(({ id }) => id)).toContain(note.id)
    expect((await listAll(b)).map(({ message }) => message)).not.toContain('again to the ward')
  })

  it('also for a reply that was the last thing before SIGKILL', async () => {
    const server = await start()
    const sender = await admin(server)
    const person = await register(server)
    for (let round = 0; round < 3; round++) {
      const note = await sendTo(sender, person, `round ${round}`)
      await server.restart('SIGKILL')
      expect((await listAll(person)).map(({ id }) => id)).toContain(note.id)
    }
    expect((await http(server).get('/api/health')).status).toBe(200)
  })

  it('and an idempotency key gives the same reply after SIGKILL', async () => {
    const server = await start()
    const sender = await admin(server)
    const person = await register(server)
    const body = { audience: { user: person.id }, message: 'once', idempotencyKey: 'the-key' }
    const first = await sender.http.post('/api/notifications/send', body)
    await server.restart('SIGKILL')
    const again = await sender.http.post('/api/notifications/send', body)
    expect({ status: again.status, body: again.body }).toEqual({ status: first.status, body: first.body })
    expect(await listAll(person)).toHaveLength(1)
  })
})
