/** A client of another language: Debian's python3-socketio as seed 001's client. */
import {
  admin,
  type BelfryServer,
  eventually,
  http,
  list,
  messagesOf,
  openPerson,
  type Person,
  register,
  send,
  sendTo,
} from '@belfry/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { pythonClient, requirePythonSocketIo } from '../support/python-client.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
beforeAll(requirePythonSocketIo)

interface World {
  server: BelfryServer
  sender: Person
  person: Person
}

async function world(mode: 'accounts' | 'open'): Promise<World> {
  const server = await start(mode === 'open' ? { env: { AUTH: 'open' } } : {})
  if (mode === 'open') return { server, sender: openPerson(server), person: openPerson(server) }
  return { server, sender: await admin(server), person: await register(server) }
}

async function connections(server: BelfryServer): Promise<number> {
  const { text } = await http(server, (await admin(server)).token).get('/metrics')
  return Number(/^belfry_connections (\d+)/m.exec(text)?.[1])
}

describe.each(['accounts', 'open'] as const)('a Python client in %s mode', (mode) => {
  it('connects, receives, and catches up what it missed, once and in order', async () => {
    const { server, sender, person } = await world(mode)
    await sendTo(sender, person, 'before it came')
    const client = pythonClient(server, person.id, person.token)
    await client.until('it has what was pending', ({ messages }) => messages.length === 1)
    await sendTo(sender, person, 'live', { meta: { emoji: '🛎', nested: [1, null] } })
    await send(sender, { audience: { all: true }, message: 'to all' })
    await client.until('it has what is live', ({ messages }) => messages.length === 3)
    client.tell('disconnect')
    await client.until('it has left', ({ lines }) => lines.some(({ event }) => event === 'disconnect'))
    // The client says so before the server has heard it, and until then the server takes what it sends for delivered.
    await eventually('the server to notice', async () => (await connections(server)) === 0)
    for (const message of ['missed 1', 'missed 2']) await sendTo(sender, person, message)
    client.tell('connect')
    await client.until('it has caught up', ({ messages }) => messages.length === 5)
    expect(client.messages).toEqual(['before it came', 'live', 'to all', 'missed 1', 'missed 2'])
    expect(messagesOf(await list(person))).toEqual(client.messages.toReversed())
    expect(client.lines.find(({ data }) => data?.message === 'live')?.data?.meta).toEqual({
      emoji: '🛎',
      nested: [1, null],
    })
  })

  it('comes back by itself after a restart of the server', async () => {
    const { server, sender, person } = await world(mode)
    const client = pythonClient(server, person.id, person.token)
    const connects = () => client.lines.filter(({ event }) => event === 'connect').length
    await client.until('it is there', () => connects() === 1)
    await server.restart('SIGTERM')
    await sendTo(sender, person, 'sent while it was coming back')
    await client.until('it is back', () => connects() === 2)
    await client.until('it has caught up', ({ messages }) => messages.length === 1)
    expect(client.messages).toEqual(['sent while it was coming back'])
  })
})

describe('a Python client without a token in account mode', () => {
  it('is refused', async () => {
    const { server, person } = await world('accounts')
    const client = pythonClient(server, person.id)
    await client.until('it is refused', ({ lines }) =>
      lines.some(({ event }) => event === 'refused' || event === 'connect_error'),
    )
    expect(client.messages).toEqual([])
  })
})
