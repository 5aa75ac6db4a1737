import type { ChatCounts, NoticeFrame } from '@belfry/protocol'
import { expect, it, vi } from 'vitest'
import { topics } from '../core/topics.ts'
import { ChatNews } from './news.ts'
import type { News } from './notices.ts'
import { withChats } from './test/with-chats.ts'

const { run, person, entries, store, chatOf, say } = await withChats()

/** The numbers of chats on a device of one user, by the frames that it is told. */
function device(user: string) {
  const shown = { chats: {} as ChatCounts['chats'], total: { unread: 0, chats: 0, mentions: 0 } }
  const news = new ChatNews({
    clock: Date.now,
    isFocused: () => false,
    onError: (error) => {
      throw error
    },
    readNews: async (input) => (await store.read('newsOf', input)) as News,
    hub: {
      nativeUsersOf: () => [user],
      tellLive(_, event, payload) {
        // What the news tell is named by the event.
        if (event === 'chatCounts') Object.assign(shown.chats, (payload as ChatCounts).chats)
        const { chatId, unread } = payload as NoticeFrame
        if (event !== 'notice') return
        shown.chats[chatId] = { unread: unread.chat, mentions: shown.chats[chatId]?.mentions ?? 0 }
      },
    },
  })
  let heard = entries.length
  const hear = () => {
    for (const entry of entries.slice(heard)) {
      if (entry.topic === topics.user(user) || !entry.topic.startsWith(topics.user(''))) news.onShown(entry)
    }
    heard = entries.length
  }
  return { shown, hear, close: () => news.close() }
}

it('tells a device how often its user is named, and of every chat in which a block changes the numbers', async () => {
  const [ann, bob] = [await person(), await person()]
  const { id: pair } = await chatOf(ann.actor, [bob.id])
  const { id: group } = await chatOf(ann.actor, [bob.id], { type: 'group' })
  const { shown, hear, close } = device(bob.id)
  const expectShown = async (unread: number, mentions: number) => {
    hear()
    await vi.waitFor(() =>
      expect(shown.chats).toEqual({ [pair]: { unread, mentions: 0 }, [group]: { unread, mentions } }),
    )
  }
  await say(ann.actor, pair, 'hello')
  await say(ann.actor, group, 'hello', { mentions: [bob.id] })
  await expectShown(1, 1)
  await run('blockUser', { userId: ann.id }, bob.actor)
  await expectShown(0, 0)
  await run('unblockUser', { userId: ann.id }, bob.actor)
  await expectShown(1, 1)
  close()
})
