import type { Host } from '../host.ts'
import type { Attention } from './attention.ts'
import type { ChatCache } from './chat-cache.ts'
import type { ChatDirectory } from './chat-directory.ts'
import type { ChatFilter } from './chat-facts.ts'
import { ChatList } from './chat-list.ts'
import { ChatStore } from './chat-store.ts'
import type { PostQueue } from './post-queue.ts'
import { Shelf } from './shelf.ts'
import { Typing } from './typing.ts'

export interface ChatSettings {
  pageSize: number
  /** `visible`: what was on screen while somebody looked; `manual`: what `markRead` says. */
  markRead: 'visible' | 'manual'
  /** Others are not told what was read. */
  privateReads: boolean
  /** Whether unsent messages survive a reload. */
  isQueueKept: boolean
  attention: Attention
}

interface Parts {
  host: Host
  settings: ChatSettings
  directory: ChatDirectory
  cache: ChatCache
  queue: PostQueue
  tell(event: string, payload: unknown): void
}

/** What views share: lists by their filter, and by their id chats and who types there. */
export function createShelves(parts: Parts, onFirstUse: () => void) {
  const { host, settings, directory, cache, queue, tell } = parts
  const { pageSize, privateReads, attention } = settings
  const { clock } = host.environment
  const isFocused = () => attention.isFocused()
  return {
    lists: new Shelf<ChatFilter, ChatList>(
      clock,
      (filter) => {
        onFirstUse()
        return new ChatList({ host, filter, directory })
      },
      (list) => list.close(),
    ),
    stores: new Shelf<string, ChatStore>(
      clock,
      (chatId) => {
        onFirstUse()
        const shared = { host, directory, cache, queue, pageSize, privateReads }
        return new ChatStore({ ...shared, chatId, isFocused })
      },
      (store, chatId) => {
        store.close()
        tell('closeChat', { chatId })
      },
    ),
    typing: new Shelf<string, Typing>(
      clock,
      (chatId) => new Typing({ clock, tell: (event) => tell(event, { chatId }) }),
      (typing) => typing.close(),
    ),
  }
}
