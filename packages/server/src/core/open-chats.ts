import type { LiveConnection } from './context.ts'

/** A socket that has a chat before it. */
export interface ChatReader {
  readonly user: string
  readonly connection: LiveConnection
}

export type OpenedListener = (chatId: string, reader: ChatReader) => void

/**
 * Which chats are open on which sockets of this node, native or not. It judges nothing: whoever opens a chat for a
 * reader does so *before* asking whether the reader may, and closes it when the answer is no. So a removal in between
 * finds the reader here.
 */
export class OpenChats {
  readonly #readers = new Map<string, Map<string, ChatReader>>()
  readonly #chats = new Map<string, Set<string>>()
  readonly #onOpened: OpenedListener[] = []
  readonly #onClosed: OpenedListener[] = []

  /** Called when a chat was opened on a socket. Whether its user may read it, the listener has to ask. */
  onOpened(listener: OpenedListener): void {
    this.#onOpened.push(listener)
  }

  /** Called when a chat is no longer open on a socket, for whatever reason. */
  onClosed(listener: OpenedListener): void {
    this.#onClosed.push(listener)
  }

  /** Repeats change nothing. */
  open(chatId: string, reader: ChatReader): void {
    const { connection } = reader
    const readers = this.#readers.get(chatId) ?? new Map<string, ChatReader>()
    if (readers.has(connection.id)) return
    readers.set(connection.id, reader)
    this.#readers.set(chatId, readers)
    this.#chatsOf(connection).add(chatId)
    for (const listener of this.#onOpened) listener(chatId, reader)
  }

  close(chatId: string, connectionId: string): void {
    const readers = this.#readers.get(chatId)
    const reader = readers?.get(connectionId)
    if (!readers || !reader) return
    readers.delete(connectionId)
    if (readers.size === 0) this.#readers.delete(chatId)
    this.#chats.get(connectionId)?.delete(chatId)
    for (const listener of this.#onClosed) listener(chatId, reader)
  }

  /** The user is no longer in the chat: it is closed on all the user's sockets. */
  closeFor(chatId: string, user: string): void {
    for (const reader of this.readersOf(chatId)) {
      if (reader.user === user) this.close(chatId, reader.connection.id)
    }
  }

  isOpen(chatId: string, connectionId: string): boolean {
    return this.#readers.get(chatId)?.has(connectionId) ?? false
  }

  readersOf(chatId: string): Iterable<ChatReader> {
    return this.#readers.get(chatId)?.values() ?? []
  }

  #chatsOf(connection: LiveConnection): Set<string> {
    const known = this.#chats.get(connection.id)
    if (known) return known
    const chats = new Set<string>()
    this.#chats.set(connection.id, chats)
    connection.onClosed(() => {
      for (const chatId of chats) this.close(chatId, connection.id)
      this.#chats.delete(connection.id)
    })
    return chats
  }
}
