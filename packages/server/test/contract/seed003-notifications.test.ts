/** contract.md §7, "Seed 003 events": those about notifications. Chat and presence have files of their own. */
import {
  connected,
  list,
  type Note,
  type Person,
  register,
  type SocketRecorder,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedAck } from '../support/expect.ts'
import { fence } from '../support/hearing.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()

async function joined(person: Person): Promise<SocketRecorder> {
  const socket = await connected(context.server, person.auth)
  socket.emit('user-join', person.id)
  await socket.ack('join-notifications', person.id)
  return socket
}

describe('mark-notification-read', () => {
  it('reads it, and all sockets of the user hear notification-read', async () => {
    const person = await register(context.server)
    const tabs = await Promise.all([joined(person), joined(person)])
    const note = await sendTo(context.admin, person, 'to be read')
    expect(await tabs[0].ack('mark-notification-read', { notificationId: note.id })).toMatchObject({
      ok: true,
    })
    for (const tab of tabs)
      expect(await tab.event('notification-read')).toMatchObject({ notificationId: note.id })
    expect(await list(person)).toMatchObject([{ id: note.id, isRead: true }])
    expect(await unread(person)).toBe(0)
  })

  it("of one that is not the user's is not_found, changes nothing, and nobody hears anything", async () => {
    const [person, other] = await Promise.all([register(context.server), register(context.server)])
    const [mine, theirs] = await Promise.all([joined(person), joined(other)])
    const note = await sendTo(context.admin, other, 'theirs')
    expectRefusedAck(await mine.ack('mark-notification-read', { notificationId: note.id }), 'not_found')
    expectRefusedAck(await mine.ack('mark-notification-read', { notificationId: 'unknown' }), 'not_found')
    await fence(context.admin, person, mine, 'new-notification')
    await fence(context.admin, other, theirs, 'new-notification')
    expect([...mine.all('notification-read'), ...theirs.all('notification-read')]).toEqual([])
    expect((await list(other)).find(({ id }) => id === note.id)).toMatchObject({ isRead: false })
  })
})

describe('mark-all-notifications-read', () => {
  it('reads all so far, and all sockets of the user hear all-notifications-read', async () => {
    const person = await register(context.server)
    const tabs = await Promise.all([joined(person), joined(person)])
    for (const message of ['a', 'b']) await sendTo(context.admin, person, message)
    tabs[1].emit('mark-all-notifications-read', person.id)
    for (const tab of tabs) await tab.event('all-notifications-read')
    expect(await unread(person)).toBe(0)
    const note = await sendTo(context.admin, person, 'later')
    await tabs[0].event<Note>('new-notification', ({ id }) => id === note.id)
    expect(await unread(person)).toBe(1)
  })
})

describe('get-unread-count', () => {
  it('answers the asker alone with the exact count', async () => {
    const person = await register(context.server)
    const [asker, other] = await Promise.all([joined(person), joined(person)])
    for (let number = 0; number < 60; number++) await sendTo(context.admin, person, `number ${number}`)
    asker.emit('get-unread-count', person.id)
    expect(await asker.event('unread-count')).toEqual({ count: 60 })
    await fence(context.admin, person, other, 'new-notification')
    expect(other.all('unread-count')).toEqual([])
  })
})

describe("an id that is not the socket's", () => {
  for (const event of [
    'user-join',
    'join-notifications',
    'register_user',
    'mark-all-notifications-read',
    'get-unread-count',
  ]) {
    it(`is forbidden in ${event}, and has no effect`, async () => {
      const [person, other] = await Promise.all([register(context.server), register(context.server)])
      const note = await sendTo(context.admin, other, 'for the other')
      const socket = await connected(context.server, person.auth)
      expectRefusedAck(await socket.ack(event, other.id), 'forbidden')
      await fence(context.admin, person, socket)
      const names = new Set(socket.events.map(({ name }) => name))
      for (const name of [
        'new-notification',
        'send_notification',
        'unread-count',
        'all-notifications-read',
      ]) {
        expect(names).not.toContain(name)
      }
      expect(await list(other)).toMatchObject([{ id: note.id, isRead: false, status: 'pending' }])
    })
  }
})
