import type { ChatCounts } from '@belfry/protocol'
import type { OracleChat as Chat, Copy, NewChat, Said, Seat } from './oracle-chat.ts'
import { OracleChat } from './oracle-chat.ts'

/** An uploaded file. */
export interface File {
  id: string
  owner: string
  message: string | undefined
}

export interface Reading {
  upTo: number | undefined
  isPrivate: boolean
  now: number
}

/** What everybody must see: nothing is counted ahead, nothing is compressed, everything is looked up row by row. */
export class Oracle {
  readonly people: string[] = []
  readonly chats = new Map<string, Chat>()
  readonly files = new Map<string, File>()
  readonly reports = new Set<string>()
  /** Who has blocked whom, in that order. */
  readonly #blocks = new Map<string, string[]>()

  chat(id: string): Chat {
    const chat = this.chats.get(id)
    if (!chat) throw new Error(`No chat ${id}`)
    return chat
  }

  make(chat: NewChat): void {
    this.chats.set(chat.id, new OracleChat(chat))
  }

  blocksOf(user: string): string[] {
    return this.#blocks.get(user) ?? []
  }

  hasBlocked(user: string, other: string): boolean {
    return this.blocksOf(user).includes(other)
  }

  arePartedBy(user: string, other: string): boolean {
    return this.hasBlocked(user, other) || this.hasBlocked(other, user)
  }

  block(user: string, other: string): void {
    this.#blocks.set(user, [...this.blocksOf(user), other])
  }

  unblock(user: string, other: string): void {
    this.#blocks.set(
      user,
      this.blocksOf(user).filter((one) => one !== other),
    )
  }

  message(id: string): { chat: Chat; message: Said } | undefined {
    for (const chat of this.chats.values()) {
      const message = chat.said.find((one) => one.id === id)
      if (message) return { chat, message }
    }
    return undefined
  }

  canRead(user: string, messageId: string): boolean {
    return this.message(messageId)?.message.copies.get(user)?.canRead === true
  }

  /** A file is its owner's, and of who reads the message that it is in; with the message it goes. */
  canReadFile(user: string, { owner, message: id }: File): boolean {
    if (id === undefined) return owner === user
    const isGone = this.message(id)?.message.deletedAt !== undefined
    return !isGone && (owner === user || this.canRead(user, id))
  }

  isUnread(user: string, chat: Chat, message: Said): boolean {
    const copy = message.copies.get(user)
    if (!copy?.isOwn || !chat.isActive(user)) return false
    if (message.sender === user || message.isSilent || message.deletedAt !== undefined) return false
    if (this.hasBlocked(user, message.sender)) return false
    const { unreadFrom } = chat.seat(user)
    return unreadFrom === undefined ? !isRead(copy) : message.seq >= unreadFrom
  }

  unreadIn(user: string, chat: Chat): { unread: number; mentions: number } {
    const unread = chat.said.filter((message) => this.isUnread(user, chat, message))
    const named = unread.filter((message) => chat.copy(user, message).isNamed)
    return { unread: unread.length, mentions: named.length }
  }

  /** Chats that the user is in. */
  chatsOf(user: string): Chat[] {
    return [...this.chats.values()].filter((chat) => chat.isActive(user))
  }

  counts(user: string, now: number): ChatCounts {
    const chats: ChatCounts['chats'] = {}
    const total = { unread: 0, chats: 0, mentions: 0 }
    for (const chat of this.chatsOf(user)) {
      const numbers = this.unreadIn(user, chat)
      chats[chat.id] = numbers
      const seat = chat.seat(user)
      if (isSilenced(seat, now) || seat.hiddenAt !== undefined || numbers.unread === 0) continue
      total.unread += numbers.unread
      total.mentions += numbers.mentions
      total.chats += 1
    }
    return { chats, total }
  }

  /** Marks copies as read. Resolves to what changed: the marks at all, and those that others are told of. */
  read(
    chat: Chat,
    user: string,
    { upTo, isPrivate, now }: Reading,
  ): { isNews: boolean; isForOthers: boolean } {
    const seat = chat.seat(user)
    const before = chat.watermark(user)
    const messages = chat.said.filter(({ seq }) => upTo === undefined || seq <= upTo)
    const copies = messages.map((message) => ({ copy: chat.copy(user, message), seq: message.seq }))
    const mark = isPrivate ? 'isReadPrivately' : 'isRead'
    const isNews = copies.some(({ copy }) => !copy[mark]) || seat.unreadFrom !== undefined
    for (const { copy, seq } of copies) {
      const isPassed = !isRead(copy) || (seat.unreadFrom !== undefined && seq >= seat.unreadFrom)
      if (isPassed && copy.notice === 'unread') copy.notice = 'read'
      copy[mark] = true
      if (!isPrivate) copy.isDelivered = true
    }
    seat.unreadFrom = undefined
    const isForOthers = chat.watermark(user).read > before.read
    if (isForOthers) seat.lastReadAt = now
    return { isNews, isForOthers }
  }

  /** A device has got what was said between two offsets. Resolves to whether the watermark has moved. */
  deliver(chat: Chat, user: string, { after, upTo }: { after: number; upTo: number }): boolean {
    if (!chat.isActive(user)) return false
    const before = chat.watermark(user).delivered
    for (const message of chat.said)
      if (message.offset > after && message.offset <= upTo) chat.copy(user, message).isDelivered = true
    return chat.watermark(user).delivered > before
  }

  /** Nothing of it stays but its place, and nothing of what it led to. */
  bury(message: Said, by: string, now: number): void {
    const nothing = { content: '', media: [], mentions: [], reactions: [] }
    const gone = { replyTo: undefined, metadata: undefined, editedAt: undefined }
    Object.assign(message, nothing, gone, { deletedAt: now, deletedBy: by })
    for (const copy of message.copies.values()) Object.assign(copy, { isNamed: false, notice: 'none' })
  }

  unreadNotices(user: string, { said }: Chat): number {
    return said.filter(({ copies }) => copies.get(user)?.notice === 'unread').length
  }

  /** Notifications that the user has of being named, and whether they are read. */
  notices(user: string): { messageId: string; isRead: boolean }[] {
    const found: { messageId: string; isRead: boolean }[] = []
    for (const { said } of this.chats.values())
      for (const { id, copies } of said) {
        const notice = copies.get(user)?.notice ?? 'none'
        if (notice !== 'none') found.push({ messageId: id, isRead: notice === 'read' })
      }
    return found
  }
}

const isRead = (copy: Copy): boolean => copy.isRead || copy.isReadPrivately

export const isSilenced = ({ silencedUntil: until }: Seat, now: number): boolean =>
  until !== undefined && (until === 'forever' || until > now)
