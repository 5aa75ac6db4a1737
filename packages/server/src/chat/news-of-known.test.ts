import type { ChatCounts, Message, NoticeFrame } from '@belfry/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import type { ChatStanding } from './chat-numbers.ts'
import { ChatNews } from './news.ts'
import type { News, NewsInput } from './notices.ts'

const AT = '2026-01-01T00:00:00.000Z'
const NOW = Date.parse(AT)
const AGE_MS = 61_000

const standing = (lastSeq: number, unread: number): ChatStanding => ({
  ...{ chatId: 'c', lastSeq, unread, mentions: 0, notify: 'all', silencedUntil: null, isHidden: false },
})
const posted = (seq: number, more: Partial<Message> = {}) =>
  ({
    ...{ topic: 'room:c', offset: seq, kind: 'message.posted', at: AT },
    data: {
      ...{ id: `m${seq}`, chatId: 'c', seq, senderId: 'bob', senderName: 'Bob', content: `${seq}` },
      ...{ messageType: 'text', mentions: [], createdAt: AT, ...more },
    },
  }) as unknown as LogEntry
const read = (lastReadSeq: number): LogEntry => ({
  ...{ topic: 'user:ann', offset: 1, kind: 'chat.read', at: AT },
  data: { chatId: 'c', lastReadSeq },
})
const blocked: LogEntry = {
  ...{ topic: 'user:ann', offset: 1, kind: 'user.blocked', at: AT },
  data: { userId: 'cyd' },
}

/** News for ann alone, and a store that answers when the test says so. */
function world() {
  const told: string[] = []
  const questions: { input: NewsInput; answer(chat: ChatStanding): Promise<void> }[] = []
  let now = NOW
  const news = new ChatNews({
    clock: () => now,
    isFocused: () => false,
    onError: (error) => {
      throw error
    },
    readNews: (input) =>
      new Promise<News>((resolve) => {
        const answer = async (chat: ChatStanding) => {
          const standings = input.users.map((user) => ({ user, blocked: [], chats: [{ ...chat }] }))
          resolve({
            standings,
            titles: input.chatIds.map((id) => [id, { title: 'Team', persons: [] }]),
            mentions: [],
          })
          await vi.advanceTimersByTimeAsync(0)
        }
        questions.push({ input, answer })
      }),
    hub: {
      nativeUsersOf: () => ['ann'],
      tellLive(_, event, payload) {
        const { unread, preview } = payload as NoticeFrame
        const { chats } = payload as ChatCounts
        told.push(event === 'notice' ? `${preview}: ${unread.chat}` : `unread ${chats.c?.unread}`)
      },
    },
  })
  const asked = async () => {
    await vi.advanceTimersByTimeAsync(100)
    const question = questions.shift()
    if (!question) throw new Error('Nothing was asked.')
    return question
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { news, told, questions, asked, pass }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** Ann is known, with one unread message. */
async function known() {
  const one = world()
  one.news.onShown(posted(1))
  await (await one.asked()).answer(standing(1, 1))
  expect(one.told.splice(0)).toEqual(['1: 1'])
  return one
}

describe('news of who is known here', () => {
  it('go out at once and ask nothing', async () => {
    const { news, told, questions } = await known()
    news.onShown(posted(2))
    news.onShown(posted(3, { senderId: 'ann' }))
    news.onShown(posted(4, { silent: true }))
    news.onShown(posted(5))
    news.onShown(read(5))
    news.onShown(posted(6))
    expect(told).toEqual(['2: 2', '5: 3', 'unread 0', '6: 1'])
    await vi.advanceTimersByTimeAsync(100)
    expect(questions).toEqual([])
  })

  it('count a message once, and ask when one was missed', async () => {
    const { news, told, asked } = await known()
    news.onShown(posted(1))
    news.onShown(posted(3))
    expect(told).toEqual([])
    await (await asked()).answer(standing(3, 3))
    expect(told).toEqual(['3: 3'])
  })

  it('announce a message that the store has counted before its entry came', async () => {
    const { news, told, asked } = await known()
    news.onShown(posted(3))
    // Another node has taken message 4 by then, and its entry is on the way.
    await (await asked()).answer(standing(4, 4))
    expect(told).toEqual(['3: 4'])
    news.onShown(posted(4))
    news.onShown(posted(4))
    await vi.advanceTimersByTimeAsync(100)
    expect(told).toEqual(['3: 4', '4: 4'])
  })

  it('neither count nor announce what was read before it is heard', async () => {
    const { news, told } = await known()
    news.onShown(read(2))
    news.onShown(posted(2))
    expect(told).toEqual(['unread 0'])
  })

  it('ask when a read mark stays behind, and after a minute', async () => {
    const { news, told, asked, pass } = await known()
    news.onShown(posted(2))
    news.onShown(read(1))
    await (await asked()).answer(standing(2, 1))
    pass(AGE_MS)
    news.onShown(posted(3))
    await (await asked()).answer(standing(3, 2))
    // By then the message is too old to make noise.
    expect(told).toEqual(['2: 2', 'unread 1', 'unread 2'])
  })

  it('are not taken from an answer that something has overtaken', async () => {
    const { news, told, asked } = await known()
    news.onShown(blocked)
    const question = await asked()
    news.onShown(blocked)
    await question.answer(standing(1, 1))
    await (await asked()).answer(standing(1, 0))
    news.onShown(posted(2))
    expect(told).toEqual(['unread 1', 'unread 0', '2: 1'])
  })

  it('wait for the answer when they come while it is under way', async () => {
    const { news, told, asked } = await known()
    news.onShown(blocked)
    const question = await asked()
    news.onShown(posted(2))
    expect(told).toEqual([])
    await question.answer(standing(1, 1))
    expect(told).toEqual(['unread 1', '2: 2'])
  })

  it('are forgotten with the last socket, also while the store is asked', async () => {
    const { news, told, asked } = await known()
    news.onShown(blocked)
    const question = await asked()
    news.forget('ann')
    await question.answer(standing(1, 1))
    expect(told).toEqual([])
    news.onShown(posted(2))
    await (await asked()).answer(standing(2, 2))
    expect(told).toEqual(['2: 2'])
  })
})
