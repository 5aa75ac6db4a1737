/** contract.md §5: rooms. */
import { connected, freshName, list, messagesOf, register, send } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const rooms = (body: unknown) => context.admin.http.post('/api/rooms', body)
const path = (room: string, user: string) => `/api/rooms/${room}/members/${user}`

async function newRoom(): Promise<string> {
  const id = freshName('room')
  expectSuccess(await rooms({ id }), 201)
  return id
}

describe('POST /api/rooms', () => {
  it('makes a room and gives its id', async () => {
    const id = freshName('room')
    expect(expectSuccess(await rooms({ id }), 201).room).toMatchObject({ id })
  })

  it('takes every character of the id grammar, up to 128', async () => {
    for (const id of ['Az09_-.@|+', 'r'.repeat(128)]) {
      const reply = await rooms({ id })
      expect([201, 409]).toContain(reply.status)
    }
  })

  it('answers 409 already_exists the second time', async () => {
    const id = await newRoom()
    expectRefusal(await rooms({ id }), 409, 'already_exists')
  })

  for (const id of ['', 'a b', 'a:b', 'a/b', 'r'.repeat(129), 7, null, ['a'], undefined]) {
    it(`refuses the id ${JSON.stringify(id)?.slice(0, 20)}`, async () => {
      expectRefusal(await rooms({ id }), 400, 'validation_failed')
    })
  }
})

describe('members', () => {
  it('are put in and taken out again as often as one likes', async () => {
    const [room, person] = [await newRoom(), await register(context.server)]
    for (let times = 0; times < 2; times++) expectSuccess(await context.admin.http.put(path(room, person.id)))
    await send(context.admin, { audience: { room }, message: 'once' })
    expect(messagesOf(await list(person))).toEqual(['once'])
    for (let times = 0; times < 2; times++)
      expectSuccess(await context.admin.http.delete(path(room, person.id)))
    await send(context.admin, { audience: { room }, message: 'not any more' })
    expect(messagesOf(await list(person))).toEqual(['once'])
  })

  it('work at once for open sockets, in both directions', async () => {
    const [room, person] = [await newRoom(), await register(context.server)]
    const tabs = await Promise.all([
      connected(context.server, person.auth),
      connected(context.server, person.auth),
    ])
    expectSuccess(await context.admin.http.put(path(room, person.id)))
    await send(context.admin, { audience: { room }, message: 'inside' })
    expectSuccess(await context.admin.http.delete(path(room, person.id)))
    await send(context.admin, { audience: { room }, message: 'outside' })
    for (const tab of tabs) {
      await fence(context.admin, person, tab)
      expect(messagesOf(heard(tab))).toEqual(['inside'])
    }
  })

  it('answer 404 for an unknown room and for an unknown user', async () => {
    const [room, person] = [await newRoom(), await register(context.server)]
    for (const method of ['PUT', 'DELETE']) {
      expectRefusal(
        await context.admin.http.request(method, path('no-such-room', person.id)),
        404,
        'not_found',
      )
      expectRefusal(await context.admin.http.request(method, path(room, 'no-such-user')), 404, 'not_found')
    }
  })

  it('are changed by admins alone', async () => {
    const [room, person] = [await newRoom(), await register(context.server)]
    expectRefusal(await person.http.put(path(room, person.id)), 403, 'forbidden')
    expectRefusal(await person.http.post('/api/rooms', { id: freshName('room') }), 403, 'forbidden')
    await send(context.admin, { audience: { room }, message: 'for members' })
    expect(await list(person)).toEqual([])
  })
})
