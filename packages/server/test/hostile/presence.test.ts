/** security.md §12, H2, H7, H8, H9 and H11 as far as they are about who is there and who types. */
import { connected, freshName, type Person, register, type SocketRecorder } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, native, seedPage } from '../support/chat-pages.ts'
import { expectRefusedAck } from '../support/expect.ts'
import { useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const person = () => register(context.server)

/** A chat of two with the page of one of them, and an outsider's page. */
async function scene() {
  const [ann, bob, eve] = await Promise.all([person(), person(), person()])
  const chatId = await chatOf(ann, bob)
  const [annPage, bobPage, evePage] = await Promise.all([
    seedPage(context.server, ann, chatId),
    seedPage(context.server, bob, chatId),
    seedPage(context.server, eve),
  ])
  return { ann, bob, eve, chatId, annPage, bobPage, evePage }
}

/** Whatever was told before has arrived. */
const settled = (page: SocketRecorder, one: Person) => page.ack('get-unread-count', one.id)
const heardOf = (socket: SocketRecorder) =>
  socket.events.map(({ name }) => name).filter((name) => !/^(unread-count|online-status)$/.test(name))

describe('H2: joining what is no chat of mine', () => {
  it('is refused under every name, and nothing is heard', async () => {
    const { ann, bob, eve, chatId, annPage, evePage } = await scene()
    const other = await connected(context.server, bob.auth)
    const names = [
      ...['user:2', `user:${bob.id}`, `room:${chatId}`, chatId, '*', '', 'all', 'x'.repeat(10_240)],
      ...[String(other.socket.id), [chatId], { chatId: [chatId] }, { $ne: null }, null, 7],
    ]
    await context.unchanged(async () => {
      for (const name of names) {
        const ack = await evePage.ack('join-chat', name)
        expect({ name, ack }).toMatchObject({
          ack: { ok: false, error: { code: expect.stringMatching(/^(forbidden|validation_failed)$/) } },
        })
      }
    })
    await annPage.ack('typing-start', { chatId })
    await annPage.ack('send-message', { chatId, content: 'between us' })
    await settled(annPage, ann)
    await settled(evePage, eve)
    expect(heardOf(evePage)).toEqual([])
  })

  it('nor does a native client hear of a chat that it may not open', async () => {
    const { eve, chatId, annPage } = await scene()
    const socket = await native(context.server, eve)
    await context.unchanged(async () => {
      for (const name of [chatId, 'no-such-chat'])
        expectRefusedAck(await socket.ack('openChat', { chatId: name }), 'not_found')
    })
    await annPage.ack('typing-start', { chatId })
    await socket.ack('countNotifications', {})
    expect(socket.all('typing')).toEqual([])
  })
})

describe('H7 H11: typing', () => {
  it('in a foreign chat or for another is forbidden, and nobody hears it', async () => {
    const { ann, bob, chatId, bobPage, evePage } = await scene()
    await context.unchanged(async () => {
      for (const event of ['typing-start', 'typing-stop']) {
        for (const place of [{ chatId }, { chatId: 'no-such-chat' }, { roomId: chatId }])
          expectRefusedAck(await evePage.ack(event, place), 'forbidden')
        expectRefusedAck(await evePage.ack(event, { roomId: chatId, userId: ann.id }), 'forbidden')
        expectRefusedAck(await bobPage.ack(event, { roomId: chatId, userId: ann.id }), 'forbidden')
        for (const place of [
          chatId,
          {},
          { chatId: '' },
          { chatId: '*' },
          { chatId, isTyping: true },
          [],
          null,
        ])
          expectRefusedAck(await evePage.ack(event, place), 'validation_failed')
      }
    })
    await settled(bobPage, bob)
    expect(bobPage.all('user-typing')).toEqual([])
  })

  it('1,000 times a second is heard once', async () => {
    const { ann, bob, chatId, annPage, bobPage } = await scene()
    await context.unchanged(async () => {
      for (let time = 0; time < 1000; time++) annPage.emit('typing-start', { chatId })
      await settled(annPage, ann)
    })
    await settled(bobPage, bob)
    const said = bobPage.all<{ isTyping: boolean }>('user-typing').map(({ isTyping }) => isTyping)
    // The canary takes a moment, in which nobody has typed any more.
    expect(said.slice(0, 1)).toEqual([true])
    expect(said.length).toBeLessThanOrEqual(2)
  })
})

describe('H8: the status of another, and flipping', () => {
  it('of another is forbidden', async () => {
    const { ann, bob, annPage, evePage } = await scene()
    await context.unchanged(async () => {
      for (const socket of [evePage, annPage])
        expectRefusedAck(
          await socket.ack('set-online-status', { userId: bob.id, isOnline: false }),
          'forbidden',
        )
      for (const wish of [{}, { userId: ann.id }, { userId: ann.id, isOnline: 'no' }, { isOnline: 1 }, null])
        expectRefusedAck(await annPage.ack('set-online-status', wish), 'validation_failed')
    })
    expect((await annPage.ack('get-online-status', bob.id)).data).toMatchObject({ isOnline: true })
  })

  describe('with limits', () => {
    const limited = useHostileServer({ env: { RATE_LIMIT: undefined } })

    it('100 flips a second are rate_limited, and others are served', async () => {
      const page = await seedPage(limited.server, limited.user)
      const codes = await limited.survive(async () => {
        const flips = Array.from({ length: 400 }, (_, index) =>
          page.ack('set-online-status', { userId: limited.user.id, isOnline: index % 2 === 0 }),
        )
        return (await Promise.all(flips)).map(({ ok, error }) => (ok ? 'ok' : error?.code))
      })
      expect(new Set(codes)).toEqual(new Set(['ok', 'rate_limited']))
    })
  })
})

describe('H9: presence of everybody', () => {
  it('is asked of 100 people at once and no more', async () => {
    const socket = await native(context.server, context.user)
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index.toString(36))
    await context.unchanged(async () => {
      for (const command of ['getPresence', 'watchPresence', 'unwatchPresence']) {
        for (const userIds of [ids(10_000), ids(101), [], 'a:b', [''], ['a:b'], [{ $ne: null }], null])
          expectRefusedAck(await socket.ack(command, { userIds }), 'validation_failed')
        expect(await socket.ack(command, { userIds: ids(100) })).toMatchObject({ ok: true })
      }
    })
  })

  it('of strangers is that of nobody, however it is asked for', async () => {
    const { ann, evePage, eve } = await scene()
    const socket = await native(context.server, eve)
    const nobody = { status: 'offline', isOnline: false, lastActive: null, version: 0 }
    const unknown = freshName()
    await context.unchanged(async () => {
      for (const userId of [ann.id, unknown]) {
        for (const command of ['getPresence', 'watchPresence'])
          expect((await socket.ack(command, { userIds: [userId] })).data).toEqual({
            presence: [{ userId, ...nobody }],
          })
        expect((await evePage.ack('get-online-status', userId)).data).toEqual({
          ...{ userId, isOnline: false, lastActive: null },
        })
      }
      const { body } = await eve.http.get(`/api/presence?userIds=${ann.id},${unknown}`)
      expect(body).toMatchObject({ presence: [nobody, nobody] })
    })
  })
})
