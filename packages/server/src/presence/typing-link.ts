import { id } from '@belfry/protocol'
import { z } from 'zod'
import { isElsewhere, keyOf } from './keys.ts'
import type { TypingPlace } from './typists.ts'

/** More than this in one tick is dropped: who still types says it again. */
const WORDS_PER_MESSAGE = 500
/** A word that only says that it goes on is worth this much time. Others let it end after 8 s. */
const REPEAT_MS = 2000
/** Longer than any word holds. */
const FORGET_AFTER_MS = 8000

const word = z.strictObject({
  chatId: id,
  user: id,
  connectionId: z.string().min(1).max(128),
  isTyping: z.boolean(),
})
/** What nodes tell each other. Any of it may be lost, repeated or late: nothing of it holds for longer than 8 s. */
const typingMessage = z.strictObject({
  kind: z.literal('typing'),
  words: z.array(word).max(WORDS_PER_MESSAGE),
})
type Word = z.output<typeof word>
export type TypingMessage = z.output<typeof typingMessage>

export interface TypingLinkOptions {
  node: string
  send(message: TypingMessage): void
  /** Somebody on another node has said that. */
  onWord(place: TypingPlace, isTyping: boolean): void
}

/** Tells the other nodes who types here, a tick's words at a time, and takes what they tell. */
export class TypingLink {
  readonly #options: TypingLinkOptions
  readonly #words = new Map<string, Word>()
  readonly #toldAt = new Map<string, number>()

  constructor(options: TypingLinkOptions) {
    this.#options = options
  }

  say({ chatId, user, connectionId }: TypingPlace, isTyping: boolean, now: number): void {
    // What comes from another node is not told on.
    if (isElsewhere(connectionId)) return
    const key = `${connectionId} ${chatId}`
    if (isTyping && now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
    if (!this.#words.has(key) && this.#words.size >= WORDS_PER_MESSAGE) return
    this.#words.set(key, { chatId, user, connectionId: keyOf(this.#options.node, connectionId), isTyping })
    this.#toldAt.delete(key)
    if (isTyping) this.#toldAt.set(key, now)
  }

  tick(now: number): void {
    for (const [key, at] of this.#toldAt) {
      if (now - at < FORGET_AFTER_MS) break
      this.#toldAt.delete(key)
    }
    if (this.#words.size === 0) return
    const words = [...this.#words.values()]
    this.#words.clear()
    this.#options.send({ kind: 'typing', words })
  }

  /** Takes what the bus brings, whatever it is. Returns whether it was a message. */
  receive(raw: unknown): boolean {
    const { success, data } = typingMessage.safeParse(raw)
    if (!success) return false
    for (const { isTyping, ...place } of data.words) {
      if (isElsewhere(place.connectionId)) this.#options.onWord(place, isTyping)
    }
    return true
  }
}
