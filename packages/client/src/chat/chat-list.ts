import type { Chat, CommandReply, Entry } from '@belfry/protocol'
import { handled } from '../changes.ts'
import { ClientFailure } from '../client-failure.ts'
import type { Host } from '../host.ts'
import { Listeners } from '../listeners.ts'
import type { ChatDirectory, ChatTotal } from './chat-directory.ts'
import { byRecency, type ChatFilter, fitsFilter } from './chat-facts.ts'

const PAGE_SIZE = 30
/** Several reasons at once are one question. */
const REFRESH_MS = 100
/** After a failure: as often as the line itself is tried. */
const AGAIN_MS = 30_000

export interface ChatListState {
  readonly items: readonly Chat[]
  /** The server's, over all chats that are neither muted nor hidden. */
  readonly total: ChatTotal
  readonly status: 'loading' | 'ready' | 'error'
  /** What is shown was known before, and the server has not confirmed it. Then it is not empty. */
  readonly isStale: boolean
  readonly hasMore: boolean
  readonly isFetchingMore: boolean
  /** Why the last page did not come. */
  readonly error: ClientFailure | undefined
}

export interface ChatListOptions {
  host: Pick<Host, 'commands' | 'connection' | 'environment'>
  filter: ChatFilter
  directory: ChatDirectory
}

type Page = CommandReply<'listChats'>
interface Reach {
  /** The last chat that pages have brought; undefined: everything. */
  readonly floor: Chat | undefined
  readonly cursor: string | undefined
}

/** The chats that fit a filter, as far as pages were read; entries keep them in order. */
export class ChatList {
  readonly changed = new Listeners<void>()
  readonly #options: ChatListOptions
  #reach: Reach | undefined
  #isLoading = false
  #isAgain = false
  #isClosed = false
  #more: Promise<void> | undefined
  #error: ClientFailure | undefined
  #state: ChatListState | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #cancelRefresh = (): void => undefined

  constructor(options: ChatListOptions) {
    this.#options = options
    void this.#load()
  }

  get state(): ChatListState {
    this.#state ??= this.#read()
    return this.#state
  }

  fetchMore(): Promise<void> {
    if (!this.#reach?.cursor || this.#isLoading) return this.#more ?? Promise.resolve()
    this.#more ??= handled(
      this.#page(this.#reach.cursor).then(
        (page) => this.#endMore(page),
        (error: unknown) => {
          this.#endMore(undefined, error)
          throw error
        },
      ),
    )
    this.look()
    return this.#more
  }

  /** Reads anew what was read. */
  refresh = (): void => this.#loadIn(REFRESH_MS)

  /** The line is new: numbers may have changed without an entry. */
  resume(): void {
    if (this.#reach) this.refresh()
    else void this.#load()
  }

  /** Everything may have changed; the user may be another one. */
  reset(): void {
    this.#reach = undefined
    // Without a line `resume` will follow.
    if (this.#options.host.connection.isReady) this.refresh()
    this.look()
  }

  look(): void {
    this.#state = undefined
    this.changed.tell()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelRefresh()
  }

  #loadIn(delayMs: number): void {
    const { clock } = this.#options.host.environment
    const at = clock.now() + delayMs
    if (this.#dueAt <= at) return
    this.#cancelRefresh()
    this.#dueAt = at
    this.#cancelRefresh = clock.schedule(() => {
      this.#dueAt = Number.POSITIVE_INFINITY
      void this.#load()
    }, delayMs)
  }

  /** Without a line it waits for one, which brings `resume`. */
  async #load(): Promise<void> {
    if (!this.#options.host.connection.isReady) return
    this.#isAgain = this.#isLoading
    if (this.#isLoading) return
    this.#isLoading = true
    this.look()
    try {
      do {
        this.#isAgain = false
        await this.#walk()
      } while (this.#isAgain)
      this.#error = undefined
    } catch (error) {
      this.#error = error instanceof ClientFailure ? error : new ClientFailure('internal')
      if (!this.#isClosed) this.#loadIn(AGAIN_MS)
    }
    this.#isLoading = false
    this.look()
  }

  /** Pages from the top as far as before; what none of them brings has gone. */
  async #walk(): Promise<void> {
    const { directory, filter } = this.#options
    const before = this.#reach
    const heard = directory.listen()
    const found = new Set<string>()
    let reach: Reach | undefined
    try {
      do {
        const page = await this.#page(reach?.cursor)
        for (const { id } of page.chats) found.add(id)
        reach = this.#take(page, heard.entries)
      } while (before?.floor && reach.floor && byRecency(reach.floor, before.floor) < 0)
    } finally {
      heard.end()
    }
    this.#reach = reach
    const touched = new Set(heard.entries.map(chatOf))
    for (const chat of this.#within(directory.joined)) {
      // Only this filter lists whatever is there.
      if (filter === 'all' && !found.has(chat.id) && !touched.has(chat.id)) directory.drop(chat.id)
    }
  }

  #endMore(page: Page | undefined, error?: unknown): void {
    this.#more = undefined
    if (page) this.#reach = this.#take(page, [])
    this.#error = error instanceof ClientFailure ? error : undefined
    this.look()
  }

  #page(cursor: string | undefined): Promise<Page> {
    const { host, filter } = this.#options
    return host.commands.run('listChats', {
      limit: PAGE_SIZE,
      filter,
      ...(cursor === undefined ? {} : { cursor }),
    })
  }

  /** Entries since it was asked for may be newer than the page. */
  #take({ chats, nextCursor, counts }: Page, heard: readonly Entry[]): Reach {
    const { directory } = this.#options
    for (const chat of chats) {
      const own = heard.filter((entry) => chatOf(entry) === chat.id)
      const hasLeft = own.some(({ kind }) => kind === 'chat.left')
      directory.put(chat, own, !hasLeft)
    }
    directory.takeCounts(counts)
    return { floor: nextCursor === null ? undefined : chats.at(-1), cursor: nextCursor ?? undefined }
  }

  #within(chats: readonly Chat[]): Chat[] {
    const { filter } = this.#options
    const floor = this.#reach?.floor
    return chats.filter(
      (chat) => fitsFilter(chat, filter) && (!floor || byRecency(chat, floor) <= 0 || chat.id === floor.id),
    )
  }

  #read(): ChatListState {
    const { directory } = this.#options
    const items = this.#within(directory.joined).sort(byRecency)
    const isKnown = this.#reach !== undefined
    const isStale = !isKnown && items.length > 0
    return {
      items,
      total: directory.total,
      status: isKnown || isStale ? 'ready' : this.#error ? 'error' : 'loading',
      isStale,
      hasMore: this.#reach?.cursor !== undefined,
      isFetchingMore: this.#more !== undefined,
      error: this.#error,
    }
  }
}

/** The chat that an entry is about. */
export function chatOf({ topic, data }: Pick<Entry, 'topic' | 'data'>): string | undefined {
  if (topic.startsWith('room:')) return topic.slice('room:'.length)
  return 'chatId' in data && typeof data.chatId === 'string' ? data.chatId : undefined
}
