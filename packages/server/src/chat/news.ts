import type { ChatCounts, Message, NoticeFrame } from '@belfry/protocol'
import type { Clock } from '../core/context.ts'
import type { Hub } from '../core/hub.ts'
import { previewOf } from '../core/preview.ts'
import { topics } from '../core/topics.ts'
import type { LogEntry } from '../store/store.ts'
import type { NewsOf } from './notices.ts'

/** Messages of one chat in so short a time are told together; nobody hears the difference. */
const GATHER_MS = 25
/** An older message makes no noise. Source: chat-presence.md §8. */
const MAX_AGE_MS = 10_000

export interface ChatNewsOptions {
  hub: Pick<Hub, 'nativeUsersOf' | 'tellLive'>
  clock: Clock
  readNews(input: { chatId: string; messageIds: string[]; users: string[] }): Promise<NewsOf[]>
  /** Without `chatIds`: of all chats that may hold something unread. */
  readCounts(input: { user: string; chatIds?: string[] }): Promise<ChatCounts>
  /** Whether some device of the user has the chat in front of somebody. */
  isFocused(user: string, chatId: string): boolean
  onError(error: unknown): void
}

interface Gathered {
  messages: Message[]
  /** Whether something else has changed the numbers. */
  isRecounted: boolean
}

/**
 * Tells native sockets what is new in chats: notices, which make noise, and exact unread numbers. Both come from the
 * store, after the entries that caused them.
 */
export class ChatNews {
  readonly #options: ChatNewsOptions
  readonly #chats = new Map<string, Gathered>()
  /** Whose numbers have changed, and in which chats; undefined: in any. */
  readonly #users = new Map<string, Set<string> | undefined>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: ChatNewsOptions) {
    this.#options = options
  }

  /** Call for every entry that somebody here hears. */
  onShown(entry: LogEntry): void {
    switch (entry.kind) {
      case 'message.posted':
        return this.#gather(entry.data.chatId, entry.data)
      case 'message.deleted':
        return this.#gather(entry.data.chatId, undefined)
      case 'chat.read':
      case 'chat.prefsChanged':
      case 'chat.left':
        return this.#recount(entry.topic.slice(topics.user('').length), entry.data.chatId)
      case 'user.blocked':
      case 'user.unblocked':
        return this.#recount(entry.topic.slice(topics.user('').length), undefined)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#chats.clear()
    this.#users.clear()
  }

  #gather(chatId: string, message: Message | undefined): void {
    const gathered = this.#chats.get(chatId) ?? { messages: [], isRecounted: false }
    this.#chats.set(chatId, gathered)
    if (message) gathered.messages.push(message)
    else gathered.isRecounted = true
    this.#start()
  }

  /** Without a chat: numbers of any chat may have changed. */
  #recount(user: string, chatId: string | undefined): void {
    const chats = this.#users.has(user) ? this.#users.get(user) : new Set<string>()
    this.#users.set(user, chatId === undefined ? undefined : chats?.add(chatId))
    this.#start()
  }

  #start(): void {
    this.#timer ??= setTimeout(() => void this.#tell().catch(this.#options.onError), GATHER_MS)
  }

  async #tell(): Promise<void> {
    this.#timer = undefined
    const [chats, users] = [[...this.#chats], [...this.#users]]
    this.#chats.clear()
    this.#users.clear()
    await Promise.all([
      ...chats.map(([chatId, gathered]) => this.#tellChat(chatId, gathered)),
      ...users.map(async ([user, chatIds]) => {
        const asked = chatIds === undefined ? {} : { chatIds: [...chatIds] }
        const counts = await this.#options.readCounts({ user, ...asked })
        this.#options.hub.tellLive(user, 'chatCounts', counts)
      }),
    ])
  }

  async #tellChat(chatId: string, { messages, isRecounted }: Gathered): Promise<void> {
    const { hub, readNews, clock } = this.#options
    const oldest = clock() - MAX_AGE_MS
    const fresh = messages.filter(
      (one) => one.messageType !== 'system' && Date.parse(one.createdAt) >= oldest,
    )
    const users = hub.nativeUsersOf(topics.room(chatId))
    if (users.length === 0) return
    const news = await readNews({ chatId, messageIds: fresh.map(({ id }) => id), users })
    for (const one of news) {
      const notices = this.#noticesFor(one, fresh)
      for (const notice of notices) hub.tellLive(one.user, 'notice', notice)
      // A notice has no room for the mentions of its chat.
      const isMentioned = notices.some(({ mentioned }) => mentioned)
      if (notices.length === 0 || isRecounted || isMentioned) hub.tellLive(one.user, 'chatCounts', one.counts)
    }
  }

  #noticesFor(
    { user, chatId, chatTitle, isSilent, blocked, mentions, counts }: NewsOf,
    messages: readonly Message[],
  ): NoticeFrame[] {
    if (this.#options.isFocused(user, chatId)) return []
    const unread = { chat: counts.chats[chatId]?.unread ?? 0, ...counts.total, total: counts.total.unread }
    return messages.flatMap((message): NoticeFrame[] => {
      const { id: messageId, seq, senderId, senderName, messageType, createdAt } = message
      const preview = previewOf(message.content)
      if (senderId === null || senderId === user || blocked.includes(senderId) || message.silent) return []
      const mention = mentions.find((one) => one.messageId === messageId)
      return [
        {
          ...{ chatId, messageId, seq, chatTitle, senderId, senderName, preview, messageType, createdAt },
          mentioned: mention !== undefined,
          ...(mention?.itemId ? { notificationId: mention.itemId } : {}),
          silent: isSilent === true || (isSilent === 'unless-mentioned' && !mention),
          unread: { chat: unread.chat, total: unread.total, chats: unread.chats, mentions: unread.mentions },
        },
      ]
    })
  }
}
