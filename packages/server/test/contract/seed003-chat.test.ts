/** contract.md §7, "Seed 003 events": those about chats, in account mode and in open mode, with unmodified clients. */
import {
  type ChatMessage,
  connected,
  openPerson,
  type Person,
  register,
  type SocketRecorder,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusedAck } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const modes: { name: string; env: Record<string, string> }[] = [
  { name: 'accounts', env: {} },
  { name: 'open', env: { AUTH: 'open' } },
]

describe.each(modes)('seed 003 in $name mode', ({ name, env }) => {
  const context = useServer({ env })
  let people = 0
  const person = async (): Promise<Person> =>
    name === 'open' ? openPerson(context.server, `user-${people++}`) : register(context.server)

  /** What the seed's page does: it connects, and emits at once. */
  async function page(one: Person, chatId?: string): Promise<SocketRecorder> {
    const socket = await connected(context.server, name === 'open' ? {} : one.auth)
    socket.emit('user-join', one.id)
    socket.emit('join-notifications', one.id)
    if (chatId !== undefined) socket.emit('join-chat', chatId)
    await socket.ack('get-unread-count', one.id)
    return socket
  }

  async function chatOf(...members: [Person, ...Person[]]): Promise<string> {
    const [creator, ...others] = members
    const { body } = await creator.http.post('/api/chats', { memberIds: others.map(({ id }) => id) })
    if (!body.chat) throw new Error('no chat')
    return body.chat.id
  }

  const history = async (one: Person, chatId: string): Promise<ChatMessage[]> =>
    (await one.http.get(`/api/chats/${chatId}/messages`)).body.messages ?? []

  it('send-message reaches joined sockets as new-message, and other members as message-notification', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annTab, bobChat, bobElsewhere] = [
      await page(ann, chatId),
      await page(bob, chatId),
      await page(bob),
    ]
    const { ok, data } = await annTab.ack('send-message', {
      chatId,
      content: 'Hello Bob',
      messageType: 'text',
    })
    expect({ ok, data }).toMatchObject({
      ok: true,
      data: { message: { seq: 1, content: 'Hello Bob', senderId: ann.id } },
    })
    for (const tab of [annTab, bobChat])
      expect(await tab.event<ChatMessage>('new-message')).toMatchObject({
        chatId,
        seq: 1,
        content: 'Hello Bob',
      })
    expect(await bobElsewhere.event('message-notification')).toMatchObject({
      ...{ chatId, senderId: ann.id, preview: 'Hello Bob', messageType: 'text' },
      messageId: expect.any(String),
      createdAt: expect.any(String),
    })
    await annTab.ack('send-message', { chatId, content: 'again' })
    await bobElsewhere.event<{ preview: string }>(
      'message-notification',
      ({ preview }) => preview === 'again',
    )
    expect(bobElsewhere.all('new-message')).toEqual([])
    expect(bobChat.all('message-notification')).toEqual([])
    expect(annTab.all('message-notification')).toEqual([])
    expect(await history(bob, chatId)).toMatchObject([
      { content: 'Hello Bob', delivered: true, isRead: false },
      { content: 'again', delivered: true, isRead: false },
    ])
  })

  it('without an acknowledgement the message is stored and sent all the same, with media as links', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annTab, bobTab] = [await page(ann, chatId), await page(bob, chatId)]
    annTab.emit('send-message', {
      chatId,
      content: 'look',
      messageType: 'image',
      media: ['https://example.test/cat.png'],
    })
    expect(await bobTab.event<ChatMessage>('new-message')).toMatchObject({
      messageType: 'image',
      media: [{ url: 'https://example.test/cat.png', external: true }],
    })
  })

  it('messages are undelivered until a socket of the other has joined, and unread until it says so', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const annTab = await page(ann, chatId)
    await annTab.ack('send-message', { chatId, content: 'missed' })
    expect(await history(ann, chatId)).toMatchObject([{ delivered: false, isRead: false }])
    const bobTab = await page(bob, chatId)
    expect(await history(ann, chatId)).toMatchObject([{ delivered: true, isRead: false }])
    bobTab.emit('mark-messages-read', { chatId })
    for (const tab of [annTab, bobTab])
      expect(await tab.event('messages-read')).toMatchObject({ userId: bob.id, chatId, lastReadSeq: 1 })
    expect(await history(ann, chatId)).toMatchObject([{ delivered: true, isRead: true }])
  })

  it('a message that was handed out is delivered, and an older one that was missed is not', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const annTab = await page(ann, chatId)
    await annTab.ack('send-message', { chatId, content: 'missed' })
    const bobTab = await page(bob)
    await annTab.ack('send-message', { chatId, content: 'handed' })
    await bobTab.event('message-notification')
    expect(await history(ann, chatId)).toMatchObject([{ delivered: false }, { delivered: true }])
    expect(await bobTab.ack('join-chat', { chatId })).toMatchObject({ ok: true })
    expect(await history(ann, chatId)).toMatchObject([{ delivered: true }, { delivered: true }])
  })

  it('who has left the chat on this socket is told as somebody elsewhere', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annTab, bobTab] = [await page(ann, chatId), await page(bob, chatId)]
    bobTab.emit('leave-chat', chatId)
    await bobTab.ack('get-unread-count', bob.id)
    await annTab.ack('send-message', { chatId, content: 'gone?' })
    expect(await bobTab.event('message-notification')).toMatchObject({ preview: 'gone?' })
    expect(bobTab.all('new-message')).toEqual([])
  })

  it('strangers are refused, nothing is stored and nobody hears anything', async () => {
    const [ann, bob, eve] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annTab, bobTab, eveTab] = [await page(ann, chatId), await page(bob, chatId), await page(eve)]
    for (const chat of [chatId, 'no-such-chat']) {
      expectRefusedAck(await eveTab.ack('join-chat', chat), 'forbidden')
      expectRefusedAck(await eveTab.ack('send-message', { chatId: chat, content: 'hi' }), 'forbidden')
      expectRefusedAck(await eveTab.ack('mark-messages-read', { chatId: chat }), 'forbidden')
    }
    await annTab.ack('send-message', { chatId, content: 'private' })
    await bobTab.event('new-message')
    await eveTab.ack('get-unread-count', eve.id)
    expect(eveTab.events.filter(({ name: event }) => event !== 'unread-count')).toEqual([])
    expect(await history(ann, chatId)).toHaveLength(1)
    expect((await eve.http.get(`/api/chats/${chatId}/messages`)).status).toBe(404)
  })

  it('H4 what the server owns cannot be sent along, and nothing to say is nothing', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const annTab = await page(ann, chatId)
    for (const more of [{ senderId: bob.id }, { seq: 1 }, { createdAt: '2020-01-01T00:00:00.000Z' }])
      expectRefusedAck(
        await annTab.ack('send-message', { chatId, content: 'x', ...more }),
        'validation_failed',
      )
    for (const content of ['', '  ', undefined])
      expectRefusedAck(await annTab.ack('send-message', { chatId, content }), 'validation_failed')
    expect(await history(ann, chatId)).toEqual([])
  })

  it('does not count messages as unread notifications', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    await (await page(ann, chatId)).ack('send-message', { chatId, content: 'hi' })
    expect((await bob.http.get('/api/notifications/count')).body.unread).toBe(0)
  })

  it('several tabs each get every message once, also in a group', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob, cyd)
    const tabs = [
      await page(ann, chatId),
      await page(bob, chatId),
      await page(bob, chatId),
      await page(cyd, chatId),
    ]
    for (let seq = 1; seq <= 20; seq++) tabs[seq % 4]?.emit('send-message', { chatId, content: `m${seq}` })
    for (const tab of tabs) {
      await tab.event<ChatMessage>('new-message', ({ seq }) => seq === 20)
      expect(tab.all<ChatMessage>('new-message').map(({ seq }) => seq)).toEqual(
        Array.from({ length: 20 }, (_, at) => at + 1),
      )
    }
  })
})
