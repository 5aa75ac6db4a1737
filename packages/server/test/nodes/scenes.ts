import type { Entry, NoticeFrame, Presence } from '@belfry/protocol'
import {
  admin,
  type BelfryServer,
  connected,
  http,
  login,
  register,
  type SocketRecorder,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, native, seedPage } from '../support/chat-pages.ts'
import { newChat, say, textsOf } from '../support/chats.ts'

/** Source: reliability.md, T_live. */
export const LIVE_MS = 1000
export const LIVE_WITHOUT_BUS_MS = 6000
/** Source: reliability.md, V7. */
const RIGHTS_MS = 5000

/** As many as a snapshot holds: whoever comes last is given them all. */
const WRITTEN = 50

export interface ScenesOptions {
  nodes: readonly BelfryServer[]
  /** How late what another node has accepted may be. */
  withinMs: number
  /** Whether what is kept nowhere, such as who types, comes over. */
  hasBus: boolean
}

/** What people on different nodes see of each other. */
export function scenes({ nodes, withinMs, hasBus }: ScenesOptions): void {
  const node = (index: number) => nodes[index % nodes.length] as BelfryServer
  /** The same person on both nodes. */
  const person = async () => {
    const here = await register(node(0))
    return { here, there: { ...here, http: http(node(1), here.token) } }
  }

  describe('a notification', () => {
    it('is there once, with exact numbers, for a user whose sockets are on another node than the sender', async () => {
      const { here, there } = await person()
      const [phone, desk] = [await native(node(0), here), await native(node(1), there)]
      const page = await seedPage(node(1), there)
      await sendTo(await admin(node(0)), here, 'hello')
      for (const socket of [phone, desk])
        await socket.event<{ entries: Entry[] }>(
          'entries',
          ({ entries }) => entries.some(({ kind }) => kind === 'item.created'),
          withinMs,
        )
      await page.event('new-notification', undefined, withinMs)
      expect(page.all('new-notification')).toHaveLength(1)
      await there.http.post('/api/notifications/read-all', {})
      await phone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) => entries.some(({ kind }) => kind === 'inbox.read'),
        withinMs,
      )
      expect([await unread(here), await unread(there)]).toEqual([0, 0])
    })
  })

  describe('a chat', () => {
    it('goes on over two nodes: messages in one order, notices, numbers and what was read', async () => {
      const [ann, bob] = [(await person()).here, (await person()).there]
      const chatId = await chatOf(ann, bob)
      const [annPhone, bobPhone] = [await native(node(0), ann), await native(node(1), bob)]
      for (const [index, from] of [ann, bob, ann, bob].entries()) await say(from, chatId, `m${index}`)
      await bobPhone.event<NoticeFrame>('notice', ({ preview }) => preview === 'm2', withinMs)
      await annPhone.event<NoticeFrame>('notice', ({ preview }) => preview === 'm3', withinMs)
      const texts = (socket: typeof annPhone) =>
        socket
          .all<{ entries: Entry[] }>('entries')
          .flatMap(({ entries }) => entries)
          .flatMap((entry) => (entry.kind === 'message.posted' ? [entry.data.content] : []))
      await expect.poll(() => texts(bobPhone), { timeout: withinMs }).toEqual(['m0', 'm1', 'm2', 'm3'])
      await expect.poll(() => texts(annPhone), { timeout: withinMs }).toEqual(['m0', 'm1', 'm2', 'm3'])
      expect(await textsOf(ann, chatId)).toEqual(await textsOf(bob, chatId))
      await annPhone.ack('markChatRead', { chatId, upToSeq: 4 })
      await bobPhone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) =>
          entries.some(
            (entry) =>
              entry.kind === 'receipts.moved' &&
              entry.data.members.some((one) => one.userId === ann.id && one.lastReadSeq === 4),
          ),
        withinMs + 500,
      )
    })

    it('that begins while both are connected is heard by both', async () => {
      const [ann, bob] = [(await person()).here, (await person()).there]
      const bobPhone = await native(node(1), bob)
      const chatId = await chatOf(ann, bob)
      await say(ann, chatId, 'first')
      const { unread: numbers } = await bobPhone.event<NoticeFrame>(
        'notice',
        (one) => one.chatId === chatId,
        withinMs * 2,
      )
      expect(numbers).toMatchObject({ chat: 1, total: 1, chats: 1 })
    })

    it.skipIf(!hasBus)('shows who is there and who types on another node', async () => {
      const [ann, bob] = [(await person()).here, (await person()).there]
      const chatId = await chatOf(ann, bob)
      const bobPhone = await native(node(1), bob)
      await bobPhone.ack('watchPresence', { userIds: [ann.id] })
      await bobPhone.ack('openChat', { chatId })
      const annPhone = await native(node(0), ann)
      await bobPhone.event<{ changes: Presence[] }>(
        'presence',
        ({ changes }) => changes.some((one) => one.userId === ann.id && one.isOnline),
        2 * LIVE_MS,
      )
      await annPhone.ack('startTyping', { chatId })
      await bobPhone.event<{ users: { userId: string }[] }>(
        'typing',
        ({ users }) => users.some(({ userId }) => userId === ann.id),
        LIVE_MS,
      )
    })
  })

  describe('rights that end on one node end on the other', () => {
    it('sessions: the socket is closed, and the token no longer taken', async () => {
      const { here, there } = await person()
      const other = await login(node(1), here.email, here.password)
      const [ended, kept] = [await native(node(1), there), await native(node(1), other)]
      expect((await there.http.get('/api/notifications')).status).toBe(200)
      await here.http.post('/api/auth/logout', {})
      await ended.turn('disconnect', 0, RIGHTS_MS)
      await expect
        .poll(async () => (await there.http.get('/api/notifications')).status, { timeout: RIGHTS_MS })
        .toBe(401)
      expect(kept.socket.connected).toBe(true)
      expect((await http(node(1), other.token).get('/api/notifications')).status).toBe(200)
    })

    it('accounts: who is disabled is out, with all sessions', async () => {
      const { here, there } = await person()
      const phone = await native(node(1), there)
      expect((await there.http.get('/api/notifications')).status).toBe(200)
      await (await admin(node(0))).http.request('PATCH', `/api/users/${here.id}`, {
        json: { disabled: true },
      })
      await phone.turn('disconnect', 0, RIGHTS_MS)
      await expect
        .poll(async () => (await there.http.get('/api/notifications')).status, { timeout: RIGHTS_MS })
        .toBe(401)
    })

    it('roles: what a new role may, and an old one may no longer', async () => {
      const { here, there } = await person()
      const boss = await admin(node(0))
      const setRoles = (roles: string[]) =>
        boss.http.request('PATCH', `/api/users/${here.id}`, { json: { roles } })
      const send = async () =>
        (await there.http.post('/api/notifications/send', { audience: { user: here.id }, message: 'x' }))
          .status
      expect(await send()).toBe(403)
      await setRoles(['admin'])
      await expect.poll(send, { timeout: RIGHTS_MS }).toBe(201)
      await setRoles(['user'])
      await expect.poll(send, { timeout: RIGHTS_MS }).toBe(403)
    })

    it('roles: the socket hears their notifications no more', async () => {
      const { here, there } = await person()
      const boss = await admin(node(0))
      await boss.http.request('PATCH', `/api/users/${here.id}`, { json: { roles: ['nurse'] } })
      const phone = await native(node(1), there)
      await boss.http.request('PATCH', `/api/users/${here.id}`, { json: { roles: ['user'] } })
      await phone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) =>
          entries.some(({ kind, topic }) => kind === 'topic.left' && topic === `user:${here.id}`),
        RIGHTS_MS,
      )
      await boss.http.post('/api/notifications/send', { audience: { role: 'nurse' }, message: 'for nurses' })
      await sendTo(boss, here, 'for you')
      await phone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) => JSON.stringify(entries).includes('for you'),
        withinMs,
      )
      expect(JSON.stringify(phone.all('entries'))).not.toContain('for nurses')
    })

    it('rooms: who is removed hears nothing that comes after', async () => {
      const [ann, bob, cyd] = [(await person()).here, (await person()).there, (await person()).there]
      const { id: chatId } = await newChat(ann, [bob.id, cyd.id], { title: 'Team' })
      const [bobPhone, cydPhone] = [await native(node(1), bob), await native(node(1), cyd)]
      await bobPhone.ack('openChat', { chatId })
      await ann.http.delete(`/api/chats/${chatId}/members/${bob.id}`)
      await say(ann, chatId, 'without bob')
      await cydPhone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) => JSON.stringify(entries).includes('without bob'),
        withinMs,
      )
      await bobPhone.event<{ entries: Entry[] }>(
        'entries',
        ({ entries }) => entries.some(({ kind }) => kind === 'chat.left'),
        RIGHTS_MS,
      )
      expect(JSON.stringify(bobPhone.events)).not.toContain('without bob')
      expect((await bobPhone.ack('startTyping', { chatId })).ok).toBe(false)
    })

    it('keys: an ended API key is taken nowhere', async () => {
      const boss = await admin(node(0))
      const made = await boss.http.post<{ key: { id: string; secret: string } }>('/api/keys', {
        name: 'test',
        scopes: ['notifications:send'],
      })
      expect(made.status).toBe(201)
      const { id, secret } = made.body.key
      const send = async () =>
        (
          await http(node(1), secret).post('/api/notifications/send', {
            audience: { user: boss.id },
            message: 'x',
          })
        ).status
      expect(await send()).toBe(201)
      await boss.http.delete(`/api/keys/${id}`)
      await expect.poll(send, { timeout: RIGHTS_MS }).toBe(401)
    })
  })

  it('whoever connects while others write misses nothing', async () => {
    const { here, there } = await person()
    const boss = await admin(node(0))
    const writing = (async () => {
      for (let count = 0; count < WRITTEN; count++) await sendTo(boss, here, `n${count}`)
    })()
    const sockets: SocketRecorder[] = []
    for (let count = 0; count < 6; count++) sockets.push(await native(node(1), there))
    await writing
    await expect
      .poll(
        () => sockets.map((socket) => new Set(JSON.stringify(socket.events).match(/"message":"n\d+"/g)).size),
        { timeout: withinMs },
      )
      .toEqual(sockets.map(() => WRITTEN))
    const page = await connected(node(1), there.auth)
    expect(page.socket.connected).toBe(true)
  })
}

/** How long the slowest of so many notifications took from its acceptance on one node to a socket on the other. */
export async function timeToHear(nodes: readonly BelfryServer[], count: number): Promise<number> {
  const [here, there] = nodes as [BelfryServer, BelfryServer]
  const recipient = await register(here)
  const sender = await admin(here)
  const phone = await native(there, recipient)
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const text = `heard-${index}`
    const heard = phone.event<{ entries: Entry[] }>(
      'entries',
      ({ entries }) => JSON.stringify(entries).includes(text),
      10_000,
    )
    await sendTo(sender, recipient, text)
    const acceptedAt = performance.now()
    await heard
    times.push(performance.now() - acceptedAt)
  }
  return Math.max(...times)
}
