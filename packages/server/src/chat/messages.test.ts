import type { Message } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { refusal } from '../accounts/test/with-people.ts'
import { withChats } from './test/with-chats.ts'

const { run, person, entries, dump, chatOf, say, texts } = await withChats()

describe('a direct chat', () => {
  it('I12 is one for a pair, whoever asks and however often at once', async () => {
    const [ann, bob] = [await person(), await person()]
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        at % 2
          ? run('createChat', { memberIds: [bob.id] }, ann.actor)
          : run('createChat', { memberIds: [ann.id] }, bob.actor),
      ),
    )
    expect(new Set(made.map(({ chat }) => chat.id)).size).toBe(1)
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect(made[0].chat).toMatchObject({ type: 'direct', memberCount: 2, state: 'open', unread: 0 })
    expect(new Set(made[0].chat.memberIds)).toEqual(new Set([ann.id, bob.id]))
  })

  it('about something is another one than the plain one', async () => {
    const [ann, bob] = [await person(), await person()]
    const plain = await chatOf(ann.actor, [bob.id])
    const order = await chatOf(ann.actor, [bob.id], { context: { kind: 'order', id: '7' } })
    expect(order.id).not.toBe(plain.id)
    expect((await chatOf(bob.actor, [ann.id], { context: { kind: 'order', id: '7' } })).id).toBe(order.id)
  })

  it('cannot be made with somebody who is no user, or with nobody', async () => {
    const ann = await person()
    const before = dump()
    expect(await refusal(chatOf(ann.actor, ['nobody']))).toMatchObject({ code: 'not_found' })
    expect(await refusal(chatOf(ann.actor, [ann.id]))).toMatchObject({ code: 'validation_failed' })
    expect(dump()).toBe(before)
  })

  it('is never left, and takes nobody in', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    expect(await refusal(run('leaveChat', { chatId }, ann.actor))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor))).toMatchObject({
      code: 'forbidden',
    })
  })
})

describe('a message', () => {
  it('has the next number of its chat, and is the same for everyone', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const sent = [await say(ann.actor, chatId, 'one'), await say(bob.actor, chatId, 'two')]
    expect(sent).toMatchObject([
      { seq: 1, senderId: ann.id, messageType: 'text', delivered: false, isRead: false, media: [], chatId },
      { seq: 2, senderId: bob.id },
    ])
    expect(await texts(ann.actor, chatId)).toEqual(['one', 'two'])
    expect(await texts(bob.actor, chatId)).toEqual(['one', 'two'])
  })

  it('I2 sent ten times with one clientId is one message', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        run('postMessage', { chatId, content: 'hi', clientId: 'c1' }, ann.actor),
      ),
    )
    expect(new Set(replies.map(({ message }) => message.id)).size).toBe(1)
    expect(replies.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(await texts(bob.actor, chatId)).toEqual(['hi'])
    expect(await refusal(say(ann.actor, chatId, 'other', { clientId: 'c1' }))).toMatchObject({
      code: 'idempotency_conflict',
    })
    expect(await say(bob.actor, chatId, 'hi', { clientId: 'c1' })).toMatchObject({ seq: 2 })
  })

  it('is for members: strangers learn as little as of an unknown chat', async () => {
    const [ann, bob, eve] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const { id: messageId } = await say(ann.actor, chatId, 'secret')
    const before = dump()
    const asked = [
      run('listMessages', { chatId }, eve.actor),
      run('openChat', { chatId }, eve.actor),
      say(eve.actor, chatId, 'me too'),
      run('markChatRead', { chatId }, eve.actor),
      run('editMessage', { chatId, messageId, content: 'x' }, eve.actor),
      run('deleteMessage', { chatId, messageId }, eve.actor),
      run('reactToMessage', { chatId, messageId, emoji: '👍' }, eve.actor),
      run('searchMessages', { q: 'secret', chatId }, eve.actor),
      run('listMembers', { chatId }, eve.actor),
      run('reportMessage', { chatId, messageId, reason: 'spam' }, eve.actor),
      run('listMessages', { chatId: 'unknown' }, eve.actor),
    ]
    for (const one of asked)
      expect(await refusal(one)).toMatchObject({ code: 'not_found', message: 'Not found.' })
    expect((await run('searchMessages', { q: 'secret' }, eve.actor)).hits).toEqual([])
    expect(dump()).toBe(before)
  })

  it('keeps its place when it is edited, reacted to and deleted', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const { id: messageId } = await say(ann.actor, chatId, 'frist')
    await say(bob.actor, chatId, 'second')
    const edited = await run('editMessage', { chatId, messageId, content: 'first' }, ann.actor)
    expect(edited.message).toMatchObject({ seq: 1, content: 'first', editedAt: expect.any(String) })
    for (let times = 0; times < 2; times++)
      await run('reactToMessage', { chatId, messageId, emoji: '👍' }, bob.actor)
    const { messages } = await run('listMessages', { chatId }, bob.actor)
    expect(messages[0].reactions).toEqual([{ emoji: '👍', count: 1, userIds: [bob.id], mine: true }])
    expect(await refusal(run('editMessage', { chatId, messageId, content: 'x' }, bob.actor))).toMatchObject({
      code: 'not_owner',
    })
    expect(await refusal(run('deleteMessage', { chatId, messageId }, bob.actor))).toMatchObject({
      code: 'not_owner',
    })
    await run('deleteMessage', { chatId, messageId }, ann.actor)
    const after = await run('listMessages', { chatId }, bob.actor)
    expect(after.messages[0]).toMatchObject({
      id: messageId,
      seq: 1,
      content: '',
      reactions: [],
      deletedBy: ann.id,
    })
    expect(await refusal(run('editMessage', { chatId, messageId, content: 'x' }, ann.actor))).toMatchObject({
      code: 'not_found',
    })
    const kinds = entries.filter(({ topic }) => topic === `room:${chatId}`).map(({ kind }) => kind)
    expect(kinds).toEqual([
      'room.created',
      'message.posted',
      'message.posted',
      'message.edited',
      'message.reacted',
      'message.deleted',
    ])
  })

  it('is found by page: the newest, before, after and around a place', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    for (let seq = 1; seq <= 9; seq++) await say(ann.actor, chatId, `${seq}`)
    const page = async (more: object) => {
      const { messages, hasOlder, hasNewer } = await run('listMessages', { chatId, ...more }, bob.actor)
      return [messages.map(({ seq }: Message) => seq).join(), hasOlder, hasNewer]
    }
    expect(await page({ limit: 3 })).toEqual(['7,8,9', true, false])
    expect(await page({ limit: 3, before: 7 })).toEqual(['4,5,6', true, true])
    expect(await page({ limit: 3, before: 4 })).toEqual(['1,2,3', false, true])
    expect(await page({ limit: 3, after: 7 })).toEqual(['8,9', true, false])
    expect(await page({ limit: 4, around: 5 })).toEqual(['4,5,6,7', true, true])
    expect(await page({ limit: 50 })).toEqual(['1,2,3,4,5,6,7,8,9', false, false])
  })
})
