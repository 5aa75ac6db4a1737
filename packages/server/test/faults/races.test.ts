/** reliability.md X35, X36, X39: two devices at once, rights that change while connected, and one key many times. */
import {
  connected,
  forgeToken,
  freshName,
  JWT_SECRET,
  list,
  listAll,
  messagesOf,
  type Note,
  openPerson,
  pooled,
  register,
  seeded,
  send,
  sendTo,
  startServer,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectSuccess } from '../support/expect.ts'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const ROUNDS = Number(process.env.RACES ?? 150)

describe('X35: two devices', () => {
  it(`read, delete and read-all at once with sends, ${ROUNDS} times, and the count is right each time`, async () => {
    const random = seeded('two devices')
    const person = await register(context.server)
    const [socket] = await Promise.all([connected(context.server, person.auth)])
    for (let round = 0; round < ROUNDS; round++) {
      const shown = await list(person)
      const acts = [
        () => sendTo(context.admin, person, `round ${round}`),
        () => send(context.admin, { audience: { all: true }, message: `all ${round}` }),
        () =>
          person.http.post('/api/notifications/read', {
            id: random.pick([...shown.map(({ id }) => id), 'none']),
          }),
        () =>
          person.http.post('/api/notifications/unread', {
            id: random.pick([...shown.map(({ id }) => id), 'none']),
          }),
        () =>
          person.http.post(
            '/api/notifications/read-all',
            shown[0] && random.next() < 0.7 ? { upTo: shown[0].id } : {},
          ),
        () => person.http.delete(`/api/notifications/${random.pick([...shown.map(({ id }) => id), 'none'])}`),
        () => socket.ack('mark-all-notifications-read', person.id),
      ]
      const chosen = random.shuffled(acts).slice(0, random.int(2, acts.length))
      await Promise.all(chosen.map((act) => act()))
      const recount = (await listAll(person)).filter(({ readAt }) => readAt === null).length
      expect({ round, unread: await unread(person) }).toEqual({ round, unread: recount })
    }
  }, 120_000)

  it('read-all up to what was seen leaves unread what arrives meanwhile, every time', async () => {
    const person = await register(context.server)
    await sendTo(context.admin, person, 'first')
    for (let round = 0; round < 60; round++) {
      const [newest] = await list(person)
      const [, late] = await Promise.all([
        person.http.post('/api/notifications/read-all', { upTo: newest?.id }),
        sendTo(context.admin, person, `late ${round}`),
      ])
      const open = (await list(person)).filter(({ isRead }) => !isRead)
      expect(open.map(({ id }) => id)).toEqual([late.id])
      expect(await unread(person)).toBe(1)
    }
  }, 30_000)
})

describe('X36: rights that change while connected', () => {
  const patch = (id: string, json: object) =>
    context.admin.http.request('PATCH', `/api/users/${id}`, { json })

  it('a role that is given or taken works at once for open sockets, and decides what is seen from then on', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const toNurses = (message: string) => send(context.admin, { audience: { role: 'nurse' }, message })
    await toNurses('before')
    expectSuccess(await patch(person.id, { roles: ['user', 'nurse'] }))
    await toNurses('with the role')
    expectSuccess(await patch(person.id, { roles: ['user'] }))
    await toNurses('after')
    await fence(context.admin, person, socket)
    expect(messagesOf(heard(socket))).toEqual(['with the role'])
    const listed = (await listAll(person)).filter(({ message }) => !message.startsWith('fence-'))
    expect(messagesOf(listed)).toEqual(['with the role'])
  })

  it('an admin who is one no longer may not send any more, with the same token', async () => {
    const person = await register(context.server)
    expectSuccess(await patch(person.id, { roles: ['admin'] }))
    const body = { audience: { user: person.id }, message: 'x' }
    expectSuccess(await person.http.post('/api/notifications/send', body), 201)
    expectSuccess(await patch(person.id, { roles: ['user'] }))
    await expect
      .poll(async () => (await person.http.post('/api/notifications/send', body)).status, { timeout: 5_000 })
      .toBe(403)
  })

  it('a disabled account hears nothing from the moment that it is', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth, { reconnection: false })
    await fence(context.admin, person, socket)
    expectSuccess(await patch(person.id, { disabled: true }))
    await send(context.admin, { audience: { all: true }, message: 'too late' })
    await socket.turn('disconnect', 0, 5_000)
    expect(messagesOf(heard(socket))).not.toContain('too late')
  })

  it('a member who is taken out of a room amid a stream of sends hears none that was accepted after', async () => {
    const [room, person] = [freshName('room'), await register(context.server)]
    await context.admin.http.post('/api/rooms', { id: room })
    for (let round = 0; round < 20; round++) {
      await context.admin.http.put(`/api/rooms/${room}/members/${person.id}`)
      const socket = await connected(context.server, person.auth)
      const stream = pooled(Array.from({ length: 12 }), 3, (_, number) =>
        send(context.admin, { room, message: `round ${round} number ${number}` }),
      )
      await context.admin.http.delete(`/api/rooms/${room}/members/${person.id}`)
      const after = await send(context.admin, { room, message: `round ${round} after` })
      await stream
      await fence(context.admin, person, socket)
      const listed = new Set((await listAll(person)).map(({ id }) => id))
      expect(listed).not.toContain(after.id)
      const pushed = heard(socket).map(({ id }) => id)
      expect(pushed.filter((id) => !listed.has(id))).toEqual([])
      socket.close()
    }
  }, 40_000)

  it('a token that expires on an open socket ends it within 30 s', async () => {
    const person = await register(context.server)
    const now = Math.floor(Date.now() / 1_000)
    // Leeway is 60 s (security.md §6): this one is over in a second.
    const token = forgeToken(person.token, { secret: JWT_SECRET, payload: { iat: now - 600, exp: now - 58 } })
    const socket = await connected(context.server, { token }, { reconnection: false })
    await socket.turn('disconnect', 0, 30_000)
  }, 40_000)
})

describe('X39: 50 at once', () => {
  it('with one key over three audiences give one notification each, one push, and one reply', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    for (const audience of [{ user: person.id }, { users: [person.id] }, { all: true }]) {
      const body = { audience, message: freshName('once'), idempotencyKey: freshName('key') }
      const replies = await Promise.all(
        Array.from({ length: 50 }, () => context.admin.http.post('/api/notifications/send', body)),
      )
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
      await fence(context.admin, person, socket)
      expect((await listAll(person)).filter(({ message }) => message === body.message)).toHaveLength(1)
      expect(socket.all<Note>('notification').filter(({ message }) => message === body.message)).toHaveLength(
        1,
      )
    }
  })

  it('read-all, read and DELETE of the same notification by 50 at once is one change', async () => {
    const person = await register(context.server)
    const note = await sendTo(context.admin, person, 'shared')
    const reads = await Promise.all(
      Array.from({ length: 50 }, () => person.http.post('/api/notifications/read', { id: note.id })),
    )
    for (const reply of reads) expectSuccess(reply)
    const deletes = await Promise.all(
      Array.from({ length: 50 }, () => person.http.delete(`/api/notifications/${note.id}`)),
    )
    expect(deletes.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(deletes.filter(({ status }) => status === 404)).toHaveLength(49)
    expect(await unread(person)).toBe(0)
  })

  it('new users of the open mode become one user each', async () => {
    const server = await startServer({ env: { AUTH: 'open' } })
    try {
      const person = openPerson(server)
      await Promise.all(Array.from({ length: 50 }, (_, number) => sendTo(person, person, `number ${number}`)))
      expect(await unread(person)).toBe(50)
    } finally {
      await server.close()
    }
  })
})
