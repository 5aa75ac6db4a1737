/** contract.md §4, "Send": audiences, shorthands, the test and broadcast routes, idempotency keys. */
import {
  type Fields,
  freshName,
  list,
  listAll,
  messagesOf,
  type Person,
  register,
  send,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNote, expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const post = (body: Fields, route = 'send') => context.admin.http.post(`/api/notifications/${route}`, body)

async function roomWith(...people: Person[]): Promise<string> {
  const id = freshName('room')
  expectSuccess(await context.admin.http.post('/api/rooms', { id }), 201)
  for (const person of people)
    expectSuccess(await context.admin.http.put(`/api/rooms/${id}/members/${person.id}`))
  return id
}

describe('POST /api/notifications/send', () => {
  it('says "Notification sent and stored." and gives the notification', async () => {
    const person = await register(context.server)
    const body = expectSuccess(
      await post({ audience: { user: person.id }, message: 'hello', title: 'T', type: 'x' }),
      201,
    )
    expect(body.message).toBe('Notification sent and stored.')
    expect(body.notification).toMatchObject({
      id: expect.any(String),
      type: 'x',
      title: 'T',
      message: 'hello',
      createdAt: expect.any(String),
    })
  })

  const audiences: Record<string, (person: Person, room: string) => Fields> = {
    'audience {user}': ({ id }) => ({ audience: { user: id } }),
    'audience {users}': ({ id }) => ({ audience: { users: [id] } }),
    'audience {role}': () => ({ audience: { role: 'patient' } }),
    'audience {room}': (_, room) => ({ audience: { room } }),
    'audience {all}': () => ({ audience: { all: true } }),
    'the shorthand user_id': ({ id }) => ({ user_id: id }),
    'the shorthand userId': ({ id }) => ({ userId: id }),
    'the shorthand role': () => ({ role: 'patient' }),
    'the shorthand room': (_, room) => ({ room }),
  }
  for (const [name, build] of Object.entries(audiences)) {
    it(`reaches exactly whom ${name} names`, async () => {
      const [person, other] = [
        await register(context.server, { role: 'patient' }),
        await register(context.server),
      ]
      const message = freshName('to')
      expectSuccess(await post({ ...build(person, await roomWith(person)), message }), 201)
      expect(messagesOf(await list(person))).toEqual([message])
      expect(messagesOf(await list(other))).toEqual(name.includes('all') ? [message] : [])
    })
  }

  it('reaches every one of `users` once, however often one is named', async () => {
    const people = await Promise.all([register(context.server), register(context.server)])
    const [a, b] = people.map(({ id }) => id)
    await send(context.admin, { audience: { users: [a, b, a, a, b] }, message: 'once' })
    for (const person of people) expect(messagesOf(await list(person))).toEqual(['once'])
  })

  it('accepts a role that nobody has and a room without members', async () => {
    await send(context.admin, { audience: { role: 'nobody-has-it' }, message: 'x' })
    await send(context.admin, { audience: { room: await roomWith() }, message: 'x' })
  })

  it('answers 404 for an unknown user, an unknown one among known ones, and an unknown room; nobody gets anything', async () => {
    const person = await register(context.server)
    for (const audience of [{ user: 'nobody' }, { users: [person.id, 'nobody'] }, { room: 'no-such-room' }]) {
      expectRefusal(await post({ audience, message: 'x' }), 404, 'not_found')
    }
    expect(await list(person)).toEqual([])
  })

  it('does not let a user send to others', async () => {
    const [person, other] = await Promise.all([register(context.server), register(context.server)])
    for (const body of [
      { audience: { user: other.id } },
      { user_id: other.id },
      { audience: { user: person.id } },
    ]) {
      expectRefusal(
        await person.http.post('/api/notifications/send', { ...body, message: 'x' }),
        403,
        'forbidden',
      )
    }
    expect(await list(other)).toEqual([])
  })

  const bad: Record<string, Fields> = {
    'no audience': {},
    'two kinds in one audience': { audience: { user: 'a', all: true } },
    'an empty audience': { audience: {} },
    'audience and a shorthand': { audience: { all: true }, role: 'user' },
    'two shorthands': { user_id: 'a', role: 'user' },
    'all: false': { audience: { all: false } },
    'an empty list of users': { audience: { users: [] } },
    '1,001 users': { audience: { users: Array.from({ length: 1001 }, (_, index) => `u${index}`) } },
    'a user id outside the grammar': { audience: { user: 'a:b' } },
    'an unknown kind of audience': { audience: { everyone: true } },
  }
  for (const [name, body] of Object.entries(bad)) {
    it(`refuses ${name}`, async () => {
      expectRefusal(await post({ message: 'x', ...body }), 400, 'validation_failed')
    })
  }

  it('refuses a send without a message', async () => {
    expectRefusal(await post({ audience: { all: true } }), 400, 'validation_failed')
  })
})

describe('POST /api/notifications/test', () => {
  it('sends the caller a notification with the defaults of the contract', async () => {
    const person = await register(context.server)
    const body = expectSuccess(await person.http.post('/api/notifications/test', {}), 201)
    expect(body.notification).toMatchObject({
      message: 'This is a test',
      type: 'info',
      title: 'Test notification',
    })
    const [listed] = await list(person)
    expect(listed).toMatchObject({
      id: body.notification?.id,
      message: 'This is a test',
      type: 'info',
      title: 'Test notification',
    })
    if (listed) expectNote(listed)
  })

  it('takes message, type and title, and reaches the caller alone', async () => {
    const [person, other] = await Promise.all([register(context.server), register(context.server)])
    const given = { message: 'm', type: 'order:new', title: 't' }
    expectSuccess(await person.http.post('/api/notifications/test', given), 201)
    expect(await list(person)).toMatchObject([given])
    expect(await list(other)).toEqual([])
  })
})

describe('POST /api/notifications/broadcast', () => {
  it('reaches everyone with type system by default, and says the same as send', async () => {
    const person = await register(context.server)
    const body = expectSuccess(
      await post({ message: 'to everyone', priority: 'high', meta: { a: 1 } }, 'broadcast'),
      201,
    )
    expect(body).toMatchObject({ message: 'Notification sent and stored.', notification: { type: 'system' } })
    expect(await list(person)).toMatchObject([
      { type: 'system', message: 'to everyone', priority: 'high', meta: { a: 1 } },
    ])
    expect((await list(context.admin))[0]).toMatchObject({ message: 'to everyone' })
  })

  it('takes another type', async () => {
    const body = expectSuccess(await post({ message: 'x', type: 'inventory:lowStock' }, 'broadcast'), 201)
    expect(body.notification?.type).toBe('inventory:lowStock')
  })

  it('is for admins alone, and needs a message', async () => {
    const person = await register(context.server)
    expectRefusal(await person.http.post('/api/notifications/broadcast', { message: 'x' }), 403, 'forbidden')
    expectRefusal(await post({}, 'broadcast'), 400, 'validation_failed')
    expect(await list(person)).toEqual([])
  })
})

describe('the same idempotencyKey', () => {
  it('from the same sender with the same body gives the same reply and one notification', async () => {
    const person = await register(context.server)
    const body = { audience: { user: person.id }, message: 'once', idempotencyKey: freshName('key') }
    const [first, second] = [await post(body), await post(body)]
    expect({ status: second.status, body: second.body }).toEqual({ status: first.status, body: first.body })
    expect(messagesOf(await list(person))).toEqual(['once'])
  })

  it('50 times at once gives one reply to all and one notification', async () => {
    const person = await register(context.server)
    const body = { audience: { user: person.id }, message: 'once', idempotencyKey: freshName('key') }
    const replies = await Promise.all(Array.from({ length: 50 }, () => post(body)))
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(messagesOf(await list(person))).toEqual(['once'])
  })

  it('with another body is refused with 409, and nothing is sent', async () => {
    const person = await register(context.server)
    const body = { audience: { user: person.id }, message: 'once', idempotencyKey: freshName('key') }
    await post(body)
    for (const other of [
      { message: 'twice' },
      { priority: 'low' },
      { audience: { all: true } },
      { meta: { a: 1 } },
    ]) {
      expectRefusal(await post({ ...body, ...other }), 409, 'idempotency_conflict')
    }
    expect(messagesOf(await listAll(person))).toEqual(['once'])
  })

  it('stores nothing when the body is refused, so that the corrected one may use it', async () => {
    const person = await register(context.server)
    const idempotencyKey = freshName('key')
    expectRefusal(
      await post({ audience: { user: 'nobody' }, message: 'x', idempotencyKey }),
      404,
      'not_found',
    )
    expectRefusal(await post({ audience: { user: person.id }, idempotencyKey }), 400, 'validation_failed')
    expectSuccess(await post({ audience: { user: person.id }, message: 'corrected', idempotencyKey }), 201)
    expect(messagesOf(await list(person))).toEqual(['corrected'])
  })
})
