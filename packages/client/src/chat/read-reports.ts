import type { Clock } from '../environment.ts'

/** Source: chat-presence.md §7, Receipts. */
const READ_AFTER_MS = 1_000

export interface ReadReportsOptions {
  clock: Clock
  /** The chat is in front of somebody who looks at it. */
  isSeen(): boolean
  /** What counts as read by now. */
  readSeq(): number
  send(upToSeq: number): Promise<unknown>
}

/** Tells the server, a second later, how far the user has read: only what was on screen while somebody looked. */
export class ReadReports {
  readonly #options: ReadReportsOptions
  /** Furthest row on screen, seen by somebody or not. */
  #visible = 0
  /** Furthest row that somebody has seen. */
  #seen = 0
  #told = 0
  /** The user wants it to look unread. */
  #isHeld = false
  #isSending = false
  #cancel: (() => void) | undefined

  constructor(options: ReadReportsOptions) {
    this.#options = options
  }

  visible(seq: number): void {
    this.#visible = Math.max(this.#visible, seq)
    this.look()
  }

  /** Whether somebody looks may have changed. */
  look(): void {
    const { clock, isSeen } = this.#options
    if (!isSeen()) {
      this.flush()
      return
    }
    if (this.#isHeld) return
    this.#seen = Math.max(this.#seen, this.#visible)
    if (this.#isNews) this.#cancel ??= clock.schedule(() => this.flush(), READ_AFTER_MS)
  }

  /** Nothing is told until the user comes back to the chat. */
  hold(): void {
    this.#isHeld = true
    this.#seen = 0
    this.#told = 0
    this.#stop()
  }

  release(): void {
    this.#isHeld = false
  }

  /** What has been seen is told at once. */
  flush(): void {
    this.#stop()
    if (!this.#isNews || this.#isSending) return
    const upTo = this.#seen
    this.#isSending = true
    this.#options
      .send(upTo)
      .then(
        () => {
          this.#told = Math.max(this.#told, upTo)
        },
        // Refused for good: the next row is another try.
        () => {
          this.#seen = Math.min(this.#seen, this.#told)
        },
      )
      .finally(() => {
        this.#isSending = false
        if (this.#isNews) this.flush()
      })
  }

  close(): void {
    this.flush()
    this.#stop()
  }

  get #isNews(): boolean {
    return this.#seen > Math.max(this.#told, this.#options.readSeq())
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
