import { Failure } from '@belfry/protocol'
import type { LogEntry } from '../store/store.ts'
import type { ChatFacts } from './queries.ts'

/** A change whose entry was lost on the way counts after this time. Source: reliability.md, V7. */
const MAX_AGE_MS = 5000
/** What nobody asked for in this time is forgotten. */
const KEPT_MS = 60_000

interface Known {
  readonly facts: ChatFacts
  readonly members: ReadonlyMap<string, ChatFacts['members'][number]>
  readonly hidden: ReadonlySet<string>
  readAt: number
  isOutdated: boolean
}

const pairOf = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`)
const WRITABLE = new Set(['open', 'pending'])

/** Who is in a chat and may write there, as read a moment ago. Follows the log, and does not trust it for long. */
export class ChatFactsCache {
  readonly #read: (chatId: string) => Promise<ChatFacts | undefined>
  readonly #known = new Map<string, Known>()
  /** Entries that changed something. What was read while one arrived is used, but read again next time. */
  #changes = 0

  constructor(read: (chatId: string) => Promise<ChatFacts | undefined>) {
    this.#read = read
  }

  /** @throws Failure `not_found` for a stranger, `forbidden` for one who may only read */
  async assertWriter(chatId: string, user: string, now: number): Promise<void> {
    const known = await this.#fresh(chatId, now)
    const member = known?.members.get(user)
    if (!known || !member) throw new Failure('not_found')
    const isMuted = member.mutedUntil !== null && member.mutedUntil > now
    if (!member.isWriter || isMuted || !WRITABLE.has(known.facts.state)) throw new Failure('forbidden')
  }

  memberCount(chatId: string): number {
    return this.#known.get(chatId)?.facts.memberCount ?? 0
  }

  /** As read last: undefined for one who is not in the chat, or a chat that was not asked for. */
  nameOf(chatId: string, user: string): string | undefined {
    return this.#known.get(chatId)?.members.get(user)?.name
  }

  /** Whether the two may know of each other. */
  areHidden(chatId: string, a: string, b: string): boolean {
    return this.#known.get(chatId)?.hidden.has(pairOf(a, b)) ?? true
  }

  onEntry({ kind, topic }: LogEntry): void {
    const subject = topic.slice(topic.indexOf(':') + 1)
    if (kind.startsWith('member.') || kind === 'room.updated') {
      this.#changes += 1
      const known = this.#known.get(subject)
      if (known) known.isOutdated = true
    } else if (kind === 'user.blocked' || kind === 'user.unblocked' || kind === 'account.changed') {
      this.#changes += 1
      for (const known of this.#known.values()) if (known.members.has(subject)) known.isOutdated = true
    }
  }

  /** Forgets what nobody asks for any more. */
  tick(now: number, isInUse: (chatId: string) => boolean): void {
    for (const [chatId, { readAt }] of this.#known)
      if (readAt + KEPT_MS <= now && !isInUse(chatId)) this.#known.delete(chatId)
  }

  async #fresh(chatId: string, now: number): Promise<Known | undefined> {
    const known = this.#known.get(chatId)
    if (known && !known.isOutdated && now - known.readAt < MAX_AGE_MS) return known
    const before = this.#changes
    const facts = await this.#read(chatId)
    if (!facts) {
      this.#known.delete(chatId)
      return undefined
    }
    const fresh: Known = {
      ...{ facts, readAt: now, isOutdated: before !== this.#changes },
      members: new Map(facts.members.map((member) => [member.userId, member])),
      hidden: new Set(facts.blocks.map(([a, b]) => pairOf(a, b))),
    }
    this.#known.set(chatId, fresh)
    return fresh
  }
}
