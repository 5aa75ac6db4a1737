import { describe, expect, it } from 'vitest'
import { refusal, withPeople } from '../accounts/test/with-people.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
const { run, person, entries, dump } = open
const { actor: admin } = await open.admin()
const messages = async (actor: typeof admin) => {
  const { notifications } = await run('listNotifications', {}, actor)
  return notifications.map(({ message }: { message: string }) => message)
}

describe('rooms', () => {
  it('are made once', async () => {
    expect(await run('createRoom', { id: 'Az09_-.@|+' }, admin)).toEqual({ room: { id: 'Az09_-.@|+' } })
    const before = dump()
    expect(await refusal(run('createRoom', { id: 'Az09_-.@|+' }, admin))).toMatchObject({
      code: 'already_exists',
    })
    expect(dump()).toBe(before)
  })

  it('tell members what was sent while they were in, and nothing else', async () => {
    const { id: userId, actor } = await person()
    await run('createRoom', { id: 'ward' }, admin)
    const send = (message: string) => run('notify', { audience: { room: 'ward' }, message }, admin)
    await send('before')
    await run('addRoomMember', { id: 'ward', userId }, admin)
    await send('inside')
    await run('removeRoomMember', { id: 'ward', userId }, admin)
    await send('outside')
    await run('addRoomMember', { id: 'ward', userId }, admin)
    await send('back')
    expect(await messages(actor)).toEqual(['back', 'inside'])
  })

  it('put a member in or out once, with one entry each', async () => {
    const { id: userId } = await person()
    await run('createRoom', { id: 'once' }, admin)
    const from = entries.length
    for (let times = 0; times < 2; times++) await run('addRoomMember', { id: 'once', userId }, admin)
    for (let times = 0; times < 2; times++) await run('removeRoomMember', { id: 'once', userId }, admin)
    expect(entries.slice(from).map(({ topic, kind, data }) => ({ topic, kind, data }))).toEqual([
      { topic: `user:${userId}`, kind: 'topic.joined', data: { topic: 'room:once', offset: 1 } },
      { topic: `user:${userId}`, kind: 'topic.left', data: { topic: 'room:once', offset: 1 } },
    ])
  })

  it('answer not_found for an unknown room, and for an unknown or deleted user', async () => {
    const gone = await person()
    await run('deleteUser', { id: gone.id }, admin)
    const { id: userId } = await person()
    await run('createRoom', { id: 'known' }, admin)
    const before = dump()
    for (const name of ['addRoomMember', 'removeRoomMember'] as const) {
      for (const input of [
        { id: 'unknown', userId },
        { id: 'known', userId: 'nobody' },
        { id: 'known', userId: gone.id },
      ]) {
        expect(await refusal(run(name, input, admin))).toMatchObject({ code: 'not_found' })
      }
    }
    expect(dump()).toBe(before)
  })

  it('J3 named like a user, a role or everyone stay apart', async () => {
    const { id, actor } = await person()
    for (const room of [id, 'user', 'all', 'admin']) {
      await run('createRoom', { id: room }, admin)
      await run('notify', { audience: { room }, message: `room ${room}` }, admin)
    }
    expect(await messages(actor)).toEqual([])
  })

  it('are at most 1 000 for one user', async () => {
    const { id: userId } = await person()
    const ids = Array.from({ length: 1001 }, (_, number) => `many-${number}`)
    await Promise.all(ids.map((id) => run('createRoom', { id }, admin)))
    await Promise.all(ids.slice(1).map((id) => run('addRoomMember', { id, userId }, admin)))
    expect(await refusal(run('addRoomMember', { id: 'many-0', userId }, admin))).toMatchObject({
      code: 'forbidden',
    })
    await run('removeRoomMember', { id: 'many-1', userId }, admin)
    await run('addRoomMember', { id: 'many-0', userId }, admin)
  })

  it('are for admins', async () => {
    const { actor, id: userId } = await person()
    expect(await refusal(run('createRoom', { id: 'mine' }, actor))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(run('addRoomMember', { id: 'known', userId }, actor))).toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('rooms in open mode', () => {
  it('take in whoever is named', async () => {
    const { run: runOpen, people } = await withPeople({ AUTH: 'open' })
    await runOpen('createRoom', { id: 'lobby' }, { kind: 'open' })
    await runOpen('addRoomMember', { id: 'lobby', userId: 'new' }, { kind: 'open' })
    await runOpen('notify', { audience: { room: 'lobby' }, message: 'hello' }, { kind: 'open' })
    const { actor } = await people.name('new')
    expect(await runOpen('countNotifications', {}, actor)).toMatchObject({ unread: 1 })
  })
})
