import type { Counts } from '@belfry/protocol'
import type { Bus } from './bus/bus.ts'
import { ChatNews } from './chat/news.ts'
import type { News } from './chat/notices.ts'
import type { Context } from './core/context.ts'
import { HeadCheck } from './core/head-check.ts'
import { Hub } from './core/hub.ts'
import { OpenChats } from './core/open-chats.ts'
import { topics } from './core/topics.ts'
import { LivePresence } from './presence/live-presence.ts'
import type { LogEntry } from './store/store.ts'

/** What one node shows as it happens. */
export interface Live {
  readonly hub: Hub
  readonly headCheck: HeadCheck
  readonly openChats: OpenChats
  readonly presence: LivePresence
  /** Call for every committed entry, in order. */
  onEntries(entries: LogEntry[]): void
  close(): Promise<void>
}

export interface LiveOptions {
  context: Context
  bus: Bus
  onError(error: unknown): void
}

/** Composes them over one store and one bus. */
export function createLive({ context, bus, onError }: LiveOptions): Live {
  const { store, clock } = context
  const openChats = new OpenChats()
  const presence = new LivePresence({ context, openChats, bus, onError })
  const hub = new Hub({
    onError,
    entriesAfter: async (topic, after) => (await store.read('entriesAfter', { topic, after })) as LogEntry[],
    countsOf: async (users) => (await store.read('countsOfMany', { users })) as Counts[],
    onShown: (entry) => news.onShown(entry),
    listen: (topic) => bus.listen(topic),
    unlisten: (topic) => bus.unlisten(topic),
    onGone: (user) => news.forget(user),
  })
  const headCheck = new HeadCheck({
    hub,
    onError,
    readPassed: async (positions) => (await store.read('headsPassed', { positions })) as [string, number][],
  })
  // First heard, then looked up once more: nothing falls between the log and the bus.
  bus.onListening((heard) => headCheck.now(heard))
  bus.onConnected(() => headCheck.now())
  const news = new ChatNews({
    hub,
    clock,
    onError,
    isFocused: (user, chatId) => presence.isFocused(user, chatId),
    readNews: async (input) => (await store.read('newsOf', input)) as News,
  })
  return {
    hub,
    headCheck,
    openChats,
    presence,
    onEntries(entries) {
      for (const entry of entries) {
        if (entry.kind === 'chat.left')
          openChats.closeFor(entry.data.chatId, entry.topic.slice(topics.user('').length))
        presence.onEntry(entry)
      }
      hub.receive(entries)
    },
    async close() {
      hub.counts.close()
      news.close()
      await presence.close()
    },
  }
}
