/** socket.io-client 3.1.3, the first release that speaks the protocol of today. */
import { connect, connected, messagesOf, type Note, register, send, sendTo } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const OLD = { client: 3, transports: ['polling'] } as const

describe('socket.io-client 3.1.3', () => {
  it('connects with a token, receives live, and is acknowledged', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth, { ...OLD, transports: ['polling'] })
    await sendTo(context.admin, person, 'direct', { type: 'order:new' })
    await send(context.admin, { audience: { all: true }, message: 'to all' })
    await fence(context.admin, person, socket)
    expect(messagesOf(heard(socket))).toEqual(['direct', 'to all'])
    expect(messagesOf(socket.all<Note>('order:new'))).toEqual(['direct'])
    expect(await socket.ack('get-unread-count', person.id)).toMatchObject({ ok: true })
  })

  it('catches up by register_user and by join-notifications', async () => {
    for (const [emitted, event] of [
      ['register_user', 'send_notification'],
      ['join-notifications', 'new-notification'],
    ] as const) {
      const person = await register(context.server)
      for (const message of ['a', 'b']) await sendTo(context.admin, person, message)
      const socket = await connected(context.server, person.auth, { ...OLD, transports: ['polling'] })
      socket.emit(emitted, person.id)
      await fence(context.admin, person, socket, event)
      expect(messagesOf(heard(socket, event))).toEqual(['a', 'b'])
      socket.close()
    }
  })

  it('is refused without a token, with the reason', async () => {
    const socket = connect(context.server, undefined, {
      ...OLD,
      transports: ['polling'],
      reconnection: false,
    })
    const refusal = await socket.refused()
    expect(refusal.message).toBe('Missing token')
    expect(refusal.data).toMatchObject({ code: 'unauthorized' })
  })

  it('comes back by itself after a restart', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth, { ...OLD, transports: ['polling'] })
    const from = socket.lifecycle.length
    await context.server.restart('SIGTERM')
    await socket.turn('connect', from, 10_000)
    await fence(context.admin, person, socket)
  }, 60_000)
})
