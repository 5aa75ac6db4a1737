import type { Member, Message } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { refusal } from '../accounts/test/with-people.ts'
import type { SyncAnswer } from '../core/sync.ts'
import { withChats } from './test/with-chats.ts'

const { run, person, entries, store, chatOf, say, texts, unread } = await withChats()

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
    const from = entries.length
    await say(ann.actor, chatId, 'again')
    expect(entries.slice(from)).toMatchObject([
      { topic: `user:${bob.id}`, kind: 'chat.prefsChanged', data: { chatId, prefs: { notify: 'all' } } },
      { kind: 'message.posted' },
    ])
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

  it('tells newcomers nothing of what becomes of older messages, live or caught up', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group' })
    const { id: messageId } = await say(ann.actor, chatId, 'secret')
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    const from = entries.length
    await run('editMessage', { chatId, messageId, content: 'secret still' }, ann.actor)
    await run('reactToMessage', { chatId, messageId, emoji: '👍' }, bob.actor)
    await run('deleteMessage', { chatId, messageId }, ann.actor)
    const live = entries.slice(from).filter(({ topic }) => topic === `room:${chatId}`)
    expect(live.map(({ kind, except }) => [kind, except])).toEqual([
      ['message.edited', [cyd.id]],
      ['message.reacted', [cyd.id]],
      ['message.deleted', [cyd.id]],
    ])
    const caughtUp = async (user: string) => {
      const offset = (live[0]?.offset ?? 0) - 1
      const cursor = { epoch: store.epoch, offsets: { [`room:${chatId}`]: offset } }
      const { frame } = (await store.read('sync', { user, epoch: store.epoch, cursor })) as SyncAnswer
      const kinds = frame.complete ? frame.entries.filter(({ topic }) => topic === `room:${chatId}`) : []
      return kinds.map(({ kind }) => kind)
    }
    expect(await caughtUp(bob.id)).toEqual(live.map(({ kind }) => kind))
    expect(await caughtUp(cyd.id)).toEqual(Array(3).fill('item.withheld'))
  })

  it('shows all members what is answered when all may read it, else nobody in what they share', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    for (const history of ['all', 'sinceJoin']) {
      const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group', history })
      const { id: replyTo } = await say(ann.actor, chatId, 'question')
      await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
      const from = entries.length
      await say(bob.actor, chatId, 'answer', { replyTo })
      const posted = entries.slice(from).find(({ kind }) => kind === 'message.posted')
      const preview = history === 'all' ? 'question' : ''
      expect(posted?.data).toMatchObject({ replyTo: { id: replyTo, preview } })
      const { messages } = await run('listMessages', { chatId }, bob.actor)
      expect(messages.at(-1)).toMatchObject({ replyTo: { id: replyTo, preview: 'question' } })
    }
  })

  it('with the history `all` shows everything', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group', history: 'all' })
    await say(ann.actor, chatId, 'before')
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    expect(await texts(cyd.actor, chatId)).toEqual(['before'])
  })

  it('tells who has left nothing of who came and spoke since', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id], { type: 'group' })
    await say(ann.actor, chatId, 'before')
    await run('leaveChat', { chatId }, bob.actor)
    await run('addMembers', { chatId, userIds: [cyd.id] }, ann.actor)
    await say(ann.actor, chatId, 'after')
    const { chat, members, messages } = await run('openChat', { chatId }, bob.actor)
    expect(chat).toMatchObject({ memberIds: [bob.id], memberCount: 1, lastSeq: 1, unread: 0 })
    expect(members).toMatchObject([{ userId: bob.id, leftAt: expect.any(String) }])
    expect(messages.map(({ content }: Message) => content)).toEqual(['before'])
  })

  it('hears nothing of how far its observers have read, and does not wait for them', async () => {
    const [ann, bob, cyd] = [await person(), await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id, cyd.id])
    await run('updateMembers', { chatId, userIds: [cyd.id], role: 'observer' }, ann.actor)
    await say(ann.actor, chatId, 'hi')
    const from = entries.length
    await run('markChatRead', { chatId }, cyd.actor)
    expect(entries.slice(from).map(({ kind }) => kind)).toEqual(['chat.read'])
    expect(await unread(cyd.actor, chatId)).toBe(0)
    const markOf = async (user: string) => {
      const { members } = await run('listMembers', { chatId }, ann.actor)
      return members.find(({ userId }: Member) => userId === user)
    }
    const isRead = async () => (await run('listMessages', { chatId }, ann.actor)).messages[0].isRead
    expect(await markOf(cyd.id)).toMatchObject({ lastReadSeq: 0, lastDeliveredSeq: 0 })
    expect(await isRead()).toBe(false)
    await run('markChatRead', { chatId }, bob.actor)
    expect(await markOf(bob.id)).toMatchObject({ lastReadSeq: 1 })
    expect(await markOf(cyd.id)).toMatchObject({ lastReadSeq: 0, lastDeliveredSeq: 0 })
    expect(await isRead()).toBe(true)
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
