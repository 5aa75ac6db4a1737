import type { ChatCounts, Message } from '@belfry/protocol'
import { isSilenced } from './silence.ts'

/** One chat as one of its members stands in it. */
export interface ChatStanding {
  chatId: string
  /** The numbers hold up to this message. */
  lastSeq: number
  /** The last one whose entry was shown since they were read. */
  shownSeq?: number
  unread: number
  mentions: number
  notify: string
  silencedUntil: number | null
  isHidden: boolean
}

/** What one user's numbers and notices depend on: all chats that hold something unread, and some others. */
export interface Standing {
  user: string
  blocked: string[]
  chats: ChatStanding[]
}

export interface Known {
  readonly blocked: ReadonlySet<string>
  readonly chats: ReadonlyMap<string, ChatStanding>
  readonly readAt: number
}

/**
 * `unknown`: the store has to be asked. `same`: the message does not count. `ahead`: the store has counted it before its
 * entry came, as it does when another node has taken it.
 */
export type Moved = 'unknown' | 'same' | 'ahead' | 'counted'

/** What changes without an entry, as when old messages are trimmed, shows after so long at the latest. */
const MAX_AGE_MS = 60_000

/**
 * Exact numbers of who is here: read from the store, moved by new messages, forgotten at everything else. A message that
 * is not the next of its chat proves that something was missed, and the store is asked.
 */
export class ChatNumbers {
  readonly #known = new Map<string, Known>()

  get(user: string): Known | undefined {
    return this.#known.get(user)
  }

  set(user: string, known: Known): void {
    this.#known.set(user, known)
  }

  forget(user: string): void {
    this.#known.delete(user)
  }

  clear(): void {
    this.#known.clear()
  }

  /** Counts a message that a member is shown. */
  move(user: string, message: Message, now: number): Moved {
    const known = this.#known.get(user)
    const chat = known?.chats.get(message.chatId)
    if (!known || !chat || now - known.readAt > MAX_AGE_MS || message.seq > chat.lastSeq + 1) {
      this.forget(user)
      return 'unknown'
    }
    const isRepeated = message.seq <= (chat.shownSeq ?? 0)
    this.show(user, message)
    if (message.seq <= chat.lastSeq)
      return !isRepeated && chat.unread > 0 && isCounted(known, user, message) ? 'ahead' : 'same'
    chat.lastSeq = message.seq
    if (!isCounted(known, user, message)) return 'same'
    chat.unread += 1
    if (message.mentions.includes(user)) chat.mentions += 1
    return 'counted'
  }

  /** The message's entry was shown, whether it was counted then or not. */
  show(user: string, { chatId, seq }: Message): void {
    const chat = this.#known.get(user)?.chats.get(chatId)
    if (chat) chat.shownSeq = Math.max(chat.shownSeq ?? 0, seq)
  }

  /** The user has read up to a message. Returns whether that leaves nothing to ask. */
  read(user: string, { chatId, upTo }: { chatId: string; upTo: number }): boolean {
    const chat = this.#known.get(user)?.chats.get(chatId)
    if (!chat || upTo < chat.lastSeq) {
      this.forget(user)
      return false
    }
    // Its entry may come before those of the last messages that it covers.
    Object.assign(chat, { lastSeq: upTo, unread: 0, mentions: 0 })
    return true
  }
}

export const toKnown = ({ blocked, chats }: Standing, readAt: number): Known => ({
  blocked: new Set(blocked),
  chats: new Map(chats.map((chat) => [chat.chatId, chat])),
  readAt,
})

/** The rule of `unread.ts`, for a message that comes after everything that was read. */
const isCounted = ({ blocked }: Known, user: string, { senderId, ...message }: Message): boolean =>
  senderId !== null &&
  senderId !== user &&
  !blocked.has(senderId) &&
  message.messageType !== 'system' &&
  !message.silent &&
  message.deletedAt === undefined

/** The numbers of these chats, and over all that are neither muted nor hidden. */
export function countsFrom(known: Known, chatIds: Iterable<string>, now: number): ChatCounts {
  const chats: ChatCounts['chats'] = {}
  for (const chatId of chatIds) {
    const { unread = 0, mentions = 0 } = known.chats.get(chatId) ?? {}
    chats[chatId] = { unread, mentions }
  }
  const total = { unread: 0, chats: 0, mentions: 0 }
  for (const { unread, mentions, silencedUntil, isHidden } of known.chats.values()) {
    if (unread === 0 || isHidden || isSilenced(silencedUntil, now)) continue
    total.unread += unread
    total.mentions += mentions
    total.chats += 1
  }
  return { chats, total }
}
