import type { Counts } from '@belfry/protocol'
import type { Bus } from './bus/bus.ts'
import { ChatNews } from './chat/news.ts'
import type { News } from './chat/notices.ts'
import type { Context } from './core/context.ts'
import { HeadCheck } from './core/head-check.ts'
import { Hub } from './core/hub.ts'
import { OpenChats } from './core/open-chats.ts'
import type { RightsAnswer } from './core/rights.ts'
import { RightsCheck } from './core/rights-check.ts'
import { topics } from './core/topics.ts'
import { LivePresence } from './presence/live-presence.ts'
import type { LogEntry } from './store/store.ts'

/** What one node shows as it happens. */
export interface Live {
  readonly hub: Hub
  readonly headCheck: HeadCheck
  readonly openChats: OpenChats
  readonly presence: LivePresence
  /** Finds what the bus has lost of others' rights; for a store that is shared. */
  readonly rights: RightsCheck
  /** Call for everything that the bus brings. */
  onEntries(entries: LogEntry[]): void
  close(): Promise<void>
}

export interface LiveOptions {
  context: Context
  bus: Bus
  /**
   * Told of every entry that is committed here or that concerns anybody here: once, and in the order of its topic, as
   * far as somebody connected hears the topic.
   */
  onEntry(entry: LogEntry): void
  onError(error: unknown): void
}

/** Composes them over one store and one bus. */
export function createLive({ context, bus, onEntry, onError }: LiveOptions): Live {
  const { store, clock } = context
  const openChats = new OpenChats()
  const presence = new LivePresence({ context, openChats, bus, onError })
  const follow = (entry: LogEntry) => {
    rights.note(entry)
    onEntry(entry)
    if (entry.kind === 'chat.left')
      openChats.closeFor(entry.data.chatId, entry.topic.slice(topics.user('').length))
    presence.onEntry(entry)
  }
  const rights = new RightsCheck({
    read: async (forMs) => (await store.read('rightsOf', { forMs })) as RightsAnswer,
    onMissed: follow,
  })
  const hub = new Hub({
    onError,
    entriesAfter: async (topic, after) => (await store.read('entriesAfter', { topic, after })) as LogEntry[],
    countsOf: async (users) => (await store.read('countsOfMany', { users })) as Counts[],
    onShown(entry) {
      follow(entry)
      news.onShown(entry)
    },
    onUnheard: follow,
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
    rights,
    onEntries: (entries) => hub.receive(entries),
    async close() {
      hub.counts.close()
      news.close()
      await presence.close()
    },
  }
}
