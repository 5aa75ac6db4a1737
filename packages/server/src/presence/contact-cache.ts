import type { LogEntry } from '../store/store.ts'
import type { Contacts } from './queries.ts'

/** More users than change between online and offline in a minute; a forgotten one costs a read. */
const MAX_USERS = 5000

interface Known {
  readonly chats: ReadonlySet<string>
  readonly sharers: ReadonlySet<string>
}

/** Who may know whether a user is there, from memory; it follows the log. */
export class ContactCache {
  readonly #read: (user: string) => Promise<Contacts>
  readonly #known = new Map<string, Known>()
  /** Entries that changed something. What was read while one arrived is used, but not remembered. */
  #changes = 0

  constructor(read: (user: string) => Promise<Contacts>) {
    this.#read = read
  }

  async sharersOf(user: string): Promise<ReadonlySet<string>> {
    const known = this.#known.get(user)
    if (known) return known.sharers
    const before = this.#changes
    const { chats, sharers } = await this.#read(user)
    const read = { chats: new Set(chats), sharers: new Set(sharers) }
    if (before === this.#changes) this.#remember(user, read)
    return read.sharers
  }

  /** As far as it is known here. */
  isSharer(user: string, other: string): boolean {
    return this.#known.get(user)?.sharers.has(other) ?? false
  }

  onEntry({ kind, topic, data }: LogEntry): void {
    const subject = topic.slice(topic.indexOf(':') + 1)
    switch (kind) {
      case 'chat.joined':
      case 'chat.left':
        this.#forget(subject)
        return this.#forgetChat(data.chatId)
      case 'member.joined':
      case 'member.left':
        return this.#forgetChat(subject)
      case 'user.blocked':
      case 'user.unblocked':
        this.#forget(subject)
        return this.#forget(data.userId)
    }
  }

  #forget(user: string): void {
    this.#changes += 1
    this.#known.delete(user)
  }

  #forgetChat(chatId: string): void {
    this.#changes += 1
    for (const [user, { chats }] of this.#known) if (chats.has(chatId)) this.#known.delete(user)
  }

  #remember(user: string, known: Known): void {
    this.#known.set(user, known)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_USERS) return
      this.#known.delete(oldest)
    }
  }
}
