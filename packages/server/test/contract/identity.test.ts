/** contract.md §8: identity named by the client, in account mode and in open mode. */
import {
  connect,
  connected,
  freshName,
  http,
  list,
  messagesOf,
  type Note,
  openPerson,
  register,
  send,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectRefusedAck, expectSuccess } from '../support/expect.ts'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

describe('in account mode', () => {
  const context = useServer()

  it('REST without a token is 401, with or without X-User-Id, the same for an existing and an unknown user', async () => {
    const person = await register(context.server)
    const paths = [`/api/notifications/${person.id}`, '/api/notifications/nobody', '/api/notifications']
    const replies = await Promise.all(
      paths.flatMap((path) => [
        http(context.server).get(path),
        http(context.server, { userId: person.id }).get(path),
        http(context.server, { userId: 'nobody' }).get(path),
      ]),
    )
    for (const reply of replies) expectRefusal(reply, 401, 'unauthorized', 'No token')
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    const sends = await Promise.all(
      [person.id, 'nobody'].map((id) =>
        http(context.server, { userId: person.id }).post('/api/notifications/send', {
          user_id: id,
          message: 'x',
        }),
      ),
    )
    for (const reply of sends) expectRefusal(reply, 401, 'unauthorized', 'No token')
    expect(await list(person)).toEqual([])
  })

  it('X-User-Id beside a token changes nothing', async () => {
    const [person, other] = await Promise.all([register(context.server), register(context.server)])
    await sendTo(context.admin, other, 'not yours')
    const reply = await person.http.request('GET', '/api/notifications', {
      headers: { 'x-user-id': other.id },
    })
    expect(expectSuccess(reply).notifications).toEqual([])
  })

  it('an unknown user id in a send or a room is 404', async () => {
    const room = freshName('room')
    await context.admin.http.post('/api/rooms', { id: room })
    expectRefusal(
      await context.admin.http.post('/api/notifications/send', { user_id: 'nobody', message: 'x' }),
      404,
      'not_found',
    )
    expectRefusal(await context.admin.http.put(`/api/rooms/${room}/members/nobody`), 404, 'not_found')
  })
})

describe('in open mode', () => {
  const context = useServer({ env: { AUTH: 'open' } })
  const nobody = () => http(context.server)

  it('a socket without a token is accepted, and auth.userId is its identity', async () => {
    const person = openPerson(context.server)
    const socket = await connected(context.server, { userId: person.id })
    const note = await sendTo(context.admin, person, 'hello')
    expect(await socket.event<Note>('notification')).toMatchObject({ id: note.id })
  })

  for (const [event, pushed] of [
    ['register_user', 'send_notification'],
    ['join-notifications', 'new-notification'],
  ] as const) {
    it(`the first ${event} gives a socket its identity for good`, async () => {
      const [first, second] = [openPerson(context.server), openPerson(context.server)]
      const socket = await connected(context.server, undefined)
      expect(await socket.ack(event, first.id)).toMatchObject({ ok: true })
      for (const name of ['register_user', 'user-join', 'join-notifications', 'get-unread-count']) {
        expectRefusedAck(await socket.ack(name, second.id), 'forbidden')
      }
      await sendTo(context.admin, second, 'for the second')
      await fence(context.admin, first, socket, pushed)
      expect(heard(socket, pushed)).toEqual([])
    })
  }

  it('the first user-join gives a socket its identity for good', async () => {
    const [first, second] = [openPerson(context.server), openPerson(context.server)]
    const socket = await connected(context.server, undefined)
    expect(await socket.ack('user-join', first.id)).toMatchObject({ ok: true })
    expectRefusedAck(await socket.ack('register_user', second.id), 'forbidden')
    expect(await socket.ack('join-notifications', first.id)).toMatchObject({ ok: true })
  })

  it('auth.userId outranks what is named later', async () => {
    const [first, second] = [openPerson(context.server), openPerson(context.server)]
    const socket = await connected(context.server, { userId: first.id })
    expectRefusedAck(await socket.ack('register_user', second.id), 'forbidden')
    expect(await socket.ack('register_user', first.id)).toMatchObject({ ok: true })
  })

  it('a socket that has not said who it is hears nothing, and may ask for nothing', async () => {
    const socket = await connected(context.server, undefined)
    const person = openPerson(context.server)
    const other = await connected(context.server, { userId: person.id })
    await send(context.admin, { audience: { all: true }, message: 'to all' })
    await fence(context.admin, person, other)
    expect(socket.events).toEqual([])
    expect((await socket.ack('get-unread-count', person.id)).ok).toBe(false)
  })

  it('X-User-Id names the caller, and self routes without it are 401', async () => {
    const person = openPerson(context.server)
    expectSuccess(await person.http.post('/api/notifications/test', {}), 201)
    expect(await unread(person)).toBe(1)
    const [note] = await list(person)
    expectSuccess(await person.http.post('/api/notifications/read', { id: note?.id }))
    for (const [method, path, json] of [
      ['GET', '/api/notifications', undefined],
      ['GET', '/api/notifications/count', undefined],
      ['POST', '/api/notifications/test', {}],
      ['POST', '/api/notifications/read', { id: note?.id }],
      ['POST', '/api/notifications/unread', { id: note?.id }],
      ['POST', '/api/notifications/read-all', {}],
      ['DELETE', `/api/notifications/${note?.id}`, undefined],
    ] as const) {
      expectRefusal(
        await nobody().request(method, path, json === undefined ? {} : { json }),
        401,
        'unauthorized',
      )
    }
    expect(await list(person)).toMatchObject([{ id: note?.id, isRead: true }])
  })

  it('GET /:user_id and send are served without X-User-Id, as in seed 001', async () => {
    const id = freshName()
    const reply = await nobody().post('/api/notifications/send', { user_id: id, message: 'hello' })
    expect(expectSuccess(reply, 201).message).toBe('Notification sent and stored.')
    const listed = await nobody().get<Note[]>(`/api/notifications/${id}`)
    expect(listed.status).toBe(200)
    expect(messagesOf(listed.body)).toEqual(['hello'])
  })

  it('routes for admins are for everyone', async () => {
    const person = openPerson(context.server)
    const room = freshName('room')
    expectSuccess(await person.http.post('/api/rooms', { id: room }), 201)
    expectSuccess(await person.http.put(`/api/rooms/${room}/members/${person.id}`))
    expectSuccess(await person.http.post('/api/notifications/send', { room, message: 'to the room' }), 201)
    expectSuccess(await person.http.post('/api/notifications/broadcast', { message: 'to all' }), 201)
    expect(messagesOf(await list(person))).toEqual(['to all', 'to the room'])
  })

  it('an unknown user id in a send or a room becomes a user', async () => {
    const [a, b] = [freshName(), freshName()]
    const room = freshName('room')
    expectSuccess(
      await context.admin.http.post('/api/notifications/send', { audience: { users: [a] }, message: 'x' }),
      201,
    )
    expectSuccess(await context.admin.http.post('/api/rooms', { id: room }), 201)
    expectSuccess(await context.admin.http.put(`/api/rooms/${room}/members/${b}`))
    await context.admin.http.post('/api/notifications/broadcast', { message: 'to all' })
    expect(messagesOf(await list(openPerson(context.server, a)))).toEqual(['to all', 'x'])
    expect(messagesOf(await list(openPerson(context.server, b)))).toEqual(['to all'])
  })

  it('an unknown room is still 404', async () => {
    expectRefusal(
      await context.admin.http.post('/api/notifications/send', { room: 'no-room', message: 'x' }),
      404,
      'not_found',
    )
  })

  it('up to 1,000 recipients may be named in one send, each once', async () => {
    const users = Array.from({ length: 1_000 }, (_, index) => `many-${index}`)
    await send(context.admin, { audience: { users: [...users.slice(0, 999), 'many-0'] }, message: 'to many' })
    await send(context.admin, { audience: { users }, message: 'to all thousand' })
    for (const id of ['many-0', 'many-998']) {
      expect(messagesOf(await list(openPerson(context.server, id)))).toEqual(['to all thousand', 'to many'])
    }
    expect(messagesOf(await list(openPerson(context.server, 'many-999')))).toEqual(['to all thousand'])
  })

  it('idempotency keys of different senders are independent', async () => {
    const person = openPerson(context.server)
    const body = { user_id: person.id, message: 'same key', idempotencyKey: freshName('key') }
    for (const sender of [openPerson(context.server), openPerson(context.server)]) {
      expectSuccess(await sender.http.post('/api/notifications/send', body), 201)
      expectSuccess(await sender.http.post('/api/notifications/send', body), 201)
    }
    expect(await unread(person)).toBe(2)
  })

  it('an identity outside the id grammar is refused', async () => {
    for (const userId of ['a:b', '', 'x'.repeat(129), 7, ['a'], null]) {
      const socket = connect(context.server, { userId }, { reconnection: false })
      const first = await Promise.race([socket.turn('connect'), socket.turn('connect_error')])
      // An absent-looking id may leave the socket without an identity; it must never give it one.
      if (first.name === 'connect') expect((await socket.ack('get-unread-count', userId)).ok).toBe(false)
    }
    expectRefusal(
      await http(context.server, { userId: 'a:b' }).get('/api/notifications'),
      401,
      'unauthorized',
    )
  })
})
