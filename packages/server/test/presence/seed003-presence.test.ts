/** contract.md §7, "Seed 003 events": those about who is there and who writes, with unmodified clients. */
import { connected, openPerson, type Person, register, type SocketRecorder } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, seedPage } from '../support/chat-pages.ts'
import { expectRefusedAck } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const GRACE_S = 1
const modes: { name: string; env: Record<string, string> }[] = [
  { name: 'accounts', env: {} },
  { name: 'open', env: { AUTH: 'open' } },
]

interface Status {
  userId: string
  isOnline: boolean
  lastActive: string | null
}

describe.each(modes)('seed 003 in $name mode', ({ name, env }) => {
  const context = useServer({ env: { ...env, PRESENCE_GRACE_SECONDS: String(GRACE_S) } })
  let people = 0
  const person = async (): Promise<Person> =>
    name === 'open' ? openPerson(context.server, `user-${people++}`) : register(context.server)
  // In open mode the page names itself by what it emits.
  const page = (one: Person, chatId?: string) =>
    seedPage(context.server, name === 'open' ? { ...one, auth: {} } : one, chatId)

  const statusesOf = (socket: SocketRecorder, { id }: Person) =>
    socket.all<Status>('user-status-changed').filter(({ userId }) => userId === id)
  const status = (socket: SocketRecorder, one: Person, isOnline: boolean) =>
    socket.event<Status>(
      'user-status-changed',
      (said) => said.userId === one.id && said.isOnline === isOnline,
      4000,
    )

  it('user-join is told to those who share a chat, and to nobody else', async () => {
    const [ann, bob, carl] = [await person(), await person(), await person()]
    await chatOf(ann, bob)
    const [annPage, carlPage] = [await page(ann), await page(carl)]
    const bobPage = await page(bob)
    expect(await status(annPage, bob, true)).toEqual({
      userId: bob.id,
      isOnline: true,
      lastActive: expect.stringMatching(/:00\.000Z$/),
    })
    bobPage.close()
    const at = performance.now()
    expect(await status(annPage, bob, false)).toMatchObject({ lastActive: expect.any(String) })
    expect(performance.now() - at).toBeGreaterThan(GRACE_S * 1000 - 100)
    expect(statusesOf(annPage, bob)).toHaveLength(2)
    expect(carlPage.all('user-status-changed')).toEqual([])
  })

  it('a return within the grace, and a second tab, announce nothing', async () => {
    const [ann, bob] = [await person(), await person()]
    await chatOf(ann, bob)
    const annPage = await page(ann)
    const first = await page(bob)
    await status(annPage, bob, true)
    first.close()
    const second = await page(bob)
    await page(bob)
    second.close()
    await new Promise((resolve) => setTimeout(resolve, GRACE_S * 2000))
    expect(statusesOf(annPage, bob)).toHaveLength(1)
  })

  it('set-online-status shows as offline, and again as is', async () => {
    const [ann, bob] = [await person(), await person()]
    await chatOf(ann, bob)
    const annPage = await page(ann)
    const bobPage = await page(bob)
    await status(annPage, bob, true)
    expect(await bobPage.ack('set-online-status', { userId: bob.id, isOnline: false })).toMatchObject({
      ok: true,
    })
    await status(annPage, bob, false)
    expect(await bobPage.ack('set-online-status', { userId: bob.id, isOnline: true })).toMatchObject({
      ok: true,
    })
    await expect
      .poll(() => statusesOf(annPage, bob).map(({ isOnline }) => isOnline))
      .toEqual([true, false, true])
    expectRefusedAck(await bobPage.ack('set-online-status', { userId: ann.id, isOnline: false }), 'forbidden')
  })

  it('get-online-status answers the asker', async () => {
    const [ann, bob, carl] = [await person(), await person(), await person()]
    await chatOf(ann, bob)
    const annPage = await page(ann)
    const ask = async (one: Pick<Person, 'id'>) => {
      const { data } = await annPage.ack('get-online-status', one.id)
      expect(annPage.all('online-status').at(-1)).toEqual(data)
      return data
    }
    expect(await ask(bob)).toEqual({ userId: bob.id, isOnline: false, lastActive: null })
    const bobPage = await page(bob)
    expect(await ask(bob)).toMatchObject({ isOnline: true, lastActive: expect.any(String) })
    await page(carl)
    expect(await ask(carl)).toEqual({ userId: carl.id, isOnline: false, lastActive: null })
    expect(await ask({ id: 'never-heard-of' })).toEqual({
      ...{ userId: 'never-heard-of', isOnline: false, lastActive: null },
    })
    expect(bobPage.all('online-status')).toEqual([])
  })

  it('two who block each other see the other go, and hear nothing more', async () => {
    const [ann, bob] = [await person(), await person()]
    await chatOf(ann, bob)
    const annPage = await page(ann)
    const bobPage = await page(bob)
    await status(annPage, bob, true)
    await ann.http.put(`/api/blocks/${bob.id}`)
    expect(await status(annPage, bob, false)).toMatchObject({ lastActive: null })
    bobPage.close()
    await new Promise((resolve) => setTimeout(resolve, GRACE_S * 2000))
    expect(statusesOf(annPage, bob)).toHaveLength(2)
  })

  it('typing, in either shape, is told to joined sockets of the other members, each change once', async () => {
    const [ann, bob, carl] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob, carl)
    const [annPage, bobPage, carlPage] = [await page(ann, chatId), await page(bob, chatId), await page(carl)]
    annPage.emit('typing-start', { chatId })
    annPage.emit('typing-start', { chatId })
    annPage.emit('typing-stop', { chatId })
    annPage.emit('typing-start', { roomId: chatId, userId: ann.id })
    annPage.emit('typing-stop', { roomId: chatId, userId: ann.id })
    await annPage.ack('get-unread-count', ann.id)
    await expect.poll(() => bobPage.all('user-typing').length).toBe(4)
    expect(bobPage.all('user-typing')).toEqual(
      [true, false, true, false].map((isTyping) => ({ chatId, roomId: chatId, userId: ann.id, isTyping })),
    )
    for (const other of [annPage, carlPage]) expect(other.all('user-typing')).toEqual([])
  })

  it('typing ends with the message', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annPage, bobPage] = [await page(ann, chatId), await page(bob, chatId)]
    await annPage.ack('typing-start', { chatId })
    await annPage.ack('send-message', { chatId, content: 'here it is' })
    await expect
      .poll(() => bobPage.all<{ isTyping: boolean }>('user-typing').map(({ isTyping }) => isTyping))
      .toEqual([true, false])
  })

  it('typing of a stranger, or for somebody else, is forbidden, and nobody hears it', async () => {
    const [ann, bob, eve] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [bobPage, evePage] = [await page(bob, chatId), await page(eve)]
    for (const event of ['typing-start', 'typing-stop']) {
      expectRefusedAck(await evePage.ack(event, { chatId }), 'forbidden')
      expectRefusedAck(await evePage.ack(event, { chatId: 'no-such-chat' }), 'forbidden')
      expectRefusedAck(await bobPage.ack(event, { roomId: chatId, userId: ann.id }), 'forbidden')
      expectRefusedAck(await bobPage.ack(event, {}), 'validation_failed')
    }
    await bobPage.ack('get-unread-count', bob.id)
    expect(bobPage.all('user-typing')).toEqual([])
  })
})

describe('with the default settings', () => {
  const context = useServer()

  it('one who has left is shown for 15 s and not for 17', async () => {
    const [ann, bob] = [await register(context.server), await register(context.server)]
    await chatOf(ann, bob)
    const annPage = await seedPage(context.server, ann)
    const tab = await connected(context.server, bob.auth)
    await annPage.event('user-status-changed')
    tab.close()
    const at = performance.now()
    await annPage.event<Status>('user-status-changed', ({ isOnline }) => !isOnline, 18_000)
    expect(performance.now() - at).toBeGreaterThan(14_900)
    expect(performance.now() - at).toBeLessThan(17_000)
  }, 30_000)
})
