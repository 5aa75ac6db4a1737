import type { Chat, Message } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { refusal, withPeople } from '../accounts/test/with-people.ts'
import type { Actor } from '../core/actor.ts'

const { run, person, entries, dump } = await withPeople({ RATE_LIMIT: 'off' })

const chatOf = async (actor: Actor, memberIds: string[], more: object = {}): Promise<Chat> =>
  (await run('createChat', { memberIds, ...more }, actor)).chat
const say = async (actor: Actor, chatId: string, content: string, more: object = {}): Promise<Message> =>
  (await run('postMessage', { chatId, content, ...more }, actor)).message
const texts = async (actor: Actor, chatId: string, more: object = {}): Promise<string[]> => {
  const { messages } = await run('listMessages', { chatId, ...more }, actor)
  return messages.map(({ content }: Message) => content)
}
const unread = async (actor: Actor, id: string): Promise<number> => {
  const { chat } = await run('openChat', { chatId: id }, actor)
  return chat.unread
}

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

describe('unread messages', () => {
  it('are those of others above the mark, without silent and deleted ones', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    await say(bob.actor, chatId, 'own')
    await say(ann.actor, chatId, '2')
    await say(ann.actor, chatId, '3', { silent: true })
    const four = await say(ann.actor, chatId, '4')
    await say(ann.actor, chatId, '5')
    expect(await unread(bob.actor, chatId)).toBe(3)
    await run('deleteMessage', { chatId, messageId: four.id }, ann.actor)
    expect(await unread(bob.actor, chatId)).toBe(2)
    const read = await run('markChatRead', { chatId, upToSeq: 2 }, bob.actor)
    expect(read).toEqual({
      lastReadSeq: 2,
      counts: {
        chats: { [chatId]: { unread: 1, mentions: 0 } },
        total: { unread: 1, chats: 1, mentions: 0 },
      },
    })
    expect(await run('markChatRead', { chatId, upToSeq: 1 }, bob.actor)).toMatchObject({ lastReadSeq: 2 })
    await run('markChatRead', { chatId }, bob.actor)
    expect(await unread(bob.actor, chatId)).toBe(0)
    await run('markChatUnread', { chatId, fromSeq: 5 }, bob.actor)
    expect(await unread(bob.actor, chatId)).toBe(1)
    const { messages } = await run('listMessages', { chatId }, ann.actor)
    expect(messages.map(({ isRead }: Message) => isRead)).toEqual([false, true, true, true, true])
  })

  it('of muted and hidden chats are outside the total, and a new message brings a hidden one back', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    await say(ann.actor, chatId, 'hi')
    const muted = await run('setChatPrefs', { chatId, mutedUntil: 'forever' }, bob.actor)
    expect(muted.counts).toEqual({
      chats: { [chatId]: { unread: 1, mentions: 0 } },
      total: { unread: 0, chats: 0, mentions: 0 },
    })
    await run('setChatPrefs', { chatId, mutedUntil: null, hidden: true }, bob.actor)
    expect((await run('listChats', {}, bob.actor)).chats).toEqual([])
    await say(ann.actor, chatId, 'again')
    const { chats, counts } = await run('listChats', {}, bob.actor)
    expect(chats).toMatchObject([{ id: chatId, unread: 2, lastMessage: { content: 'again' } }])
    expect(counts.total).toEqual({ unread: 2, chats: 1, mentions: 0 })
  })

  it('move watermarks that the sender is told once, and receipts beget no receipts', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    await say(ann.actor, chatId, 'hi')
    const from = entries.length
    for (let times = 0; times < 3; times++) await run('markChatRead', { chatId }, bob.actor)
    expect(entries.slice(from).map(({ topic, kind }) => `${topic} ${kind}`)).toEqual([
      `user:${bob.id} chat.read`,
      `room:${chatId} receipts.moved`,
    ])
  })
})

describe('a group', () => {
  it('shows newcomers what was said since, and those who left what was said before', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group' })
    await say(ann.actor, chatId, 'before')
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    expect(await unread(cyd.actor, chatId)).toBe(0)
    await say(ann.actor, chatId, 'inside')
    expect(await texts(cyd.actor, chatId)).toEqual(['inside'])
    expect(await unread(cyd.actor, chatId)).toBe(1)
    await run('leaveChat', { chatId }, cyd.actor)
    await say(ann.actor, chatId, 'after')
    expect(await texts(cyd.actor, chatId)).toEqual(['inside'])
    expect(await refusal(say(cyd.actor, chatId, 'still here?'))).toMatchObject({ code: 'not_participant' })
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    await say(ann.actor, chatId, 'back')
    expect(await texts(cyd.actor, chatId)).toEqual(['inside', 'back'])
    await run('removeMembers', { chatId, userIds: [cyd.id], removeHistory: true }, ann.actor)
    expect(await texts(cyd.actor, chatId)).toEqual([])
  })

  it('with the history `all` shows everything', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group', history: 'all' })
    await say(ann.actor, chatId, 'before')
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    expect(await texts(cyd.actor, chatId)).toEqual(['before'])
  })

  it('goes to its oldest moderator when the last owner leaves', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id, cyd.id])
    await run('updateMembers', { chatId, userIds: [cyd.id], role: 'moderator' }, ann.actor)
    await run('leaveChat', { chatId }, ann.actor)
    const { members } = await run('listMembers', { chatId }, bob.actor)
    expect(members.map(({ userId, role }: { userId: string; role: string }) => [userId, role])).toEqual(
      expect.arrayContaining([
        [bob.id, 'member'],
        [cyd.id, 'owner'],
      ]),
    )
  })
})

describe('mentions', () => {
  it('are notifications that go with reading, and with the message', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group' })
    const first = await say(ann.actor, chatId, 'you there?', { mentions: [bob.id, 'stranger'] })
    expect(first.mentions).toEqual([bob.id])
    const list = async () => (await run('listNotifications', {}, bob.actor)).notifications
    expect(await list()).toMatchObject([
      {
        type: 'mention',
        isRead: false,
        meta: { chatId, messageId: first.id, seq: 1 },
        message: 'you there?',
      },
    ])
    expect((await run('openChat', { chatId }, bob.actor)).chat).toMatchObject({
      unread: 1,
      unreadMentions: 1,
    })
    await run('markChatRead', { chatId }, bob.actor)
    expect(await list()).toMatchObject([{ isRead: true }])
    await run('deleteMessage', { chatId, messageId: first.id }, ann.actor)
    expect(await list()).toEqual([])
  })

  it('of all are for owners and moderators', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id, cyd.id])
    await say(bob.actor, chatId, 'everyone!', { mentions: ['@all'] })
    expect((await run('countNotifications', {}, cyd.actor)).unread).toBe(0)
    await say(ann.actor, chatId, 'everyone!', { mentions: ['@all'] })
    for (const { actor } of [bob, cyd]) expect((await run('countNotifications', {}, actor)).unread).toBe(1)
    expect((await run('countNotifications', {}, ann.actor)).unread).toBe(0)
  })
})

describe('a block', () => {
  it('ends writing in the direct chat in both directions, and counting in groups', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: direct } = await chatOf(ann.actor, [bob.id])
    const { id: group } = await chatOf(cyd.actor, [ann.id, bob.id])
    await run('blockUser', { userId: ann.id }, bob.actor)
    expect((await run('listBlocks', {}, bob.actor)).userIds).toEqual([ann.id])
    for (const { actor } of [ann, bob])
      expect(await refusal(say(actor, direct, 'x'))).toMatchObject({ code: 'blocked' })
    await say(ann.actor, group, 'hello', { mentions: [bob.id] })
    expect(await unread(bob.actor, group)).toBe(0)
    expect((await run('countNotifications', {}, bob.actor)).unread).toBe(0)
    await run('unblockUser', { userId: ann.id }, bob.actor)
    expect(await unread(bob.actor, group)).toBe(1)
    await say(ann.actor, direct, 'again')
  })
})
