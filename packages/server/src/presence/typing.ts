import type { TypingFrame } from '@belfry/protocol'
import type { ChatReader, OpenChats } from '../core/open-chats.ts'
import type { LogEntry } from '../store/store.ts'
import type { ChatFactsCache } from './chat-facts.ts'
import { TypingLink, type TypingMessage } from './typing-link.ts'
import { type TypingPlace, Typists } from './typists.ts'

/** Nobody is told who types among more than these. Source: chat-presence.md §7. */
const MAX_MEMBERS = 100
/** Words of other nodes that may wait for the store; more are dropped. */
const MAX_WAITING = 1000

export interface TypingOptions {
  openChats: OpenChats
  facts: ChatFactsCache
  now(): number
  /** Tells the other nodes. */
  tellNodes?(message: TypingMessage): void
  /** This node. */
  node: string
}

/** Tells sockets that have a chat open who types there. */
export class Typing {
  readonly #options: TypingOptions
  readonly #typists: Typists
  readonly #link: TypingLink
  /** What other nodes say is taken in the order in which it came, though it may have to be asked who they are. */
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(options: TypingOptions) {
    this.#options = options
    this.#typists = new Typists({
      onChanged: (chatId, user, isTyping) => this.#tellChange(chatId, user, isTyping),
      onRepeated: (chatId) => this.#tellNatives(chatId, undefined),
      onWord: (place, isTyping) => this.#link.say(place, isTyping, options.now()),
    })
    this.#link = new TypingLink({
      node: options.node,
      send: (message) => options.tellNodes?.(message),
      onWord: (place, isTyping) => this.#hear(place, isTyping),
    })
    options.openChats.onOpened((chatId, reader) => this.#tellCurrent(chatId, reader))
    options.openChats.onClosed((chatId, { user, connection }) =>
      this.#typists.stop({ chatId, user, connectionId: connection.id }),
    )
  }

  /** @throws Failure `not_found` for a stranger, `forbidden` for one who may only read */
  async start(place: TypingPlace): Promise<void> {
    const { facts, now } = this.#options
    await facts.assertWriter(place.chatId, place.user, now())
    if (facts.memberCount(place.chatId) <= MAX_MEMBERS) this.#typists.start(place, now())
  }

  /** @throws Failure as `start` */
  async stop(place: TypingPlace): Promise<void> {
    // Whoever types was let in; for everybody else the answer must not tell more than that of `start`.
    if (this.#typists.isTyping(place.chatId, place.user)) return this.#typists.stop(place)
    await this.#options.facts.assertWriter(place.chatId, place.user, this.#options.now())
  }

  closed(user: string, connectionId: string): void {
    this.#typists.closed(user, connectionId)
  }

  /** Takes what another node tells, whatever it is. Returns whether it was about typing. */
  receive(message: unknown): boolean {
    return this.#link.receive(message)
  }

  tick(now: number): void {
    this.#typists.tick(now)
    this.#link.tick(now)
    this.#options.facts.tick(now, (chatId) => this.#typists.inChat(chatId, now).users.length > 0)
  }

  onEntry(entry: LogEntry): void {
    const subject = entry.topic.slice(entry.topic.indexOf(':') + 1)
    this.#options.facts.onEntry(entry)
    if (entry.kind === 'message.posted' && entry.data.senderId !== null)
      this.#typists.end(subject, entry.data.senderId)
    else if (entry.kind === 'member.left')
      for (const user of entry.data.userIds) this.#typists.end(subject, user)
    else if (entry.kind === 'user.blocked')
      // Where both are, dots that stand would be seen; who is still typing begins again, hidden.
      for (const user of [subject, entry.data.userId]) this.#typists.endAll(user)
  }

  /** Somebody on another node: of interest where the chat is open, and as far as it may write there. */
  #hear(place: TypingPlace, isTyping: boolean): void {
    const [reader] = this.#options.openChats.readersOf(place.chatId)
    if (this.#waiting >= MAX_WAITING || (isTyping && !reader)) return
    this.#waiting += 1
    this.#tail = this.#tail
      .then(() => (isTyping ? this.start(place) : this.#typists.stop(place)))
      // Whoever may not write there, or while the store is away: dots that are not shown harm nobody.
      .catch(() => {})
      .finally(() => {
        this.#waiting -= 1
      })
  }

  #tellChange(chatId: string, user: string, isTyping: boolean): void {
    this.#tellNatives(chatId, user)
    const { openChats, facts } = this.#options
    const said = { chatId, roomId: chatId, userId: user, isTyping }
    for (const reader of openChats.readersOf(chatId)) {
      if (reader.connection.isNative || reader.user === user) continue
      if (facts.nameOf(chatId, reader.user) === undefined || facts.areHidden(chatId, reader.user, user))
        continue
      reader.connection.tell('user-typing', said)
    }
  }

  /** The whole set, to everyone for whom it has changed by `changed`, or who must not let it end. */
  #tellNatives(chatId: string, changed: string | undefined): void {
    const { openChats, facts } = this.#options
    const frames = new Map<string, TypingFrame>()
    for (const reader of openChats.readersOf(chatId)) {
      const isUntouched =
        changed !== undefined && (reader.user === changed || facts.areHidden(chatId, reader.user, changed))
      if (reader.connection.isNative && !isUntouched) this.#tell(chatId, reader, frames)
    }
  }

  /** Whoever opens a chat sees who types already. */
  #tellCurrent(chatId: string, reader: ChatReader): void {
    if (reader.connection.isNative && this.#frameFor(chatId, reader.user).users.length > 0)
      this.#tell(chatId, reader, new Map())
  }

  /** Most readers see the same set: one frame for all of them. */
  #tell(chatId: string, { user, connection }: ChatReader, frames: Map<string, TypingFrame>): void {
    if (this.#options.facts.nameOf(chatId, user) === undefined) return
    const own = this.#frameFor(chatId, user)
    const key = own.users.map(({ userId }) => userId).join(' ')
    const frame = frames.get(key) ?? own
    frames.set(key, frame)
    connection.tell('typing', frame)
  }

  #frameFor(chatId: string, reader: string): TypingFrame {
    const { facts, now } = this.#options
    const { users, expiresInMs } = this.#typists.inChat(chatId, now())
    const others = users.filter((user) => user !== reader && !facts.areHidden(chatId, reader, user))
    return {
      chatId,
      users: others.map((userId) => ({ userId, name: facts.nameOf(chatId, userId) ?? userId })),
      expiresInMs,
    }
  }
}
