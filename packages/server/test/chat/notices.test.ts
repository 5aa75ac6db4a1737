/** chat-presence.md §8: what native clients are told of new messages, on which devices, and with how much noise. */
import type { ChatCounts, NoticeFrame } from '@belfry/protocol'
import { type Person, register, type SocketRecorder } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { chatOf, native } from '../support/chat-pages.ts'
import { newChat, say } from '../support/chats.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const person = () => register(context.server)
const device = (one: Person) => native(context.server, one)
const notices = (socket: SocketRecorder) => socket.all<NoticeFrame>('notice')
const notice = (socket: SocketRecorder, preview: string) =>
  socket.event<NoticeFrame>('notice', (one) => one.preview === preview)
const counts = (socket: SocketRecorder, chatId: string, unread: number) =>
  socket.event<ChatCounts>('chatCounts', ({ chats }) => chats[chatId]?.unread === unread)

describe('a notice', () => {
  it('goes to every device of the other members once, with exact numbers, and to none of the sender', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [annPhone, bobPhone, bobDesk] = [await device(ann), await device(bob), await device(bob)]
    const message = await say(ann, chatId, 'hello')
    for (const socket of [bobPhone, bobDesk]) {
      expect(await notice(socket, 'hello')).toEqual({
        ...{ chatId, messageId: message.id, seq: 1, senderId: ann.id, preview: 'hello', messageType: 'text' },
        senderName: ann.email.split('@')[0],
        chatTitle: ann.email.split('@')[0],
        createdAt: message.createdAt,
        mentioned: false,
        silent: false,
        unread: { chat: 1, total: 1, chats: 1, mentions: 0 },
      })
    }
    await say(ann, chatId, 'again')
    expect((await notice(bobDesk, 'again')).unread).toEqual({ chat: 2, total: 2, chats: 1, mentions: 0 })
    expect(notices(annPhone)).toEqual([])
    expect(notices(bobDesk)).toHaveLength(2)
  })

  it('is not given to anybody who has the chat before him on some device, who is told the numbers alone', async () => {
    const [ann, bob] = [await person(), await person()]
    const chatId = await chatOf(ann, bob)
    const [bobPhone, bobDesk] = [await device(bob), await device(bob)]
    await bobDesk.ack('openChat', { chatId })
    await bobDesk.ack('focusChat', { chatId, focused: true })
    await say(ann, chatId, 'seen')
    for (const socket of [bobPhone, bobDesk]) await counts(socket, chatId, 1)
    await bobDesk.ack('focusChat', { chatId, focused: false })
    await say(ann, chatId, 'not seen')
    await notice(bobPhone, 'not seen')
    expect([...notices(bobPhone), ...notices(bobDesk)].map(({ preview }) => preview)).not.toContain('seen')
  })

  it('is silent in muted chats, and with `mentions` unless one is named', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await newChat(ann, [bob.id, cyd.id], { title: 'Team' })
    const bobPhone = await device(bob)
    await bobPhone.ack('setChatPrefs', { chatId, notify: 'mentions' })
    await say(ann, chatId, 'quiet')
    expect(await notice(bobPhone, 'quiet')).toMatchObject({ silent: true, chatTitle: 'Team' })
    await say(ann, chatId, 'named', { mentions: [bob.id] })
    expect(await notice(bobPhone, 'named')).toMatchObject({
      silent: false,
      mentioned: true,
      notificationId: expect.any(String),
      unread: { chat: 2, mentions: 1 },
    })
    await bobPhone.ack('setChatPrefs', { chatId, mutedUntil: 'forever' })
    await say(ann, chatId, 'muted', { mentions: [bob.id] })
    expect(await notice(bobPhone, 'muted')).toMatchObject({ silent: true, unread: { chat: 3, total: 0 } })
  })

  it('is not given of silent messages and of blocked senders', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob, cyd)
    const bobPhone = await device(bob)
    await bob.http.put(`/api/blocks/${cyd.id}`, {})
    await say(cyd, chatId, 'blocked')
    await say(ann, chatId, 'silent', { silent: true })
    await say(ann, chatId, 'loud')
    expect((await notice(bobPhone, 'loud')).unread).toMatchObject({ chat: 1 })
    expect(notices(bobPhone).map(({ preview }) => preview)).toEqual(['loud'])
  })
})

describe('unread numbers', () => {
  it('fall on all devices when one reads, and follow what is deleted, marked unread and left', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const chatId = await chatOf(ann, bob, cyd)
    const [bobPhone, bobDesk] = [await device(bob), await device(bob)]
    const first = await say(ann, chatId, 'one')
    await say(ann, chatId, 'two')
    await notice(bobPhone, 'two')
    await ann.http.delete(`/api/chats/${chatId}/messages/${first.id}`)
    await counts(bobPhone, chatId, 1)
    await bobDesk.ack('markChatRead', { chatId })
    expect((await counts(bobPhone, chatId, 0)).total).toEqual({ unread: 0, chats: 0, mentions: 0 })
    await bobDesk.ack('markChatUnread', { chatId, fromSeq: 2 })
    await expect.poll(() => bobPhone.all<ChatCounts>('chatCounts').at(-1)?.total.chats).toBe(1)
    await bobDesk.ack('leaveChat', { chatId })
    await expect.poll(() => bobPhone.all<ChatCounts>('chatCounts').at(-1)?.total.chats).toBe(0)
  })
})
