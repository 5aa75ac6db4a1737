import type { TypingFrame } from '@belfry/protocol'
import type { Clock } from '../environment.ts'
import { Listeners } from '../listeners.ts'

/** Source: chat-presence.md §7, Typing. */
const TELL_EVERY_MS = 3_000
const STOP_AFTER_MS = 5_000

export type Typist = TypingFrame['users'][number]

const NOBODY: readonly Typist[] = []

export interface TypingOptions {
  clock: Clock
  /** Told as it comes, and once: nothing hangs on it. */
  tell(event: 'startTyping' | 'stopTyping'): void
}

/** Who writes in one chat: the others as the server tells it, the user as the keys tell it. */
export class Typing {
  readonly changed = new Listeners<void>()
  readonly #options: TypingOptions
  #users = NOBODY
  #toldAt: number | undefined
  #cancelStop = (): void => undefined
  #cancelExpiry = (): void => undefined

  constructor(options: TypingOptions) {
    this.#options = options
  }

  get users(): readonly Typist[] {
    return this.#users
  }

  /** The whole set, for as long as the server says. */
  show({ users, expiresInMs }: TypingFrame): void {
    this.#set(users)
    this.#cancelExpiry = this.#options.clock.schedule(() => this.#set(NOBODY), expiresInMs)
  }

  /** Who has sent a message does not write any more. */
  sent(userId: string): void {
    const others = this.#users.filter((user) => user.userId !== userId)
    if (others.length === this.#users.length) return
    this.#users = others
    this.changed.tell()
  }

  onKeystroke = (): void => {
    const { clock, tell } = this.#options
    const now = clock.now()
    if (this.#toldAt === undefined || now - this.#toldAt >= TELL_EVERY_MS) {
      this.#toldAt = now
      tell('startTyping')
    }
    this.#cancelStop()
    this.#cancelStop = clock.schedule(this.stop, STOP_AFTER_MS)
  }

  stop = (): void => {
    if (this.#toldAt === undefined) return
    this.posted()
    this.#options.tell('stopTyping')
  }

  /** A message of the user is on its way: the server takes it for the end. */
  posted(): void {
    this.#cancelStop()
    this.#toldAt = undefined
  }

  close(): void {
    this.stop()
    this.#cancelExpiry()
  }

  #set(users: readonly Typist[]): void {
    this.#cancelExpiry()
    this.#users = users
    this.changed.tell()
  }
}
