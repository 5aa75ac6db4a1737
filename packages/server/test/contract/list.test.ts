/** contract.md §4: the notification object, lists, pages and counts. */
import {
  type Body,
  freshName,
  http,
  list,
  listAll,
  messagesOf,
  type Note,
  register,
  send,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNote, expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

async function personWith(count: number) {
  const person = await register(context.server)
  for (let number = 1; number <= count; number++) await sendTo(context.admin, person, `number ${number}`)
  return person
}
const numbers = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => `number ${from - index}`)

describe('a notification', () => {
  it('has all spellings of every field, in lists and in replies', async () => {
    const person = await register(context.server)
    const sent = await send(context.admin, { audience: { user: person.id }, message: 'hello' })
    const [listed] = await list(person)
    expect(sent).toMatchObject({ id: listed?.id, type: 'info', title: 'Notification', message: 'hello' })
    expectNote(listed as Note)
    expect(listed).toMatchObject({
      type: 'info',
      title: 'Notification',
      priority: 'medium',
      status: 'pending',
      readAt: null,
      meta: null,
    })
  })

  it('keeps what the sender gave', async () => {
    const person = await register(context.server)
    const given = {
      type: 'order:new',
      title: 'A title',
      message: 'A message — ünï©ødé 🛎',
      priority: 'urgent',
      meta: { a: [1, { b: null }], c: 'd' },
    }
    const sent = await send(context.admin, { audience: { user: person.id }, ...given })
    const [listed] = await list(person)
    expect(listed).toMatchObject({ id: sent.id, createdAt: sent.createdAt, ...given })
    expect(listed?.meta).toEqual(given.meta)
  })

  for (const type of ['a', '0', 'Order_New.v2:x-y', 'a'.repeat(64)]) {
    it(`may have the type ${type}`, async () => {
      const person = await register(context.server)
      await sendTo(context.admin, person, 'typed', { type })
      expect(await list(person)).toMatchObject([{ type }])
    })
  }
})

describe('GET /api/notifications', () => {
  it('gives the latest 50 by default, newest first, and the rest through nextCursor, which ends with null', async () => {
    const person = await personWith(62)
    const first = expectSuccess(await person.http.get('/api/notifications'))
    expect(messagesOf(first.notifications ?? [])).toEqual(numbers(62, 13))
    expect(first.nextCursor).toEqual(expect.any(String))
    const second = expectSuccess(
      await person.http.get(`/api/notifications?cursor=${encodeURIComponent(first.nextCursor ?? '')}`),
    )
    expect(messagesOf(second.notifications ?? [])).toEqual(numbers(12, 1))
    expect(second.nextCursor).toBeNull()
  })

  it('gives at most `limit`, and null when exactly that many are left', async () => {
    const person = await personWith(6)
    const first = expectSuccess(await person.http.get('/api/notifications?limit=3'))
    expect(messagesOf(first.notifications ?? [])).toEqual(numbers(6, 4))
    const second = expectSuccess(
      await person.http.get(
        `/api/notifications?limit=3&cursor=${encodeURIComponent(first.nextCursor ?? '')}`,
      ),
    )
    expect(messagesOf(second.notifications ?? [])).toEqual(numbers(3, 1))
    expect(second.nextCursor).toBeNull()
  })

  it('takes a limit of 1 and of 100', async () => {
    const person = await personWith(2)
    expect((await person.http.get('/api/notifications?limit=1')).body.notifications).toHaveLength(1)
    expect((await person.http.get('/api/notifications?limit=100')).body.notifications).toHaveLength(2)
  })

  it('neither repeats nor skips when something new arrives, is read or is deleted between pages', async () => {
    const person = await personWith(20)
    const seen: string[] = []
    let query = 'limit=3'
    for (let page = 0; ; page++) {
      const body: Body = expectSuccess(await person.http.get(`/api/notifications?${query}`))
      seen.push(...messagesOf(body.notifications ?? []))
      if (body.nextCursor === null) break
      query = `limit=3&cursor=${encodeURIComponent(body.nextCursor ?? '')}`
      await sendTo(context.admin, person, `new ${page}`)
      const shown = body.notifications?.[0]
      if (page % 2 === 0) await person.http.post('/api/notifications/read', { id: shown?.id })
      else await person.http.delete(`/api/notifications/${shown?.id}`)
    }
    expect(seen).toEqual(numbers(20, 1))
  })

  it('gives only what is unread with unread=true, also over pages', async () => {
    const person = await personWith(9)
    const all = await listAll(person)
    for (const note of all.filter((_, index) => index % 2 === 1)) {
      expectSuccess(await person.http.post('/api/notifications/read', { id: note.id }))
    }
    const first = expectSuccess(await person.http.get('/api/notifications?unread=true&limit=3'))
    expect(messagesOf(first.notifications ?? [])).toEqual(['number 9', 'number 7', 'number 5'])
    const next = await person.http.get(
      `/api/notifications?unread=true&limit=3&cursor=${encodeURIComponent(first.nextCursor ?? '')}`,
    )
    expect(messagesOf(next.body.notifications ?? [])).toEqual(['number 3', 'number 1'])
    expect(next.body.nextCursor).toBeNull()
  })

  it('merges what came by user, role, room and to all in the order of acceptance', async () => {
    const person = await register(context.server, { role: 'patient' })
    const room = freshName('room')
    await context.admin.http.post('/api/rooms', { id: room })
    await context.admin.http.put(`/api/rooms/${room}/members/${person.id}`)
    const audiences = [
      { user: person.id },
      { role: 'patient' },
      { room },
      { all: true },
      { users: [person.id] },
    ]
    const ids: string[] = []
    for (let round = 0; round < 3; round++) {
      for (const audience of audiences)
        ids.push((await send(context.admin, { audience, message: `round ${round}` })).id)
    }
    const listed = await listAll(person)
    expect(listed.map(({ message }) => message)).toEqual(
      ['round 2', 'round 1', 'round 0'].flatMap((m) => Array(5).fill(m)),
    )
    // Ids of `users` sends may be the recipient's own; all others are the ones that the sender was told.
    const common = ids.toReversed().filter((_, index) => index % 5 !== 0)
    expect(listed.filter((_, index) => index % 5 !== 0).map(({ id }) => id)).toEqual(common)
  })
})

describe('GET /api/notifications/count', () => {
  it('is exact over everything, not over a page', async () => {
    const person = await personWith(60)
    expect(await unread(person)).toBe(60)
    const oldest = (await listAll(person)).at(-1)
    await person.http.post('/api/notifications/read', { id: oldest?.id })
    expect(await unread(person)).toBe(59)
  })

  it('is a fixed route that wins over :user_id', async () => {
    const person = await register(context.server)
    expect(expectSuccess(await person.http.get('/api/notifications/count'))).toMatchObject({ unread: 0 })
  })
})

describe('GET /api/notifications/:user_id', () => {
  it('answers a bare array with the latest 50, newest first', async () => {
    const person = await personWith(53)
    const reply = await person.http.get<Note[]>(`/api/notifications/${person.id}`)
    expect(reply.status).toBe(200)
    expect(messagesOf(reply.body)).toEqual(numbers(53, 4))
    for (const note of reply.body.slice(0, 3)) expectNote(note)
  })

  it("answers 403 for another user's id, the same whether that user exists or not", async () => {
    const [mine, other] = await Promise.all([register(context.server), register(context.server)])
    const known = await mine.http.get(`/api/notifications/${other.id}`)
    const unknown = await mine.http.get('/api/notifications/nobody-has-this-id')
    expectRefusal(known, 403, 'forbidden')
    expect(unknown.text).toBe(known.text)
    expect(unknown.status).toBe(known.status)
  })

  it('answers an empty array to a user who has nothing', async () => {
    const person = await register(context.server)
    expect((await http(context.server, person.token).get(`/api/notifications/${person.id}`)).body).toEqual([])
  })
})
