import type { EntryData, Message, NoticeFrame } from '@belfry/protocol'
import type { Clock } from '../core/context.ts'
import type { Hub } from '../core/hub.ts'
import { topics } from '../core/topics.ts'
import type { LogEntry } from '../store/store.ts'
import { ChatNumbers, countsFrom, toKnown } from './chat-numbers.ts'
import type { ChatTitle } from './chat-title.ts'
import { type Addressee, type Draft, draftOf, noticeFor } from './notice.ts'
import type { Mentioned, News, NewsInput } from './notices.ts'

/** What has to be asked for is asked together; nobody hears the difference. */
const GATHER_MS = 25
/** Users asked for at once, so that a commit does not wait long behind them. */
const MAX_ASKED = 256
/** Titles kept; they are read again when they are missing. */
const MAX_TITLES = 10_000

export interface ChatNewsOptions {
  hub: Pick<Hub, 'nativeUsersOf' | 'tellLive'>
  clock: Clock
  readNews(input: NewsInput): Promise<News>
  /** Whether some device of the user has the chat in front of somebody. */
  isFocused(user: string, chatId: string): boolean
  onError(error: unknown): void
}

/** What one user is to be told as soon as the store has answered. */
interface Late {
  messages: Message[]
  /** Chats whose numbers have changed. */
  chatIds: Set<string>
  /** Whether any chat's may have. */
  isAll: boolean
  /** Set when something has changed since the store was asked. */
  isOutdated: boolean
}

interface Answer {
  /** Those that were asked for. */
  titles: ReadonlyMap<string, ChatTitle>
  mentions: readonly Mentioned[]
}

/**
 * Tells native sockets what is new in chats: notices, which make noise, and exact unread numbers.
 *
 * Of who is known here, both are at hand and go out together with the entry that they are about. For the others, and after
 * everything but a new message, the store is asked first: one question at a time, for all who wait.
 */
export class ChatNews {
  readonly #options: ChatNewsOptions
  readonly #numbers = new ChatNumbers()
  readonly #titles = new Map<string, ChatTitle>()
  #late = new Map<string, Late>()
  /** Who is being asked for. */
  #asked = new Map<string, Late>()
  /** Rises with every change of some title. */
  #titleChanges = 0
  #timer: NodeJS.Timeout | undefined
  #isAsking = false

  constructor(options: ChatNewsOptions) {
    this.#options = options
  }

  /** Call for every entry that somebody here hears, once it is on its way to them. */
  onShown(entry: LogEntry): void {
    const { kind, topic, offset } = entry
    switch (kind) {
      case 'message.posted':
        return this.#onPosted(entry.data, this.#hearersOf(topic, offset))
      case 'message.deleted':
        for (const user of this.#hearersOf(topic, offset)) this.#recount(user, entry.data.chatId)
        return
      case 'chat.read':
        return this.#onRead(topic.slice(topics.user('').length), entry.data)
      case 'chat.prefsChanged':
      case 'chat.left':
        return this.#recount(topic.slice(topics.user('').length), entry.data.chatId)
      case 'user.blocked':
      case 'user.unblocked':
        return this.#recount(topic.slice(topics.user('').length), undefined)
      case 'room.updated':
      case 'member.joined':
      case 'member.updated':
        return this.#forgetTitle(topic)
      case 'member.left':
        this.#forgetTitle(topic)
        // With an account goes what it has said, and not all of that is told.
        for (const user of this.#hearersOf(topic, offset)) this.#invalidate(user)
    }
  }

  /** The user's last socket is gone, and with it who is told what changes. */
  forget(user: string): void {
    this.#numbers.forget(user)
    this.#late.delete(user)
    this.#asked.delete(user)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#late.clear()
    this.#numbers.clear()
  }

  #hearersOf(topic: string, offset: number): string[] {
    return this.#options.hub.nativeUsersOf(topic, offset)
  }

  #onPosted(message: Message, users: readonly string[]): void {
    const now = this.#options.clock()
    const title = this.#titles.get(message.chatId)
    const draft = title && draftOf(message, title, now)
    for (const user of users) {
      const moved = this.#numbers.move(user, message, now)
      const known = this.#numbers.get(user)
      // The notification of a mention is not in the entry.
      const isNamed = message.mentions.includes(user)
      if (!known || !title || isNamed || moved === 'ahead') this.#lateOf(user).messages.push(message)
      else if (moved === 'counted') this.#tell({ user, known, now }, message.chatId, draft)
    }
  }

  #tell(to: Addressee, chatId: string, draft: Draft | undefined): void {
    const notice = this.#noticeFor(to, draft)
    if (notice) this.#options.hub.tellLive(to.user, 'notice', notice)
    else this.#tellCounts(to, [chatId])
  }

  #onRead(user: string, { chatId, lastReadSeq, privateReadSeq = 0 }: EntryData['chat.read']): void {
    const isKnown = this.#numbers.read(user, { chatId, upTo: Math.max(lastReadSeq, privateReadSeq) })
    const known = this.#numbers.get(user)
    if (isKnown && known) this.#tellCounts({ user, known, now: this.#options.clock() }, [chatId])
    else this.#recount(user, chatId)
  }

  /** Without a chat: numbers of any chat may have changed. */
  #recount(user: string, chatId: string | undefined): void {
    this.#invalidate(user)
    const late = this.#lateOf(user)
    if (chatId === undefined) late.isAll = true
    else late.chatIds.add(chatId)
  }

  #invalidate(user: string): void {
    this.#numbers.forget(user)
    const asked = this.#asked.get(user)
    if (asked) asked.isOutdated = true
  }

  #forgetTitle(topic: string): void {
    this.#titleChanges += 1
    this.#titles.delete(topic.slice(topics.room('').length))
  }

  #lateOf(user: string): Late {
    const late = this.#late.get(user) ?? {
      messages: [],
      chatIds: new Set(),
      isAll: false,
      isOutdated: false,
    }
    this.#late.set(user, late)
    if (!this.#isAsking) this.#timer ??= setTimeout(() => void this.#ask(), GATHER_MS)
    return late
  }

  async #ask(): Promise<void> {
    this.#timer = undefined
    this.#isAsking = true
    try {
      while (this.#late.size > 0) {
        const some = [...this.#late].slice(0, MAX_ASKED)
        for (const [user] of some) this.#late.delete(user)
        this.#asked = new Map(some)
        await this.#answer(this.#asked)
      }
    } catch (error) {
      this.#options.onError(error)
    } finally {
      this.#isAsking = false
      this.#asked = new Map()
    }
    if (this.#late.size > 0) this.#timer ??= setTimeout(() => void this.#ask(), GATHER_MS)
  }

  async #answer(late: ReadonlyMap<string, Late>): Promise<void> {
    const changes = this.#titleChanges
    const news = await this.#read(late)
    const now = this.#options.clock()
    const fresh = new Map(news.standings.map((standing) => [standing.user, toKnown(standing, now)]))
    const titles = new Map(news.titles)
    if (changes === this.#titleChanges) this.#keepTitles(titles)
    // Who is gone meanwhile is no longer asked for.
    for (const [user, known] of fresh)
      if (late.get(user)?.isOutdated === false) this.#numbers.set(user, known)
    for (const [user, one] of late) {
      for (const message of one.messages) this.#numbers.show(user, message)
      const known = this.#numbers.get(user) ?? fresh.get(user)
      if (known) this.#tellLate({ user, known, now }, one, { titles, mentions: news.mentions })
      else this.#again(user, one)
    }
  }

  /** Of who is known by now, the numbers need not be asked for. */
  async #read(late: ReadonlyMap<string, Late>): Promise<News> {
    const now = this.#options.clock()
    const messages = new Map<string, Message>()
    for (const [user, one] of late)
      for (const message of one.messages) {
        messages.set(message.id, message)
        this.#numbers.move(user, message, now)
      }
    const users = [...late.keys()].filter((user) => !this.#numbers.get(user))
    const all = [...messages.values()]
    const chatIds = [...new Set(all.map(({ chatId }) => chatId))].filter((id) => !this.#titles.has(id))
    const messageIds = all.filter(({ mentions }) => mentions.length > 0).map(({ id }) => id)
    if (users.length + chatIds.length + messageIds.length === 0)
      return { standings: [], titles: [], mentions: [] }
    return this.#options.readNews({ users, chatIds, messageIds })
  }

  #keepTitles(titles: ReadonlyMap<string, ChatTitle>): void {
    if (this.#titles.size > MAX_TITLES) this.#titles.clear()
    for (const [chatId, title] of titles) this.#titles.set(chatId, title)
  }

  /** Something has changed while others were asked for. */
  #again(user: string, { messages, chatIds, isAll }: Late): void {
    const late = this.#lateOf(user)
    late.messages.unshift(...messages)
    for (const chatId of chatIds) late.chatIds.add(chatId)
    late.isAll ||= isAll
  }

  #tellLate(to: Addressee, { messages, chatIds, isAll }: Late, { titles, mentions }: Answer): void {
    const changed = new Set(isAll ? [...chatIds, ...to.known.chats.keys()] : chatIds)
    for (const message of messages) {
      const { chatId, id } = message
      const title = titles.get(chatId) ?? this.#titles.get(chatId)
      const mention = mentions.find((one) => one.messageId === id && one.user === to.user)
      // What is read already makes no noise.
      const isUnread = to.known.chats.has(chatId)
      const draft = title && isUnread ? draftOf(message, title, to.now) : undefined
      const notice = this.#noticeFor(to, draft, mention)
      if (notice) this.#options.hub.tellLive(to.user, 'notice', notice)
      // A notice has no room for the mentions of its chat.
      if (!notice || mention) changed.add(chatId)
    }
    if (changed.size > 0) this.#tellCounts(to, changed)
  }

  #noticeFor(to: Addressee, draft: Draft | undefined, mention?: Mentioned): NoticeFrame | undefined {
    // On no device, when one has the chat before its user.
    if (!draft || this.#options.isFocused(to.user, draft.common.chatId)) return undefined
    return noticeFor(to, draft, mention)
  }

  #tellCounts({ user, known, now }: Addressee, chatIds: Iterable<string>): void {
    this.#options.hub.tellLive(user, 'chatCounts', countsFrom(known, chatIds, now))
  }
}
