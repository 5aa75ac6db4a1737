import type { Entry, Message } from '@belfry/protocol'
import { emptyWindow, joinPage, type MessageWindow, putMessage, trimLive } from './message-window.ts'

/** Entries that carry a whole message, as it was right after them or is by now. */
export type MessageEntry = Extract<Entry, { kind: `message.${string}` }>

export const isMessageEntry = (entry: Entry): entry is MessageEntry => entry.kind.startsWith('message.')

export interface Page {
  messages: readonly Message[]
  hasOlder?: boolean
  hasNewer?: boolean
  /** Offset of the chat's topic at which the page holds, when the server tells it. */
  offset?: number
}

/**
 * Keeps a window while entries and pages come in any order.
 *
 * An entry is older than a page that holds at its offset or later, and is ignored. Of a page whose offset is not known
 * the entries since it was asked for are applied once more: it holds at least what was known when it was asked for, so
 * nothing is lost, and the last entry of each message has the last word.
 */
export class MessagePages {
  #window = emptyWindow
  /** Entries up to this offset are in every row. */
  #base = 0
  #journal: MessageEntry[] | undefined
  /** Seq of the row that was on screen last. */
  readSeq: number | undefined

  get window(): MessageWindow {
    return this.#window
  }

  /** @param isShown Whether there is anything to put it to */
  hear(entry: MessageEntry, isShown = true): void {
    this.#journal?.push(entry)
    if (isShown && entry.offset > this.#base)
      this.#window = trimLive(apply(this.#window, entry), this.readSeq)
  }

  /** A page is asked for; from now on entries are remembered. */
  begin(): void {
    this.#journal = []
  }

  /** The page does not come. */
  giveUp(): void {
    this.#journal = undefined
  }

  /** The page takes the place of what is loaded. */
  replace({ messages, hasOlder = false, hasNewer = false, offset }: Page): void {
    if (offset !== undefined) this.#base = offset
    this.#window = { rows: messages, hasOlder, hasNewer }
    this.#catchUp()
  }

  /** The page goes on where the window ends. */
  join({ messages, hasOlder, hasNewer }: Page, end: 'older' | 'newer'): void {
    const reach = end === 'older' ? { hasOlder: hasOlder ?? false } : { hasNewer: hasNewer ?? false }
    this.#window = joinPage(this.#window, { rows: messages, ...reach })
    this.#catchUp()
  }

  /** A change that the server has answered with. */
  put(message: Message, isNew: boolean): void {
    this.#window = putMessage(this.#window, message, isNew)
  }

  shrink(drop: (window: MessageWindow) => MessageWindow): void {
    this.#window = drop(this.#window)
  }

  #catchUp(): void {
    const missed = this.#journal?.filter(({ offset }) => offset > this.#base) ?? []
    this.#journal = undefined
    this.#window = missed.reduce(apply, this.#window)
  }
}

function apply(window: MessageWindow, { kind, data }: MessageEntry): MessageWindow {
  return putMessage(window, data, kind === 'message.posted')
}
