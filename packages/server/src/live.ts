import type { ChatCounts, Counts } from '@belfry/protocol'
import { ChatNews } from './chat/news.ts'
import type { NewsOf } from './chat/notices.ts'
import type { Context } from './core/context.ts'
import { Hub } from './core/hub.ts'
import { OpenChats } from './core/open-chats.ts'
import type { LogEntry } from './store/store.ts'

/** What one node shows as it happens. */
export interface Live {
  readonly hub: Hub
  readonly openChats: OpenChats
  close(): void
}

/** Composes them over one store. */
export function createLive({ store, clock }: Context, onError: (error: unknown) => void): Live {
  const openChats = new OpenChats()
  const hub = new Hub({
    onError,
    entriesAfter: async (topic, after) => (await store.read('entriesAfter', { topic, after })) as LogEntry[],
    countsOf: async (users) => (await store.read('countsOfMany', { users })) as Counts[],
    onShown: (entry) => news.onShown(entry),
  })
  const news = new ChatNews({
    hub,
    clock,
    onError,
    isFocused: () => false,
    readNews: async (input) => (await store.read('newsOf', input)) as NewsOf[],
    readCounts: async (input) => (await store.read('countsOfChats', input)) as ChatCounts,
  })
  return {
    hub,
    openChats,
    close() {
      hub.counts.close()
      news.close()
    },
  }
}
