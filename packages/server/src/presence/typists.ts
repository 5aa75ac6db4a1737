/** What others were told last stands for this long: they, too, let it end. Source: chat-presence.md §7. */
const TYPING_MS = 8000
/** `tick` comes a little later than what it looks for. */
const SERVER_TYPING_MS = TYPING_MS - 500
/** Repeats within this time only extend. */
const REPEAT_MS = 2000

interface Typist {
  /** Per connection: when its last word runs out. */
  readonly until: Map<string, number>
  toldAt: number
}

export interface TypistsOptions {
  /** Somebody began or ended. Never left out. */
  onChanged(chatId: string, user: string, isTyping: boolean): void
  /** Still going on; others would let it end. */
  onRepeated(chatId: string): void
  /** A connection has said that its user writes, or no longer does. */
  onWord?(place: TypingPlace, isTyping: boolean): void
}

/**
 * Who writes in which chat.
 *
 *   silent ──start──► writing ──start within 2 s of the last telling──► (extended)
 *      ▲                 │    ──start later──────────────────────────► (told again)
 *      └── stop, end, connection closed, 7.5 s without a start ◄──────────┘
 *
 * A user with several devices writes as long as one of them does.
 */
export class Typists {
  readonly #options: TypistsOptions
  readonly #chats = new Map<string, Map<string, Typist>>()
  readonly #byConnection = new Map<string, Set<string>>()

  constructor(options: TypistsOptions) {
    this.#options = options
  }

  /** Users that write in this chat, and in how many milliseconds the last of them runs out. */
  inChat(chatId: string, now: number): { users: string[]; expiresInMs: number } {
    const typists = this.#chats.get(chatId) ?? new Map<string, Typist>()
    const last = Math.max(now, ...[...typists.values()].flatMap(({ until }) => [...until.values()]))
    const leftMs = last - now + TYPING_MS - SERVER_TYPING_MS
    return { users: [...typists.keys()], expiresInMs: typists.size === 0 ? TYPING_MS : leftMs }
  }

  isTyping(chatId: string, user: string): boolean {
    return this.#chats.get(chatId)?.has(user) ?? false
  }

  start({ chatId, user, connectionId }: TypingPlace, now: number): void {
    const typists = this.#chats.get(chatId) ?? new Map<string, Typist>()
    this.#chats.set(chatId, typists)
    const known = typists.get(user)
    const typist = known ?? { until: new Map<string, number>(), toldAt: now }
    typist.until.set(connectionId, now + SERVER_TYPING_MS)
    const chats = this.#byConnection.get(connectionId) ?? new Set<string>()
    this.#byConnection.set(connectionId, chats.add(chatId))
    this.#options.onWord?.({ chatId, user, connectionId }, true)
    if (!known) {
      typists.set(user, typist)
      this.#options.onChanged(chatId, user, true)
    } else if (now - typist.toldAt >= REPEAT_MS) {
      typist.toldAt = now
      this.#options.onRepeated(chatId)
    }
  }

  stop({ chatId, user, connectionId }: TypingPlace): void {
    const typist = this.#chats.get(chatId)?.get(user)
    if (!typist?.until.delete(connectionId)) return
    this.#forget(chatId, connectionId)
    this.#options.onWord?.({ chatId, user, connectionId }, false)
    if (typist.until.size === 0) this.end(chatId, user)
  }

  /** On all devices: the user has posted, or may no longer. */
  end(chatId: string, user: string): void {
    const typists = this.#chats.get(chatId)
    const typist = typists?.get(user)
    if (!typists || !typist) return
    typists.delete(user)
    if (typists.size === 0) this.#chats.delete(chatId)
    for (const connectionId of typist.until.keys()) this.#forget(chatId, connectionId)
    this.#options.onChanged(chatId, user, false)
  }

  /** In all chats: nobody is told who has been blocked meanwhile. */
  endAll(user: string): void {
    for (const chatId of [...this.#chats.keys()]) this.end(chatId, user)
  }

  closed(user: string, connectionId: string): void {
    for (const chatId of [...(this.#byConnection.get(connectionId) ?? [])])
      this.stop({ chatId, user, connectionId })
  }

  /** Ends what was not repeated in time. */
  tick(now: number): void {
    for (const [chatId, typists] of this.#chats) {
      for (const [user, { until }] of typists) {
        for (const [connectionId, at] of until) if (at <= now) this.stop({ chatId, user, connectionId })
      }
    }
  }

  #forget(chatId: string, connectionId: string): void {
    const chats = this.#byConnection.get(connectionId)
    chats?.delete(chatId)
    if (chats?.size === 0) this.#byConnection.delete(connectionId)
  }
}

export interface TypingPlace {
  chatId: string
  user: string
  connectionId: string
}
