/** contract.md §4, "Meaning": the numbered sentences, for lists, counts and pushes alike. */
import {
  connected,
  freshName,
  isStoreShared,
  list,
  listAll,
  messagesOf,
  type Note,
  type Person,
  register,
  send,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectSuccess } from '../support/expect.ts'
import { fence, heard } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const member = (method: 'PUT' | 'DELETE', room: string, person: Person) =>
  context.admin.http.request(method, `/api/rooms/${room}/members/${person.id}`)

async function newRoom(): Promise<string> {
  const id = freshName('room')
  expectSuccess(await context.admin.http.post('/api/rooms', { id }), 201)
  return id
}

/** List, count and push must say the same. */
async function expectEverywhere(
  person: Person,
  socket: Awaited<ReturnType<typeof connected>>,
  messages: string[],
) {
  await fence(context.admin, person, socket)
  const listed = (await listAll(person)).filter(({ message }) => !message.startsWith('fence-'))
  const fences = (await listAll(person)).length - listed.length
  expect(messagesOf(listed)).toEqual(messages.toReversed())
  expect(await unread(person)).toBe(messages.length + fences)
  expect(messagesOf(heard(socket))).toEqual(messages)
}

describe('1. who gets it is decided when it is accepted', () => {
  it('a role means everyone who has it then; who registers later does not see it', async () => {
    const [patient, user] = [
      await register(context.server, { role: 'patient' }),
      await register(context.server),
    ]
    const sockets = await Promise.all([patient, user].map((person) => connected(context.server, person.auth)))
    await send(context.admin, { audience: { role: 'patient' }, message: 'to patients' })
    const later = await register(context.server, { role: 'patient' })
    const laterSocket = await connected(context.server, later.auth)
    await expectEverywhere(patient, sockets[0] as never, ['to patients'])
    await expectEverywhere(user, sockets[1] as never, [])
    await expectEverywhere(later, laterSocket, [])
  })

  it('all means every account then; who registers later does not see it', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    await send(context.admin, { audience: { all: true }, message: 'to all' })
    const later = await register(context.server)
    await expectEverywhere(person, socket, ['to all'])
    await expectEverywhere(later, await connected(context.server, later.auth), [])
  })

  it('a room means its members then: no older ones for who joins, none meanwhile for who left and came back', async () => {
    const room = await newRoom()
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const toRoom = (message: string) => send(context.admin, { audience: { room }, message })
    await toRoom('before joining')
    expectSuccess(await member('PUT', room, person))
    await toRoom('first stay')
    expectSuccess(await member('DELETE', room, person))
    await toRoom('while away')
    expectSuccess(await member('PUT', room, person))
    await toRoom('second stay')
    await expectEverywhere(person, socket, ['first stay', 'second stay'])
  })

  it('who leaves a room keeps what was received, and may still read and delete it', async () => {
    const room = await newRoom()
    const person = await register(context.server)
    await member('PUT', room, person)
    const [kept, gone] = [
      await send(context.admin, { audience: { room }, message: 'kept' }),
      await send(context.admin, { audience: { room }, message: 'gone' }),
    ]
    await member('DELETE', room, person)
    expect(messagesOf(await list(person))).toEqual(['gone', 'kept'])
    expectSuccess(await person.http.post('/api/notifications/read', { id: kept.id }))
    expectSuccess(await person.http.delete(`/api/notifications/${gone.id}`))
    expect(await list(person)).toMatchObject([{ message: 'kept', isRead: true }])
    expect(await unread(person)).toBe(0)
  })
})

describe('2. order is the order of acceptance, newest first', () => {
  it('also within one millisecond, across audiences, and the same for lists and pushes', async () => {
    const person = await register(context.server, { role: 'patient' })
    const socket = await connected(context.server, person.auth)
    const audiences = [{ user: person.id }, { all: true }, { role: 'patient' }]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        send(context.admin, { audience: audiences[index % 3], message: `number ${index}` }),
      ),
    )
    await fence(context.admin, person, socket)
    const listed = (await listAll(person)).filter(({ message }) => !message.startsWith('fence-'))
    expect(listed).toHaveLength(60)
    const [pushed, ids] = [heard(socket).map(({ id }) => id), listed.map(({ id }) => id).toReversed()]
    expect(ids).toEqual(ids.toSorted())
    // Over a store with several writers, what different audiences get within milliseconds may come in another order.
    expect(isStoreShared ? pushed.toSorted() : pushed).toEqual(ids)
  })

  it('and never runs backwards in createdAt', async () => {
    const person = await register(context.server)
    for (let index = 0; index < 10; index++) await sendTo(context.admin, person, `number ${index}`)
    const times = (await list(person)).map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
  })
})

describe('3. state is per user, also for one broadcast', () => {
  it('one reads it, one deletes it, one marks all, one does nothing', async () => {
    const people = await Promise.all([0, 1, 2, 3].map(() => register(context.server)))
    const [reads, deletes, marksAll, idle] = people as [Person, Person, Person, Person]
    const note = await send(context.admin, { audience: { all: true }, message: 'one for four' })
    await reads.http.post('/api/notifications/read', { id: note.id })
    await deletes.http.delete(`/api/notifications/${note.id}`)
    await marksAll.http.post('/api/notifications/read-all', {})
    expect(await list(reads)).toMatchObject([{ isRead: true }])
    expect(await list(deletes)).toEqual([])
    expect(await list(marksAll)).toMatchObject([{ isRead: true }])
    expect(await list(idle)).toMatchObject([{ isRead: false }])
    expect(await Promise.all(people.map(unread))).toEqual([0, 0, 0, 1])
  })

  it('a deleted one never comes back, not even by a catch-up', async () => {
    const person = await register(context.server)
    const note = await sendTo(context.admin, person, 'gone')
    await person.http.delete(`/api/notifications/${note.id}`)
    const socket = await connected(context.server, person.auth)
    socket.emit('register_user', person.id)
    await fence(context.admin, person, socket, 'send_notification')
    expect(heard(socket, 'send_notification')).toEqual([])
    expect((await list(person)).map(({ id }) => id)).not.toContain(note.id)
  })
})

describe('6. status', () => {
  const statusOf = async (person: Person, id: string) =>
    (await listAll(person)).find((note) => note.id === id)?.status

  it('is pending until a connected socket was handed it; REST reads do not change it', async () => {
    const person = await register(context.server)
    const note = await sendTo(context.admin, person, 'nobody is there')
    for (let times = 0; times < 2; times++) expect(await statusOf(person, note.id)).toBe('pending')
  })

  it('is delivered once a connected socket was handed it', async () => {
    const person = await register(context.server)
    const socket = await connected(context.server, person.auth)
    const note = await sendTo(context.admin, person, 'somebody is there')
    await socket.event<Note>('notification', ({ id }) => id === note.id)
    await expect.poll(() => statusOf(person, note.id)).toBe('delivered')
  })

  it('is per user for a broadcast: delivered for who is connected, pending for who is not', async () => {
    const [online, offline] = await Promise.all([register(context.server), register(context.server)])
    const socket = await connected(context.server, online.auth)
    const note = await send(context.admin, { audience: { all: true }, message: 'to both' })
    await socket.event<Note>('notification', ({ id }) => id === note.id)
    await expect.poll(() => statusOf(online, note.id)).toBe('delivered')
    expect(await statusOf(offline, note.id)).toBe('pending')
  })
})
