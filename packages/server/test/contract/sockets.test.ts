/** contract.md §7: acknowledgements, order, and every push once on every open socket. */
import {
  connect,
  connected,
  joinedEngine,
  list,
  messagesOf,
  type Note,
  register,
  send,
  sendTo,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNote, expectRefusedAck } from '../support/expect.ts'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

describe('acknowledgements', () => {
  it('are {ok:true} for an event that was done', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    for (const event of ['register_user', 'user-join', 'join-notifications', 'get-unread-count']) {
      expect(await socket.ack(event, person.id)).toMatchObject({ ok: true })
    }
    expect(await socket.ack('mark-all-notifications-read', person.id)).toMatchObject({ ok: true })
  })

  it('are {ok:false} with code and message for one that was not', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    expectRefusedAck(await socket.ack('register_user', 'somebody-else'), 'forbidden')
    expectRefusedAck(await socket.ack('mark-notification-read', { notificationId: 'unknown' }), 'not_found')
    expectRefusedAck(await socket.ack('mark-notification-read', 7), 'validation_failed')
    expectRefusedAck(await socket.ack('no-such-event', 1), 'validation_failed')
  })

  it('are not needed: the same events without one have the same effect', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const note = await sendTo(context.admin, person, 'to be read')
    socket.emit('join-notifications', person.id)
    socket.emit('mark-notification-read', { notificationId: note.id })
    socket.emit('no-such-event')
    await socket.event('notification-read')
    expect(await list(person)).toMatchObject([{ id: note.id, isRead: true }])
  })
})

describe('events of one socket', () => {
  it('may be emitted back to back before connect', async () => {
    const person = await register(context.server)
    await sendTo(context.admin, person, 'waiting')
    const socket = connect(context.server, person.auth, { autoConnect: false })
    socket.emit('user-join', person.id)
    socket.emit('join-notifications', person.id)
    socket.emit('get-unread-count', person.id)
    socket.socket.connect()
    expect(await socket.event<{ count: number }>('unread-count')).toEqual({ count: 1 })
    expect(messagesOf(socket.all<Note>('new-notification'))).toEqual(['waiting'])
  })

  it('are handled in the order sent', async () => {
    const person = await register(context.server)
    const notes = []
    for (let number = 0; number < 5; number++)
      notes.push(await sendTo(context.admin, person, `number ${number}`))
    const socket = await connected(context.server, person.auth)
    const counts = 6
    for (const note of notes) {
      socket.emit('get-unread-count', person.id)
      socket.emit('mark-notification-read', { notificationId: note.id })
    }
    socket.emit('get-unread-count', person.id)
    await expect.poll(() => socket.all('unread-count').length).toBe(counts)
    expect(socket.all<{ count: number }>('unread-count').map(({ count }) => count)).toEqual([
      5, 4, 3, 2, 1, 0,
    ])
  })
})

describe('every open socket of a user', () => {
  it('gets every push of that user once, whatever its transport', async () => {
    const person = await register(context.server)
    const tabs = await Promise.all([
      connected(context.server, person.auth),
      connected(context.server, person.auth, { transports: ['polling'] }),
      connected(context.server, person.auth, { transports: ['websocket'] }),
      connected(context.server, person.auth, { client: 3, transports: ['polling'] }),
    ])
    for (let number = 0; number < 20; number++) await sendTo(context.admin, person, `number ${number}`)
    for (const tab of tabs) {
      await fence(context.admin, person, tab)
      expect(messagesOf(heard(tab))).toEqual(Array.from({ length: 20 }, (_, index) => `number ${index}`))
    }
  })

  it('gets one that was sent twice with the same key once', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const body = { audience: { user: person.id }, message: 'once', idempotencyKey: `key-${person.id}` }
    await Promise.all(Array.from({ length: 10 }, () => send(context.admin, body)))
    await fence(context.admin, person, socket)
    expect(messagesOf(heard(socket))).toEqual(['once'])
  })

  it('hears nothing that is for others', async () => {
    const [person, other] = await Promise.all([register(context.server), register(context.server)])
    const socket = await connected(context.server, person.auth)
    await sendTo(context.admin, other, 'not for you')
    await send(context.admin, { audience: { role: 'patient' }, message: 'not for you' })
    await fence(context.admin, person, socket)
    expect(heard(socket)).toEqual([])
  })

  it('gets the same object as the list has', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    await sendTo(context.admin, person, 'same', { meta: { a: 1 }, priority: 'low', title: 'T' })
    const pushed = await socket.event<Note>('notification')
    expectNote(pushed)
    const [{ status: _, ...listed }] = (await list(person)) as [Note]
    expect(pushed).toMatchObject(listed)
  })

  it('goes on when another tab of the same user is closed', async () => {
    const person = await register(context.server)
    const [a, b] = await Promise.all([
      connected(context.server, person.auth),
      connected(context.server, person.auth),
    ])
    a.close()
    await fence(context.admin, person, b)
  })
})

describe('a client of the native protocol', () => {
  it("sees none of the seeds' events", async () => {
    const person = await register(context.server)
    const engine = await joinedEngine(context.server, {
      ...person.auth,
      client: { name: 'test', version: '0.0.1' },
    })
    const seed = await connected(context.server, person.auth)
    await sendTo(context.admin, person, 'for both')
    await fence(context.admin, person, seed)
    // The native frames of the fence arrive on the same tick or later; one more request gives them time.
    await engine.frame((frame) => frame.includes('fence-'))
    const names = engine.frames
      .filter((frame) => frame.startsWith('42'))
      .map((frame) => JSON.parse(frame.slice(2))[0])
    const dialect = /^(notification|notification:received|send_notification|new-notification|system:alert)$/
    expect(names.filter((name: string) => dialect.test(name))).toEqual([])
  })
})

describe('the process', () => {
  it('goes on after unknown and malformed events', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const payloads = [undefined, null, 1, 'x', [], {}, { notificationId: {} }, [[[]]], { __proto__: null }]
    for (const event of [
      'register_user',
      'mark-notification-read',
      'get-unread-count',
      'typing-start',
      'nothing',
    ]) {
      for (const payload of payloads) socket.emit(event, payload)
    }
    const other = await connected(context.server, person.auth)
    await fence(context.admin, person, other)
    expect(context.server.isAlive).toBe(true)
  })
})
