import type { Chat, CommandReply, Entry, Member, Message } from '@belfry/protocol'
import type { Host } from '../host.ts'
import { Listeners } from '../listeners.ts'
import type { ChatCache, KeptChat } from './chat-cache.ts'
import type { ChatDirectory } from './chat-directory.ts'
import { applyToMembers, readUpTo } from './chat-members.ts'
import { ChatReading } from './chat-reading.ts'
import type { ChatState } from './chat-state.ts'
import { LocalMessages, slowest } from './local-message.ts'
import { isMessageEntry } from './message-pages.ts'
import { OwnChanges } from './own-changes.ts'
import type { PostQueue } from './post-queue.ts'
import { ReadReports } from './read-reports.ts'

/** Several reasons at once are one question. */
const REFRESH_MS = 100

export interface ChatStoreOptions {
  host: Host
  chatId: string
  pageSize: number
  privateReads: boolean
  directory: ChatDirectory
  cache: ChatCache
  queue: PostQueue
  /** Whether somebody looks at this page. */
  isFocused(): boolean
}

type Opened = CommandReply<'openChat'>

/** One chat that somebody has open: its messages, its members, and what is on its way. */
export class ChatStore {
  readonly changed = new Listeners<void>()
  readonly reading: ChatReading
  readonly reports: ReadReports
  readonly changes = new OwnChanges(() => this.look())
  readonly locals = new LocalMessages()
  isActive = false
  /** How many views have it in front of the user. */
  activeViews = 0
  readonly chatId: string
  readonly #options: ChatStoreOptions
  #members: readonly Member[] = []
  /** The first seq that was unread when the user came to the chat. */
  #unreadFrom: number | undefined
  #state: ChatState | undefined
  /** Of questions that are under way: the entries since they were asked. */
  readonly #hearing = new Set<Entry[]>()
  #cancelRefresh: (() => void) | undefined

  constructor(options: ChatStoreOptions) {
    const { host, chatId, pageSize, cache, isFocused } = options
    this.#options = options
    this.chatId = chatId
    this.reading = new ChatReading({
      host,
      chatId,
      pageSize,
      open: (limit) => this.#open(limit),
      startOf: (opened) => this.#startOf(opened),
      onChange: () => {
        // Who may not read it, or no longer, keeps nothing of it.
        if (this.reading.status === 'unknown') cache.forget(chatId)
        this.#settle()
        this.look()
      },
    })
    this.reports = new ReadReports({
      clock: host.environment.clock,
      isSeen: () => this.isActive && isFocused(),
      readSeq: () => this.#readSeq,
      send: (upToSeq) => this.markRead(upToSeq),
    })
    const kept = cache.read(chatId)
    if (kept) this.showKept(kept)
    this.reading.load()
  }

  get state(): ChatState {
    this.#state ??= this.#read()
    return this.#state
  }

  get members(): readonly Member[] {
    return this.#members
  }

  get chat(): Chat | undefined {
    return this.#options.directory.get(this.#options.chatId)
  }

  showKept({ members, messages }: KeptChat): void {
    if (this.#members.length === 0) this.#members = members
    this.reading.showKept(messages)
  }

  /** Entries of the chat's topic, and own ones that name it; the caller looks when all are heard. */
  hear(entry: Entry): void {
    for (const heard of this.#hearing) heard.push(entry)
    const { userId } = this.#options.host.session
    if (isMessageEntry(entry)) this.reading.hear(entry)
    this.#members = applyToMembers(this.#members, entry)
    if (entry.kind === 'chat.read' && userId !== undefined) {
      this.#members = readUpTo(this.#members, userId, entry.data.lastReadSeq)
    }
    if (entry.kind === 'chat.prefsChanged' && entry.data.prefs.unreadFromSeq !== undefined) this.#holdUnread()
    // What may be read has changed from the ground up.
    if (entry.kind === 'chat.left' || entry.kind === 'chat.joined') this.reading.load()
    else if (this.#mayChangeRights(entry)) this.refreshFacts()
  }

  /** The line is new: its frames have to be started, and what the log does not tell may have changed. */
  resume(): void {
    if (this.reading.resume()) this.refreshFacts(0)
  }

  /** A snapshot has taken the place of the log. */
  reload(): void {
    this.reading.load()
    this.look()
  }

  /** Asks again for what entries do not tell, such as what the user may do. */
  refreshFacts(delayMs = REFRESH_MS): void {
    const { clock } = this.#options.host.environment
    if (this.reading.status !== 'loaded') return
    this.#cancelRefresh ??= clock.schedule(() => {
      this.#cancelRefresh = undefined
      this.#open(1).then(
        () => this.look(),
        () => undefined,
      )
    }, delayMs)
  }

  activate(isActive: boolean): void {
    if (isActive === this.isActive) return
    this.isActive = isActive
    if (isActive) {
      this.reports.release()
      const { chat } = this
      if (chat && chat.unread > 0 && this.reading.status === 'loaded') this.#unreadFrom = this.#readSeq + 1
    }
    this.reports.look()
    this.look()
  }

  async markRead(upToSeq: number | undefined): Promise<void> {
    const { host, chatId, directory, privateReads } = this.#options
    const reply = await host.commands.run('markChatRead', {
      chatId,
      ...(upToSeq === undefined ? {} : { upToSeq }),
      ...(privateReads ? { private: true } : {}),
    })
    directory.takeCounts(reply.counts)
    const { userId } = host.session
    if (userId !== undefined) this.#members = readUpTo(this.#members, userId, reply.lastReadSeq)
    this.look()
  }

  /** Something that is shown may have changed. */
  look(): void {
    const { cache, chatId } = this.#options
    this.#state = undefined
    const { status, window } = this.reading
    if (status === 'loaded' && !window.hasNewer) {
      cache.note(chatId, { members: this.#members, messages: window.rows })
    }
    this.changed.tell()
  }

  close(): void {
    this.reports.close()
    this.reading.close()
    this.#cancelRefresh?.()
  }

  async #open(limit: number): Promise<Opened> {
    const { host, chatId, directory } = this.#options
    const heard: Entry[] = []
    this.#hearing.add(heard)
    try {
      const opened = await host.commands.run('openChat', { chatId, limit })
      const later = heard.filter(({ topic, offset }) => topic === topicOf(chatId) && offset > opened.offset)
      this.#members = later.reduce(applyToMembers, opened.members)
      directory.put(opened.chat, later, this.#isMember(opened.members))
      return opened
    } finally {
      this.#hearing.delete(heard)
    }
  }

  /** A page may hold what the queue has no answer for. */
  #settle(): void {
    const { queue, chatId, host } = this.#options
    if (queue.of(chatId).length === 0) return
    for (const row of this.reading.window.rows) if (row.senderId === host.session.userId) queue.settle(row)
  }

  #isMember(members: readonly Member[]): boolean {
    return members.some(({ userId }) => userId === this.#options.host.session.userId)
  }

  /** The highest seq that does not count as unread. */
  get #readSeq(): number {
    const { privateReadSeq = 0, unreadFromSeq } = this.chat?.prefs ?? {}
    const { userId } = this.#options.host.session
    const own = this.#members.find((member) => member.userId === userId)
    return unreadFromSeq === undefined ? Math.max(own?.lastReadSeq ?? 0, privateReadSeq) : unreadFromSeq - 1
  }

  #startOf({ chat }: Opened): number | undefined {
    this.#unreadFrom = chat.unread > 0 ? this.#readSeq + 1 : this.#unreadFrom
    return chat.unread > 0 ? this.#unreadFrom : undefined
  }

  #holdUnread(): void {
    this.#unreadFrom = this.#readSeq + 1
    this.reports.hold()
  }

  #mayChangeRights(entry: Entry): boolean {
    const { userId } = this.#options.host.session
    switch (entry.kind) {
      case 'room.updated':
      case 'user.blocked':
      case 'user.unblocked':
        return true
      case 'member.joined':
      case 'member.updated':
        return entry.data.members.some((member) => member.userId === userId)
      case 'message.posted':
        return this.#isBound(entry.data)
      default:
        return false
    }
  }

  /** Whether somebody may have to wait for an answer, or has got one. */
  #isBound({ senderId }: Message): boolean {
    const { chat } = this
    if (!chat || chat.policyNotice !== undefined || !chat.capabilities.includes('postMessage')) return true
    const { userId } = this.#options.host.session
    const hasAnswer = this.reading.window.rows.some((row) => row.senderId !== null && row.senderId !== userId)
    return chat.type !== 'group' && senderId === userId && !hasAnswer
  }

  #read(): ChatState {
    const { queue, chatId, host } = this.#options
    const { userId } = host.session
    const { window, status, error } = this.reading
    const marks = slowest(this.#members, userId)
    const rows = window.rows.map((row) => this.locals.of(this.changes.show(row), userId, marks))
    const sent = new Set(rows.map(({ key }) => key))
    const waiting = window.hasNewer ? [] : queue.of(chatId).filter(({ post }) => !sent.has(post.clientId))
    const { chat } = this
    return {
      chat,
      members: this.#members,
      messages: [...rows, ...waiting.map((one) => this.locals.ofWaiting(one, userId))],
      firstUnreadSeq: this.#firstUnread(window.rows),
      isLoading: status === 'unknown' && error === undefined,
      isStale: status === 'stale',
      hasOlder: window.hasOlder,
      hasNewer: window.hasNewer,
      isFetchingOlder: this.reading.isFetching('older'),
      isFetchingNewer: this.reading.isFetching('newer'),
      error,
    }
  }

  /** The first row that counts as unread, if it is loaded. */
  #firstUnread(rows: readonly Message[]): number | undefined {
    const from = this.#unreadFrom
    if (from === undefined) return undefined
    const { userId } = this.#options.host.session
    const first = rows.find(
      (row) => row.seq >= from && row.senderId !== userId && !row.deletedAt && row.messageType !== 'system',
    )
    return first?.seq ?? from
  }
}

const topicOf = (chatId: string): string => `room:${chatId}`
