/** chat-presence.md §7, Typing, with native clients and seed 003's beside each other. */
import { type Person, register, type SocketRecorder } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, native, seedPage } from '../support/chat-pages.ts'
import { expectRefusedAck } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

interface Frame {
  chatId: string
  users: { userId: string; name: string }[]
  expiresInMs: number
}

const context = useServer()
const person = () => register(context.server)

/** A native socket that has the chat open. */
async function inChat(one: Person, chatId: string): Promise<SocketRecorder> {
  const socket = await native(context.server, one)
  expect(await socket.ack('openChat', { chatId })).toMatchObject({ ok: true })
  return socket
}

const nameOf = ({ email }: Person) => email.split('@')[0] ?? ''
const sets = (socket: SocketRecorder) =>
  socket.all<Frame>('typing').map(({ users }) => users.map(({ userId }) => userId))
const says = (socket: SocketRecorder) =>
  socket.all<{ userId: string; isTyping: boolean }>('user-typing').map(({ isTyping }) => isTyping)
const set = (socket: SocketRecorder, ...people: Person[]) =>
  socket.event<Frame>('typing', ({ users }) => {
    return JSON.stringify(users.map(({ userId }) => userId)) === JSON.stringify(people.map(({ id }) => id))
  })
/** Whatever was told before has arrived. */
const settled = (socket: SocketRecorder) => socket.ack('countNotifications', {})

describe('typing', () => {
  it('is told to the others who have the chat open, as the whole set, and never to the one who types', async () => {
    const [ann, bob, carl] = await Promise.all([person(), person(), person()])
    const chatId = await chatOf(ann, bob, carl)
    const [annTab, bobTab, carlTab] = await Promise.all([ann, bob, carl].map((one) => inChat(one, chatId)))
    if (!annTab || !bobTab || !carlTab) throw new Error('no tabs')
    const closed = await native(context.server, carl)
    await annTab.ack('startTyping', { chatId })
    expect(await set(carlTab, ann)).toEqual({
      chatId,
      users: [{ userId: ann.id, name: nameOf(ann) }],
      expiresInMs: expect.toSatisfy((ms: number) => ms > 7500 && ms <= 8000),
    })
    await bobTab.ack('startTyping', { chatId })
    await set(carlTab, ann, bob)
    await annTab.ack('stopTyping', { chatId })
    await set(carlTab, bob)
    await bobTab.ack('stopTyping', { chatId })
    await set(carlTab)
    for (const tab of [annTab, bobTab]) await settled(tab)
    expect(sets(carlTab)).toEqual([[ann.id], [ann.id, bob.id], [bob.id], []])
    expect(sets(annTab)).toEqual([[bob.id], []])
    expect(sets(bobTab)).toEqual([[ann.id], []])
    await settled(closed)
    expect(sets(closed)).toEqual([])
  })

  it('is told to who opens the chat meanwhile, and no longer to who has closed it', async () => {
    const [ann, bob] = await Promise.all([person(), person()])
    const chatId = await chatOf(ann, bob)
    const annTab = await inChat(ann, chatId)
    const bobTab = await inChat(bob, chatId)
    await annTab.ack('startTyping', { chatId })
    const later = await inChat(bob, chatId)
    await set(later, ann)
    expect(await bobTab.ack('closeChat', { chatId })).toMatchObject({ ok: true })
    await annTab.ack('stopTyping', { chatId })
    await set(later)
    await settled(bobTab)
    expect(sets(bobTab)).toEqual([[ann.id]])
  })

  it('ends with the message, with the socket, and with closing the chat', async () => {
    const [ann, bob] = await Promise.all([person(), person()])
    const chatId = await chatOf(ann, bob)
    const bobTab = await inChat(bob, chatId)
    const ends: ((tab: SocketRecorder) => unknown)[] = [
      (tab) => tab.ack('postMessage', { chatId, clientId: 'c1', content: 'hello', messageType: 'text' }),
      (tab) => tab.ack('closeChat', { chatId }),
      (tab) => tab.close(),
    ]
    for (const [index, end] of ends.entries()) {
      const annTab = await inChat(ann, chatId)
      await annTab.ack('startTyping', { chatId })
      await end(annTab)
      await expect.poll(() => sets(bobTab).length).toBe(2 * (index + 1))
      annTab.close()
    }
    expect(sets(bobTab)).toEqual([[ann.id], [], [ann.id], [], [ann.id], []])
  })

  it('ends when the one who types is removed', async () => {
    const [ann, bob, carl] = await Promise.all([person(), person(), person()])
    const chatId = await chatOf(ann, bob, carl)
    const [bobTab, carlTab] = [await inChat(bob, chatId), await inChat(carl, chatId)]
    await bobTab.ack('startTyping', { chatId })
    await set(carlTab, bob)
    expect(await ann.http.delete(`/api/chats/${chatId}/members/${bob.id}`)).toMatchObject({ status: 200 })
    await set(carlTab)
    // What follows is nothing for the one who was removed.
    await carlTab.ack('startTyping', { chatId })
    await settled(bobTab)
    expect(sets(bobTab)).toEqual([])
    expectRefusedAck(await bobTab.ack('startTyping', { chatId }), 'not_found')
  })

  it('ends by itself within 8 s, on every screen', async () => {
    const [ann, bob] = await Promise.all([person(), person()])
    const chatId = await chatOf(ann, bob)
    const [annTab, bobTab, page] = [
      await inChat(ann, chatId),
      await inChat(bob, chatId),
      await seedPage(context.server, bob, chatId),
    ]
    const at = performance.now()
    await annTab.ack('startTyping', { chatId })
    await bobTab.event<Frame>('typing', ({ users }) => users.length === 0, 9000)
    expect(performance.now() - at).toBeLessThan(8250)
    expect(performance.now() - at).toBeGreaterThan(7000)
    await expect.poll(() => says(page)).toEqual([true, false])
  }, 20_000)

  it('repeated within 2 s only extends', async () => {
    const [ann, bob] = await Promise.all([person(), person()])
    const chatId = await chatOf(ann, bob)
    const [annTab, bobTab] = [await inChat(ann, chatId), await inChat(bob, chatId)]
    for (let time = 0; time < 20; time++) await annTab.ack('startTyping', { chatId })
    await settled(bobTab)
    expect(sets(bobTab)).toEqual([[ann.id]])
  })

  it('is not told between two of whom one has blocked the other', async () => {
    const [ann, bob, carl] = await Promise.all([person(), person(), person()])
    const chatId = await chatOf(ann, bob, carl)
    const [annTab, bobTab, carlTab] = [
      await inChat(ann, chatId),
      await inChat(bob, chatId),
      await inChat(carl, chatId),
    ]
    await annTab.ack('startTyping', { chatId })
    await set(bobTab, ann)
    await bob.http.put(`/api/blocks/${ann.id}`)
    await set(bobTab)
    await annTab.ack('startTyping', { chatId })
    await bobTab.ack('startTyping', { chatId })
    await set(carlTab, ann, bob)
    for (const tab of [annTab, bobTab]) await settled(tab)
    expect(sets(bobTab)).toEqual([[ann.id], []])
    expect(sets(annTab)).toEqual([])
  })

  it('is for members who may write: strangers learn nothing, observers are refused', async () => {
    const [ann, bob, carl, dave] = await Promise.all([person(), person(), person(), person()])
    const chatId = await chatOf(ann, bob, carl)
    const path = `/api/chats/${chatId}/members/${carl.id}`
    expect(await ann.http.request('PATCH', path, { json: { role: 'observer' } })).toMatchObject({
      status: 200,
    })
    const bobTab = await inChat(bob, chatId)
    const [stranger, observer] = [await native(context.server, dave), await inChat(carl, chatId)]
    for (const command of ['startTyping', 'stopTyping']) {
      expectRefusedAck(await stranger.ack(command, { chatId }), 'not_found')
      expectRefusedAck(await stranger.ack(command, { chatId: 'no-such-chat' }), 'not_found')
      expectRefusedAck(await observer.ack(command, { chatId }), 'forbidden')
    }
    await settled(bobTab)
    expect(sets(bobTab)).toEqual([])
  })
})
