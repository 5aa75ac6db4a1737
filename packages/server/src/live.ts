import type { Counts } from '@belfry/protocol'
import type { Bus } from './bus/bus.ts'
import { ChatNews } from './chat/news.ts'
import type { News } from './chat/notices.ts'
import type { Context } from './core/context.ts'
import { Control } from './core/control.ts'
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
  /** Call for every entry that this node has committed, in order, and for what the bus brings of other nodes. */
  onEntries(entries: LogEntry[], isOwn: boolean): void
  close(): Promise<void>
}

export interface LiveOptions {
  context: Context
  bus: Bus
  /**
   * Told of every entry that is committed here, before its sender is answered, and of those of others that concern
   * anybody here: in the order of their topic, as far as somebody connected hears it.
   */
  onEntry(entry: LogEntry): void
  /** Something of the user's rights has changed on another node. */
  onRightsChanged(user: string): void
  onError(error: unknown): void
}

/** Composes them over one store and one bus. */
export function createLive({ context, bus, onEntry, onRightsChanged, onError }: LiveOptions): Live {
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
  const control = new Control(bus, (hint) => {
    if (hint.kind === 'account') onRightsChanged(hint.user)
    else presence.onBlock(hint)
  })
  const rights = new RightsCheck({
    read: async (after) =>
      (await store.read('rightsOf', after === undefined ? {} : { after })) as RightsAnswer,
    onMissed: follow,
  })
  const hub = new Hub({
    onError,
    entriesAfter: async (topic, after) => (await store.read('entriesAfter', { topic, after })) as LogEntry[],
    countsOf: async (users) => (await store.read('countsOfMany', { users })) as Counts[],
    onShown(entry, isOwn) {
      if (!isOwn) follow(entry)
      news.onShown(entry)
    },
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
    onEntries(entries, isOwn) {
      if (isOwn) {
        for (const entry of entries) follow(entry)
        control.tell(entries)
      }
      hub.receive(entries, isOwn)
    },
    async close() {
      hub.counts.close()
      news.close()
      await presence.close()
    },
  }
}
