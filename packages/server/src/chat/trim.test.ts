import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withChats } from './test/with-chats.ts'

const { run, person, work, dump, chatOf, say, texts, unread } = await withChats()
const trim = (before: number) => work('trimMessages', { before })

describe('messages that are kept for a while only', () => {
  it('disappear from the beginning of a chat, with all that belongs to them', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    const old = await say(ann.actor, chatId, 'old words', { mentions: [bob.id] })
    await run('pinMessage', { chatId, messageId: old.id }, ann.actor)
    await run('reactToMessage', { chatId, messageId: old.id, emoji: '👍' }, bob.actor)
    await sleep(5)
    const { createdAt } = await say(ann.actor, chatId, 'young words', { replyTo: old.id })
    expect(await trim(Date.parse(createdAt))).toEqual({ trimmed: 1, hasMore: false })
    expect(dump().includes('old words')).toBe(false)
    const { messages, hasOlder } = await run('listMessages', { chatId }, bob.actor)
    expect(messages).toMatchObject([{ seq: 2, content: 'young words', replyTo: { id: old.id, preview: '' } }])
    expect(hasOlder).toBe(false)
    expect(await unread(bob.actor, chatId)).toBe(1)
    expect((await run('openChat', { chatId }, bob.actor)).chat.pins).toEqual([])
    expect((await run('listNotifications', {}, bob.actor)).notifications).toEqual([])
    expect(await say(bob.actor, chatId, 'next')).toMatchObject({ seq: 3 })
  })

  it('go in portions until there are no more, and no younger one goes', async () => {
    const [ann, bob] = [await person(), await person()]
    const { id: chatId } = await chatOf(ann.actor, [bob.id])
    await Promise.all(Array.from({ length: 201 }, () => say(ann.actor, chatId, 'x')))
    expect(await trim(0)).toEqual({ trimmed: 0, hasMore: false })
    await sleep(5)
    expect(await trim(Date.now())).toEqual({ trimmed: 200, hasMore: true })
    expect(await trim(Date.now())).toMatchObject({ hasMore: false })
    expect(await texts(bob.actor, chatId)).toEqual([])
  })
})
