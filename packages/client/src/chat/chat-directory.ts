import type { Chat, ChatCounts, Entry, NoticeFrame } from '@belfry/protocol'
import { applyToChat } from './chat-facts.ts'

export type ChatTotal = ChatCounts['total']

const NOTHING: ChatTotal = { unread: 0, chats: 0, mentions: 0 }

/** Every chat that the client has heard of, and the server's numbers. */
export class ChatDirectory {
  readonly #onChange: () => void
  readonly #chats = new Map<string, Chat>()
  /** Those in which the user is; who has left a chat may still have it open. */
  readonly #joined = new Set<string>()
  #total = NOTHING
  #blocked: ReadonlySet<string> = new Set()
  /** Of questions that are under way: the entries since they were asked. */
  readonly #hearing = new Set<Entry[]>()

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get total(): ChatTotal {
    return this.#total
  }

  get blocked(): ReadonlySet<string> {
    return this.#blocked
  }

  get joined(): Chat[] {
    return [...this.#chats.values()].filter(({ id }) => this.#joined.has(id))
  }

  get(chatId: string): Chat | undefined {
    return this.#chats.get(chatId)
  }

  /** @param later Entries that the answer does not hold yet */
  put(chat: Chat, later: readonly Entry[], isJoined: boolean): void {
    this.#chats.set(chat.id, later.reduce(applyToChat, chat))
    if (isJoined) this.#joined.add(chat.id)
    else this.#joined.delete(chat.id)
    this.#onChange()
  }

  /** Entries from now on, until `end` is called. */
  listen(): { entries: readonly Entry[]; end(): void } {
    const entries: Entry[] = []
    this.#hearing.add(entries)
    return { entries, end: () => void this.#hearing.delete(entries) }
  }

  /** @returns Whether the server has to say more of a chat: one that is new here, or that is called by its members */
  hear(entry: Entry, chatId: string | undefined): boolean {
    for (const heard of this.#hearing) heard.push(entry)
    if (entry.kind === 'user.blocked') this.setBlocked([...this.#blocked, entry.data.userId])
    if (entry.kind === 'user.unblocked') {
      this.setBlocked([...this.#blocked].filter((id) => id !== entry.data.userId))
    }
    if (chatId === undefined) return false
    if (entry.kind === 'chat.left') this.drop(chatId)
    const chat = this.#chats.get(chatId)
    const after = chat && applyToChat(chat, entry)
    if (after && after !== chat) {
      this.#chats.set(chatId, after)
      this.#onChange()
    }
    switch (entry.kind) {
      case 'chat.joined':
        return true
      case 'message.posted':
        return !this.#joined.has(chatId)
      case 'member.joined':
      case 'member.left':
        return chat?.title === undefined
      default:
        return false
    }
  }

  /** It is no longer among the user's chats. */
  drop(chatId: string): void {
    if (this.#joined.delete(chatId)) this.#onChange()
  }

  setBlocked(userIds: readonly string[]): void {
    this.#blocked = new Set(userIds)
    this.#onChange()
  }

  takeCounts({ chats, total }: ChatCounts): void {
    this.#total = total
    for (const [id, numbers] of Object.entries(chats)) {
      const chat = this.#chats.get(id)
      if (!chat) continue
      const { unread, mentions: unreadMentions } = numbers
      this.#chats.set(id, { ...chat, unread, unreadMentions })
    }
    this.#onChange()
  }

  /** A notice brings the numbers that came with its message. */
  takeNotice({ chatId, unread }: NoticeFrame): void {
    const { chat, total, chats, mentions } = unread
    const known = this.#chats.get(chatId)
    this.#total = { unread: total, chats, mentions }
    if (known) this.#chats.set(chatId, { ...known, unread: chat })
    this.#onChange()
  }

  clear(): void {
    this.#chats.clear()
    this.#joined.clear()
    this.#total = NOTHING
    this.#blocked = new Set()
    this.#onChange()
  }
}
