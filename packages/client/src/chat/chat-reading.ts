import type { CommandInput, CommandReply, Message } from '@belfry/protocol'
import { handled } from '../changes.ts'
import { ClientFailure } from '../client-failure.ts'
import type { Host } from '../host.ts'
import { type MessageEntry, MessagePages } from './message-pages.ts'
import { dropFarEnd, hasPlace, type MessageWindow } from './message-window.ts'

type Opened = CommandReply<'openChat'>
type Place = Omit<CommandInput<'listMessages'>, 'chatId' | 'limit'>

/** After a failure that another try may mend: as often as the line itself is tried. */
const AGAIN_MS = 30_000

export interface ChatReadingOptions {
  host: Pick<Host, 'commands' | 'connection' | 'environment'>
  chatId: string
  pageSize: number
  open(limit: number): Promise<Opened>
  /** Where somebody who comes to the chat begins to read; undefined: at the end. */
  startOf(opened: Opened): number | undefined
  onChange(): void
}

/**
 * Reads the messages of a chat: first the newest or the unread ones, then in both directions or anywhere.
 *
 *   unknown ──kept on this device──► stale ──┐
 *      └──────────────── openChat ───────────┴──► loaded ──snapshot──► stale
 */
export class ChatReading {
  readonly pages = new MessagePages()
  status: 'unknown' | 'stale' | 'loaded' = 'unknown'
  /** Why the chat, or its last page, did not come. */
  error: ClientFailure | undefined
  readonly #options: ChatReadingOptions
  #page: { what: string; done: Promise<unknown> } | undefined
  /** Grows with each loading from nothing: what was asked before is not heard. */
  #turn = 0
  /** `waiting`: for the line. */
  #loading: 'no' | 'waiting' | 'asked' = 'no'
  #cancelAgain = (): void => undefined

  constructor(options: ChatReadingOptions) {
    this.#options = options
  }

  get window(): MessageWindow {
    return this.pages.window
  }

  isFetching(what: 'older' | 'newer'): boolean {
    return this.#page?.what === what
  }

  /** What was known before, until the server says how it is. */
  showKept(messages: readonly Message[]): void {
    if (this.status !== 'unknown' || messages.length === 0) return
    this.pages.replace({ messages })
    this.status = 'stale'
    this.#options.onChange()
  }

  /** A message that the server has answered with. */
  put(message: Message, isNew = false): void {
    if (this.status === 'loaded') this.pages.put(message, isNew)
  }

  hear(entry: MessageEntry): void {
    // Of a chat that is not known a few messages would look like all of them.
    this.pages.hear(entry, this.status !== 'unknown')
  }

  /** Reads everything anew, now or as soon as there is a line. */
  load(): void {
    this.close()
    this.#page = undefined
    this.error = undefined
    if (this.status === 'loaded') this.status = 'stale'
    this.#loading = 'waiting'
    if (this.#options.host.connection.isReady) void this.#load(this.#turn)
  }

  /** What was asked is not heard any more. */
  close(): void {
    this.#turn += 1
    this.#cancelAgain()
  }

  /** The line is new. Answers whether everything is known. */
  resume(): boolean {
    if (this.#loading === 'no' && this.status !== 'loaded') this.load()
    else if (this.#loading === 'waiting') void this.#load(this.#turn)
    return this.status === 'loaded'
  }

  async #load(turn: number): Promise<void> {
    const { pageSize, open, startOf, onChange } = this.#options
    this.#loading = 'asked'
    this.pages.begin()
    try {
      const opened = await open(pageSize)
      if (turn !== this.#turn) return
      const { messages, offset } = opened
      const hasOlder = messages.length >= pageSize
      const start = startOf(opened)
      if (start === undefined || !hasOlder || start >= (messages[0]?.seq ?? 0)) {
        this.pages.replace({ messages, offset, hasOlder })
      } else await this.#goTo({ around: start }, offset)
      if (turn !== this.#turn) return
      this.status = 'loaded'
      this.error = undefined
    } catch (error) {
      if (turn !== this.#turn) return
      this.#failed(error)
    }
    this.#loading = 'no'
    onChange()
  }

  older(): Promise<void> {
    if (this.status !== 'loaded' || !this.window.hasOlder) return Promise.resolve()
    return this.#one('older', () => this.#goOn('older'))
  }

  newer(): Promise<void> {
    if (this.status !== 'loaded' || !this.window.hasNewer) return Promise.resolve()
    return this.#one('newer', () => this.#goOn('newer'))
  }

  /** The newest ones. */
  latest(): Promise<void> {
    return this.window.hasNewer ? this.#one('latest', () => this.#goTo({})) : Promise.resolve()
  }

  /** What stands at a place and around it. */
  around(seq: number): Promise<void> {
    if (hasPlace(this.window, seq)) return Promise.resolve()
    return this.#one(`around ${seq}`, () => this.#goTo({ around: seq }))
  }

  /** One at a time; who asks for the same gets the same. */
  #one(what: string, read: () => Promise<void>): Promise<void> {
    if (this.#page?.what === what) return this.#page.done as Promise<void>
    const before = this.#page?.done ?? Promise.resolve()
    const page = { what, done: Promise.resolve() }
    page.done = handled(
      before
        .catch(() => undefined)
        .then(read)
        .finally(() => {
          if (this.#page === page) this.#page = undefined
          this.#options.onChange()
        }),
    )
    this.#page = page
    this.#options.onChange()
    return page.done
  }

  async #goOn(end: 'older' | 'newer'): Promise<void> {
    this.pages.shrink((window) => dropFarEnd(window, end))
    const { rows } = this.window
    const [first, last] = [rows[0]?.seq ?? 1, rows.at(-1)?.seq ?? 0]
    const page = await this.#ask(end === 'older' ? { before: first } : { after: last })
    if (page) this.pages.join(page, end)
  }

  async #goTo(place: Place, offset?: number): Promise<void> {
    const page = await this.#ask(place)
    if (page) this.pages.replace({ ...page, ...(offset === undefined ? {} : { offset }) })
  }

  /** Undefined: what is loaded has changed from the ground up meanwhile. */
  async #ask(place: Place): Promise<CommandReply<'listMessages'> | undefined> {
    const { host, chatId, pageSize } = this.#options
    const turn = this.#turn
    this.pages.begin()
    try {
      const page = await host.commands.run('listMessages', { chatId, limit: pageSize, ...place })
      if (turn !== this.#turn) return undefined
      this.error = undefined
      return page
    } catch (error) {
      if (turn !== this.#turn) return undefined
      this.pages.giveUp()
      this.error = error instanceof ClientFailure ? error : undefined
      throw error
    }
  }

  #failed(error: unknown): void {
    this.pages.giveUp()
    this.error = error instanceof ClientFailure ? error : new ClientFailure('internal')
    // Who may not read it, or no longer, keeps nothing of it.
    if (GONE.has(this.error.code)) {
      this.pages.replace({ messages: [] })
      this.status = 'unknown'
      return
    }
    this.#cancelAgain = this.#options.host.environment.clock.schedule(() => this.load(), AGAIN_MS)
  }
}

const GONE: ReadonlySet<string> = new Set(['not_found', 'forbidden', 'not_participant'])
