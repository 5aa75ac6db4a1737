/** security.md §12, D1–D4, D10–D13, D15, J3: who it is for, keys, and fields of the server. */
import { type Fields, freshName, list, messagesOf, openPerson, register, send } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const SEND = '/api/notifications/send'
const post = (json: Fields) => context.admin.http.request('POST', SEND, { json })
const toUser = (more: Fields) => post({ audience: { user: context.user.id }, message: 'x', ...more })
const short = (value: unknown) => JSON.stringify(value)?.slice(0, 50)

describe('D1: a user', () => {
  for (const route of ['send', 'broadcast', 'bulk', 'recall']) {
    it(`who calls ${route} is refused with 403`, async () => {
      const json = { audience: { all: true }, message: 'x' }
      const reply = await context.unchanged(() =>
        context.user.http.request('POST', `/api/notifications/${route}`, { json }),
      )
      expectRefusal(reply, 403, 'forbidden')
    })
  }
})

describe('D2 D4: an audience', () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => `u${index}`)
  const invalid: Fields[] = [
    {},
    { audience: null },
    { audience: 'all' },
    { audience: [] },
    { audience: {} },
    { audience: { user: null } },
    { audience: { user: '' } },
    { audience: { user: [] } },
    { audience: { user: '*' } },
    { audience: { user: '%' } },
    { audience: { user: 'a:b' } },
    { audience: { user: 'x'.repeat(129) } },
    { audience: { user: { $ne: null } } },
    { audience: { users: [] } },
    { audience: { users: [''] } },
    { audience: { users: [['a']] } },
    { audience: { users: ids } },
    { audience: { role: '' } },
    { audience: { role: '*' } },
    { audience: { room: 'a b' } },
    { audience: { all: 'true' } },
    { audience: { all: 1 } },
    { audience: { user: 'a', role: 'b' } },
    { audience: { all: true }, user_id: 'a' },
    { user_id: 'a', userId: 'a' },
    { user_id: null },
    { userId: ['a'] },
    { role: 'a', room: 'b' },
  ]
  for (const body of invalid) {
    it(`${short(body)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => post({ message: 'x', ...body })), 400)
    })
  }

  for (const audience of [{ user: 'unknown-user' }, { users: ['unknown-user'] }, { room: 'unknown-room' }]) {
    it(`${short(audience)} is 404`, async () => {
      expectRefusal(await context.unchanged(() => post({ audience, message: 'x' })), 404, 'not_found')
    })
  }
})

describe('D3: the same recipient many times', () => {
  it('gets it once', async () => {
    const person = await register(context.server)
    await context.survive(() =>
      send(context.admin, { audience: { users: Array(1_000).fill(person.id) }, message: 'once' }),
    )
    expect(messagesOf(await list(person))).toEqual(['once'])
  })
})

describe('D10 D11 D12: an idempotency key', () => {
  it('with another body is 409, also 20 times at once', async () => {
    const person = await register(context.server)
    const body = { audience: { user: person.id }, message: 'first', idempotencyKey: freshName('key') }
    await post(body)
    const replies = await context.survive(() =>
      Promise.all(Array.from({ length: 20 }, (_, number) => post({ ...body, message: `other ${number}` }))),
    )
    for (const reply of replies) expectRefusal(reply, 409, 'idempotency_conflict')
    expect(messagesOf(await list(person))).toEqual(['first'])
  })

  it('raced by 50 different bodies lets exactly one through', async () => {
    const person = await register(context.server)
    const body = { audience: { user: person.id }, idempotencyKey: freshName('key') }
    const replies = await context.survive(() =>
      Promise.all(Array.from({ length: 50 }, (_, number) => post({ ...body, message: `body ${number}` }))),
    )
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const reply of replies.filter(({ status }) => status !== 201))
      expectRefusal(reply, 409, 'idempotency_conflict')
    expect(await list(person)).toHaveLength(1)
  })

  for (const idempotencyKey of [
    '',
    'k'.repeat(256),
    'a\r\nb',
    'a\u0000',
    'schlüssel',
    '🔑',
    7,
    null,
    ['k'],
    {},
  ]) {
    it(`${short(idempotencyKey)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser({ idempotencyKey })), 400)
    })
  }

  for (const idempotencyKey of ['k', ' ', '~', `k-${'k'.repeat(253)}`, '__proto__', "' OR 1=1--"]) {
    it(`${short(idempotencyKey)} is taken`, async () => {
      expectSuccess(await context.survive(() => toUser({ idempotencyKey })), 201)
    })
  }
})

describe('D13 D15: fields that the server owns, and times that are none', () => {
  const invalid: Fields[] = [
    { id: 'chosen' },
    { _id: 'chosen' },
    { createdAt: '2020-01-01T00:00:00.000Z' },
    { readAt: '2020-01-01T00:00:00.000Z' },
    { status: 'read' },
    { isRead: true },
    { is_read: true },
    { topic: 'all' },
    { offset: 1 },
    { expiresAt: '2024-02-30T00:00:00.000Z' },
    { expiresAt: '2030-01-01T00:00:00.000+25:00' },
    { expiresAt: 'now' },
    { expiresAt: 1 },
    { expiresAt: '2001-01-01T00:00:00.000Z' },
  ]
  for (const body of invalid) {
    it(`${short(body)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser(body)), 400)
    })
  }
})

describe('J3: in open mode', () => {
  const open = useHostileServer({ env: { AUTH: 'open' } })

  it('a user named like a role or a room is neither', async () => {
    const names = ['admin', 'user', 'all', 'lobby']
    const people = names.map((name) => openPerson(open.server, name))
    await open.admin.http.post('/api/rooms', { id: 'lobby' })
    for (const person of people) expectSuccess(await person.http.get('/api/notifications/count'))
    await open.survive(async () => {
      await send(open.admin, { audience: { room: 'lobby' }, message: 'to the room' })
      await send(open.admin, { audience: { role: 'admin' }, message: 'to the role' })
      await send(open.admin, { audience: { user: 'admin' }, message: 'to the user' })
    })
    const lists = await Promise.all(people.map(async (person) => messagesOf(await list(person))))
    const [adminList, , allList, lobbyList] = lists
    expect(adminList).toContain('to the user')
    expect(allList).not.toContain('to the room')
    expect(lobbyList).toEqual([])
  })
})
