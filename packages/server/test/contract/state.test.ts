/** contract.md §4: read, unread, read-all, delete, and what they do to the count. */
import { list, listAll, type Note, type Person, register, send, sendTo, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNote, expectRefusal, expectSuccess, TIME } from '../support/expect.ts'
import { nextMillisecond } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

async function personWith(...messages: string[]): Promise<{ person: Person; notes: Note[] }> {
  const person = await register(context.server)
  const notes: Note[] = []
  for (const message of messages) notes.push(await sendTo(context.admin, person, message))
  return { person, notes }
}
const read = (person: Person, id: unknown) => person.http.post('/api/notifications/read', { id })
const markUnread = (person: Person, id: unknown) => person.http.post('/api/notifications/unread', { id })
const readAll = (person: Person, body: object = {}) => person.http.post('/api/notifications/read-all', body)
const remove = (person: Person, id: string) => person.http.delete(`/api/notifications/${id}`)
const unreadMessages = async (person: Person) =>
  (await listAll(person)).filter(({ readAt }) => readAt === null).map(({ message }) => message)

describe('read and unread', () => {
  it('read sets readAt, which keeps its first value on repeats', async () => {
    const { person, notes } = await personWith('a', 'b')
    expectSuccess(await read(person, notes[0]?.id))
    const first = (await list(person)).at(-1)
    expect(first?.readAt).toMatch(TIME)
    await nextMillisecond()
    expectSuccess(await read(person, notes[0]?.id))
    expect((await list(person)).at(-1)?.readAt).toBe(first?.readAt)
    expect(await unread(person)).toBe(1)
  })

  it('unread makes readAt null, also twice, and the count follows', async () => {
    const { person, notes } = await personWith('a')
    await read(person, notes[0]?.id)
    expect(await unread(person)).toBe(0)
    for (let times = 0; times < 2; times++) {
      expectSuccess(await markUnread(person, notes[0]?.id))
      const [note] = await list(person)
      expect(note).toMatchObject({ readAt: null, is_read: false, isRead: false })
      expect(await unread(person)).toBe(1)
    }
  })

  it('show in every spelling of the list', async () => {
    const { person, notes } = await personWith('a')
    await read(person, notes[0]?.id)
    const [note] = await list(person)
    expectNote(note as Note)
    expect(note).toMatchObject({ is_read: true, isRead: true })
  })
})

describe('read-all', () => {
  it('marks everything accepted before the call, each with a readAt', async () => {
    const { person } = await personWith('a', 'b')
    await send(context.admin, { audience: { all: true }, message: 'c' })
    expectSuccess(await readAll(person))
    expect(await unread(person)).toBe(0)
    for (const note of await listAll(person)) expect(note.readAt).toMatch(TIME)
  })

  it('does not mark what comes later', async () => {
    const { person } = await personWith('a')
    await readAll(person)
    await sendTo(context.admin, person, 'later')
    expect(await unreadMessages(person)).toEqual(['later'])
    expect(await unread(person)).toBe(1)
  })

  it('with upTo marks that one and everything before it in the list order', async () => {
    const { person, notes } = await personWith('a', 'b', 'c', 'd')
    expectSuccess(await readAll(person, { upTo: notes[1]?.id }))
    expect(await unreadMessages(person)).toEqual(['d', 'c'])
    expect(await unread(person)).toBe(2)
  })

  it('with upTo holds across user, role, room and broadcast', async () => {
    const person = await register(context.server, { role: 'patient' })
    await sendTo(context.admin, person, 'a')
    await send(context.admin, { audience: { all: true }, message: 'b' })
    const upTo = await send(context.admin, { audience: { role: 'patient' }, message: 'c' })
    await sendTo(context.admin, person, 'd')
    await send(context.admin, { audience: { all: true }, message: 'e' })
    expectSuccess(await readAll(person, { upTo: upTo.id }))
    expect(await unreadMessages(person)).toEqual(['e', 'd'])
    expect(await unread(person)).toBe(2)
  })

  it('keeps the readAt of what was read before', async () => {
    const { person, notes } = await personWith('a', 'b')
    await read(person, notes[0]?.id)
    const before = (await list(person)).at(-1)?.readAt
    await nextMillisecond()
    await readAll(person)
    expect((await list(person)).at(-1)?.readAt).toBe(before)
  })

  it('leaves room for one below the line to be unread again', async () => {
    const { person, notes } = await personWith('a', 'b', 'c')
    await readAll(person)
    await markUnread(person, notes[1]?.id)
    expect(await unreadMessages(person)).toEqual(['b'])
    expect(await unread(person)).toBe(1)
    await readAll(person)
    expect(await unread(person)).toBe(0)
  })

  it('is a success for a user who has nothing', async () => {
    expectSuccess(await readAll(await register(context.server)))
  })
})

describe('DELETE', () => {
  it('takes it from the list and the count for good', async () => {
    const { person, notes } = await personWith('a', 'b')
    expectSuccess(await remove(person, notes[0]?.id ?? ''))
    expect((await list(person)).map(({ message }) => message)).toEqual(['b'])
    expect(await unread(person)).toBe(1)
    await readAll(person)
    await sendTo(context.admin, person, 'c')
    expect((await list(person)).map(({ message }) => message)).toEqual(['c', 'b'])
  })

  it('is for the caller alone', async () => {
    const people = await Promise.all([register(context.server), register(context.server)])
    const [a, b] = people as [Person, Person]
    const note = await send(context.admin, { audience: { all: true }, message: 'shared' })
    expectSuccess(await remove(a, note.id))
    expect(await list(a)).toEqual([])
    expect(await list(b)).toMatchObject([{ message: 'shared' }])
  })
})

describe("an id that is unknown, deleted or not the caller's", () => {
  it('is answered 404 by read, unread, read-all and DELETE, and nothing changes', async () => {
    const { person, notes } = await personWith('mine', 'gone')
    const { person: other, notes: others } = await personWith('theirs')
    await remove(person, notes[1]?.id ?? '')
    const before = { mine: await listAll(person), theirs: await listAll(other) }
    for (const id of ['unknown-id', notes[1]?.id ?? '', others[0]?.id ?? '']) {
      expectRefusal(await read(person, id), 404, 'not_found')
      expectRefusal(await markUnread(person, id), 404, 'not_found')
      expectRefusal(await readAll(person, { upTo: id }), 404, 'not_found')
      expectRefusal(await remove(person, id), 404, 'not_found')
    }
    expect({ mine: await listAll(person), theirs: await listAll(other) }).toEqual(before)
    expect(await unread(person)).toBe(1)
    expect(await unread(other)).toBe(1)
  })

  it('is answered 404 for a broadcast that was sent before the caller registered', async () => {
    const note = await send(context.admin, { audience: { all: true }, message: 'too early' })
    const person = await register(context.server)
    expectRefusal(await read(person, note.id), 404, 'not_found')
    expectRefusal(await remove(person, note.id), 404, 'not_found')
  })
})
