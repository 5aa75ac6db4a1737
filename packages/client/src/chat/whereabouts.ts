import type { Clock } from '../environment.ts'
import type { Attention } from './attention.ts'

/** Without a key, click or move for so long nobody sits here. The server calls the user away 5 min after that. */
const IDLE_AFTER_MS = 60_000

const NOWHERE = JSON.stringify({ chatId: null, focused: false })

export interface WhereaboutsOptions {
  clock: Clock
  attention: Attention
  isReady(): boolean
  /** Told as it comes, and once. */
  tell(event: 'focusChat' | 'setIdle', payload: unknown): void
  onIdle(isIdle: boolean): void
  /** Whether somebody looks at the page may have changed. */
  onFocus(): void
}

/** Tells the server which chat is in front of the user, and whether anybody is there. */
export class Whereabouts {
  readonly #options: WhereaboutsOptions
  readonly #stops: readonly (() => void)[]
  #chatId: string | null = null
  #told = NOWHERE
  #isIdle = false
  /** The server may think so. */
  #hasBeenIdle = false
  #lastInputAt: number
  #cancelIdle = (): void => undefined

  constructor(options: WhereaboutsOptions) {
    const { attention, clock } = options
    this.#options = options
    this.#lastInputAt = clock.now()
    this.#stops = [
      attention.watchFocus(() => {
        if (attention.isFocused()) this.#input()
        this.#tellFocus()
        options.onFocus()
      }),
      attention.watchInput(() => this.#input()),
    ]
    this.#wait()
  }

  setChat(chatId: string | null): void {
    this.#chatId = chatId
    this.#tellFocus()
  }

  /** The line is new: the server knows nothing but what its handshake has said, and that calls a hidden page idle. */
  resume(isHidden: boolean): void {
    this.#told = NOWHERE
    this.#tellFocus()
    if (isHidden || this.#hasBeenIdle) this.#setIdle(isHidden || this.#isIdle)
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#cancelIdle()
  }

  #tellFocus(): void {
    const { attention, isReady, tell } = this.#options
    if (!isReady()) return
    const focus = { chatId: this.#chatId, focused: this.#chatId !== null && attention.isFocused() }
    const told = JSON.stringify(focus)
    if (told === this.#told) return
    this.#told = told
    tell('focusChat', focus)
  }

  #input(): void {
    this.#lastInputAt = this.#options.clock.now()
    if (this.#isIdle) {
      this.#setIdle(false)
      this.#wait()
    }
  }

  /** One timer for all input: it looks when the last one was. */
  #wait(): void {
    const { clock } = this.#options
    const leftMs = this.#lastInputAt + IDLE_AFTER_MS - clock.now()
    this.#cancelIdle()
    this.#cancelIdle = clock.schedule(() => {
      if (clock.now() - this.#lastInputAt >= IDLE_AFTER_MS) this.#setIdle(true)
      else this.#wait()
    }, leftMs)
  }

  #setIdle(isIdle: boolean): void {
    const { isReady, tell, onIdle } = this.#options
    this.#isIdle = isIdle
    this.#hasBeenIdle ||= isIdle
    onIdle(isIdle)
    if (isReady()) tell('setIdle', { idle: isIdle })
  }
}
