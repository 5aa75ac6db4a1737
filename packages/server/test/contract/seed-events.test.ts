/** contract.md §7: which of the seeds' events a socket gets, and what is caught up. */
import {
  connected,
  freshName,
  list,
  messagesOf,
  type Note,
  pooled,
  register,
  type SocketRecorder,
  send,
  sendTo,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

const TYPED = [
  'order:new',
  'order:updated',
  'inventory:lowStock',
  'project:updated',
  'task:assigned',
  'budget:alert',
  'system:alert',
  'notification:received',
]
const typedOf = (socket: SocketRecorder) => socket.events.filter(({ name }) => TYPED.includes(name))

describe('the typed event of seed 004', () => {
  const cases: Record<string, string> = {
    ...Object.fromEntries(TYPED.slice(0, 7).map((type) => [type, type])),
    system: 'system:alert',
    info: 'notification:received',
    'order:cancelled': 'notification:received',
    'notification:received': 'notification:received',
    notification: 'notification:received',
    connect: 'notification:received',
  }
  for (const [type, event] of Object.entries(cases)) {
    it(`is ${event} for the type ${type}, once, beside one "notification"`, async () => {
      const person = await register(context.server)
      const socket = await connected(context.server, person.auth)
      const note = await sendTo(context.admin, person, 'typed', { type })
      await fence(context.admin, person, socket)
      expect(heard(socket).map(({ id }) => id)).toEqual([note.id])
      const typed = typedOf(socket).filter(({ args }) => (args[0] as Note).id === note.id)
      expect(typed.map(({ name }) => name)).toEqual([event])
      expect(typed[0]?.args[0]).toEqual(heard(socket)[0])
    })
  }

  it('is system:alert for a broadcast without a type', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    await context.admin.http.post('/api/notifications/broadcast', { message: 'to everyone' })
    expect(await socket.event<Note>('system:alert')).toMatchObject({ message: 'to everyone', type: 'system' })
  })

  it('leaves the title at its default when the sender gives none', async () => {
    const person = await register(context.server)
    await sendTo(context.admin, person, 'typed', { type: 'order:new' })
    expect(await list(person)).toMatchObject([{ title: 'Notification' }])
  })
})

describe('what a socket emitted decides what it gets', () => {
  const JOINS: Record<string, string> = {
    register_user: 'send_notification',
    'join-notifications': 'new-notification',
  }
  for (const [emitted, event] of Object.entries(JOINS)) {
    it(`${emitted} gives ${event} for every notification, on that socket alone`, async () => {
      const person = await register(context.server)
      const [joined, plain] = await Promise.all([
        connected(context.server, person.auth),
        connected(context.server, person.auth),
      ])
      expect(await joined.ack(emitted, person.id)).toMatchObject({ ok: true })
      await sendTo(context.admin, person, 'direct')
      await send(context.admin, { audience: { all: true }, message: 'to all' })
      await fence(context.admin, person, joined, event)
      await fence(context.admin, person, plain)
      expect(messagesOf(heard(joined, event))).toEqual(['direct', 'to all'])
      expect(plain.all(event)).toEqual([])
      for (const other of Object.values(JOINS).filter((name) => name !== event))
        expect(joined.all(other)).toEqual([])
    })
  }

  it('user-join alone gives no notification event of seed 003', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    await socket.ack('user-join', person.id)
    await sendTo(context.admin, person, 'x')
    await fence(context.admin, person, socket)
    expect(socket.all('new-notification')).toEqual([])
  })
})

describe('catch-up', () => {
  for (const [emitted, event] of [
    ['register_user', 'send_notification'],
    ['join-notifications', 'new-notification'],
  ] as const) {
    it(`${emitted} pushes what is pending, oldest first, once; it is delivered from then on`, async () => {
      const person = await register(context.server)
      for (const message of ['first', 'second', 'third']) await sendTo(context.admin, person, message)
      const socket = await connected(context.server, person.auth)
      await socket.ack(emitted, person.id)
      await fence(context.admin, person, socket, event)
      expect(messagesOf(heard(socket, event))).toEqual(['first', 'second', 'third'])
      await expect.poll(async () => (await list(person)).map(({ status }) => status)).not.toContain('pending')

      await socket.ack(emitted, person.id)
      const second = await connected(context.server, person.auth)
      await second.ack(emitted, person.id)
      for (const tab of [socket, second]) await fence(context.admin, person, tab, event)
      expect(messagesOf(heard(socket, event))).toEqual(['first', 'second', 'third'])
      expect(heard(second, event)).toEqual([])
    })

    it(`${emitted} pushes all of 120 pending ones, more than a page`, async () => {
      const person = await register(context.server)
      for (let number = 0; number < 120; number++) await sendTo(context.admin, person, `number ${number}`)
      const socket = await connected(context.server, person.auth)
      await socket.ack(emitted, person.id)
      await fence(context.admin, person, socket, event)
      expect(messagesOf(heard(socket, event))).toEqual(
        Array.from({ length: 120 }, (_, index) => `number ${index}`),
      )
    })

    it(`${emitted} from three tabs at once shares out what is pending: each one once`, async () => {
      const person = await register(context.server)
      for (let number = 0; number < 20; number++) await sendTo(context.admin, person, `number ${number}`)
      const tabs = await Promise.all([1, 2, 3].map(() => connected(context.server, person.auth)))
      await Promise.all(tabs.map((tab) => tab.ack(emitted, person.id)))
      for (const tab of tabs) await fence(context.admin, person, tab, event)
      const messages = tabs.flatMap((tab) => messagesOf(heard(tab, event)))
      expect(messages).toHaveLength(20)
      expect(new Set(messages).size).toBe(20)
    })

    it(`${emitted} amid a stream of sends gives each one once, in order`, async () => {
      const person = await register(context.server)
      for (let number = 0; number < 10; number++) await sendTo(context.admin, person, `pending ${number}`)
      const socket = await connected(context.server, person.auth)
      const sends = pooled(Array.from({ length: 40 }), 4, (_, number) =>
        sendTo(context.admin, person, `live ${number}`),
      )
      socket.emit(emitted, person.id)
      await sends
      await fence(context.admin, person, socket, event)
      const listed = (await list(person)).filter(({ message }) => !message.startsWith('fence-'))
      const pushed = heard(socket, event).map(({ id }) => id)
      // Live ones that came before the socket had joined were handed over as `notification`: not pending any more.
      const joinedAt = listed.findIndex(({ id }) => id === pushed[10])
      expect(pushed).toEqual([...new Set(pushed)])
      expect(messagesOf(heard(socket, event)).slice(0, 10)).toEqual(
        Array.from({ length: 10 }, (_, i) => `pending ${i}`),
      )
      expect(pushed.slice(10)).toEqual(
        listed
          .slice(0, joinedAt + 1)
          .map(({ id }) => id)
          .toReversed(),
      )
    })
  }

  it('covers user, role, room and everyone, in the order of acceptance, without what was deleted meanwhile', async () => {
    const person = await register(context.server, { role: 'patient' })
    const room = freshName('room')
    await context.admin.http.post('/api/rooms', { id: room })
    await context.admin.http.put(`/api/rooms/${room}/members/${person.id}`)
    const audiences = [
      { all: true },
      { room },
      { user: person.id },
      { role: 'patient' },
      { users: [person.id] },
    ]
    for (const [number, audience] of [...audiences, ...audiences].entries()) {
      await send(context.admin, { audience, message: `number ${number}` })
    }
    const gone = (await list(person)).find(({ message }) => message === 'number 3')
    await person.http.delete(`/api/notifications/${gone?.id}`)
    const socket = await connected(context.server, person.auth)
    await socket.ack('join-notifications', person.id)
    await fence(context.admin, person, socket, 'new-notification')
    const expected = [0, 1, 2, 4, 5, 6, 7, 8, 9].map((number) => `number ${number}`)
    expect(messagesOf(heard(socket, 'new-notification'))).toEqual(expected)
  })

  it('after a restart pushes what was pending, and not what was delivered before', async () => {
    const person = await register(context.server)
    const live = await connected(context.server, person.auth)
    const note = await sendTo(context.admin, person, 'delivered before')
    await live.event<Note>('notification', ({ id }) => id === note.id)
    live.close()
    await expect.poll(async () => (await list(person))[0]?.status).toBe('delivered')
    await sendTo(context.admin, person, 'pending before')
    await context.server.restart('SIGTERM')
    const socket = await connected(context.server, person.auth)
    await socket.ack('register_user', person.id)
    await fence(context.admin, person, socket, 'send_notification')
    expect(messagesOf(heard(socket, 'send_notification'))).toEqual(['pending before'])
  }, 60_000)

  it('gives nothing to a socket that has only its identity from the handshake', async () => {
    const person = await register(context.server)
    await sendTo(context.admin, person, 'while away')
    const socket = await connected(context.server, person.auth)
    await fence(context.admin, person, socket)
    expect(heard(socket)).toEqual([])
    expect((await list(person)).at(-1)).toMatchObject({ message: 'while away', status: 'pending' })
  })

  it('does not push again what was live on another tab', async () => {
    const person = await register(context.server)
    const live = await connected(context.server, person.auth)
    const note = await sendTo(context.admin, person, 'live')
    await live.event<Note>('notification', ({ id }) => id === note.id)
    const joiner = await connected(context.server, person.auth)
    await joiner.ack('register_user', person.id)
    await fence(context.admin, person, joiner, 'send_notification')
    expect(heard(joiner, 'send_notification')).toEqual([])
  })
})
