/** contract.md §7: transports, the handshake's `auth`, and refusals. */
import {
  connect,
  connected,
  forgeToken,
  JWT_SECRET,
  openEngine,
  register,
  send,
  sendTo,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { useServer } from '../support/use-server.ts'

const context = useServer()

describe('a handshake', () => {
  it('of a client with its own defaults starts with polling and goes on to WebSocket', async () => {
    const person = await register(context.server)
    const socket = connect(context.server, person.auth, { autoConnect: false })
    socket.socket.connect()
    expect(socket.socket.io.engine.transport.name).toBe('polling')
    await socket.connected()
    await expect.poll(() => socket.socket.io.engine.transport.name, { timeout: 3_000 }).toBe('websocket')
    const note = await sendTo(context.admin, person, 'after the upgrade')
    await socket.event<{ id: string }>('notification', ({ id }) => id === note.id)
  })

  for (const transport of ['polling', 'websocket'] as const) {
    it(`is accepted on ${transport} alone`, async () => {
      const person = await register(context.server)
      const socket = await connected(context.server, person.auth, { transports: [transport] })
      const note = await sendTo(context.admin, person, `over ${transport}`)
      await socket.event<{ id: string }>('notification', ({ id }) => id === note.id)
    })

    it(`without a token is refused on ${transport} with "Missing token" and unauthorized`, async () => {
      for (const auth of [undefined, {}]) {
        const socket = connect(context.server, auth, { transports: [transport], reconnection: false })
        const refusal = await socket.refused()
        expect(refusal.message).toBe('Missing token')
        expect(refusal.data).toMatchObject({ code: 'unauthorized' })
      }
    })

    it(`with a bad token is refused on ${transport} with a message that starts with "Auth failed"`, async () => {
      const { token } = await register(context.server)
      const now = Math.floor(Date.now() / 1_000)
      const bad = {
        garbage: 'not.a.token',
        'another secret': forgeToken(token, { secret: 'another-secret-of-the-test-suite-0123' }),
        expired: forgeToken(token, { secret: JWT_SECRET, payload: { iat: now - 7_200, exp: now - 3_600 } }),
      }
      for (const [name, wrong] of Object.entries(bad)) {
        const socket = connect(
          context.server,
          { token: wrong },
          { transports: [transport], reconnection: false },
        )
        const refusal = await socket.refused()
        expect({ name, message: refusal.message }).toEqual({
          name,
          message: expect.stringMatching(/^Auth failed/),
        })
        expect(refusal.data).toMatchObject({ code: 'unauthorized' })
      }
    })
  }

  it('is not given the identity of a userId in account mode', async () => {
    const person = await register(context.server)
    const socket = connect(context.server, { userId: person.id }, { reconnection: false })
    expect((await socket.refused()).message).toBe('Missing token')
  })

  it('that was refused hears nothing, also of what goes to everyone', async () => {
    const person = await register(context.server)
    const engine = await openEngine(context.server)
    engine.send(`40${JSON.stringify({ token: 'not.a.token', userId: person.id })}`)
    await engine.frame((frame) => frame.startsWith('44'))
    await send(context.admin, { audience: { all: true }, message: 'to everyone' })
    await sendTo(context.admin, person, 'to the one it named')
    await engine.cut(5_000)
    expect(engine.frames.filter((frame) => frame.startsWith('42'))).toEqual([])
  })

  it('is valid again for the same client with a token of its own after a refusal', async () => {
    const person = await register(context.server)
    const socket = connect(context.server, { token: 'not.a.token' }, { reconnection: false })
    await socket.refused()
    socket.socket.auth = person.auth
    socket.socket.connect()
    await socket.connected()
  })
})

describe('the engine', () => {
  it('announces pings of 15 s with a timeout of 10 s, and packets of at most 64 KiB', async () => {
    const engine = await openEngine(context.server)
    const open = await engine.frame((frame) => frame.startsWith('0'))
    expect(JSON.parse(open.slice(1))).toMatchObject({
      pingInterval: 15_000,
      pingTimeout: 10_000,
      maxPayload: 65_536,
    })
  })
})
