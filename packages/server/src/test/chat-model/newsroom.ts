import type { ChatCounts, NoticeFrame } from '@belfry/protocol'
import { vi } from 'vitest'
import { ChatNews } from '../../chat/news.ts'
import type { News } from '../../chat/notices.ts'
import type { LogEntry } from '../../store/store.ts'
import type { Device } from './device.ts'

/** Longer than news are gathered. */
const GATHERED_MS = 100

export interface NewsroomOptions {
  clock(): number
  devices(): Iterable<Device>
  isFocused(user: string, chatId: string): boolean
  read(query: string, input: object): Promise<unknown>
}

/** The server's own news of chats, told to the devices of the model; timers are the test's. */
export class Newsroom {
  readonly #options: NewsroomOptions
  readonly #news: ChatNews
  readonly #reading = new Set<Promise<unknown>>()
  /** What made noise since the last look. */
  notices: { user: string; notice: NoticeFrame }[] = []

  constructor(options: NewsroomOptions) {
    this.#options = options
    this.#news = new ChatNews({
      clock: options.clock,
      isFocused: options.isFocused,
      onError: (error) => this.#reading.add(Promise.reject(error)),
      readNews: (input) => this.#read<News>('newsOf', input),
      hub: {
        nativeUsersOf: (topic) => [...new Set(this.#hearing(topic).map(({ user }) => user))],
        tellLive: (user, event, payload) => this.#tell(user, event, payload),
      },
    })
  }

  #hearing(topic: string): Device[] {
    return [...this.#options.devices()].filter((device) => device.hears(topic))
  }

  /** Who has no device that is awake: a server has no socket of them. */
  #asleep(): string[] {
    const devices = [...this.#options.devices()]
    const awake = new Set(devices.filter(({ isAwake }) => isAwake).map(({ user }) => user))
    return devices.map(({ user }) => user).filter((user) => !awake.has(user))
  }

  #tell(user: string, event: string, payload: unknown): void {
    // What the news tell is named by the event.
    if (event === 'notice') this.notices.push({ user, notice: payload as NoticeFrame })
    for (const device of this.#options.devices()) {
      if (device.user !== user || !device.isAwake) continue
      if (event === 'notice') device.hearNotice(payload as NoticeFrame)
      else device.hearCounts(payload as ChatCounts)
    }
  }

  #read<T>(query: string, input: object): Promise<T> {
    const answer = this.#options.read(query, input) as Promise<T>
    this.#reading.add(answer)
    return answer
  }

  /** Tells the devices what these entries lead to. */
  async tell(entries: readonly LogEntry[]): Promise<void> {
    for (const user of this.#asleep()) this.#news.forget(user)
    for (const entry of entries) if (this.#hearing(entry.topic).length > 0) this.#news.onShown(entry)
    vi.advanceTimersByTime(GATHERED_MS)
    for (; this.#reading.size > 0; ) {
      const reading = [...this.#reading]
      await Promise.all(reading)
      for (const one of reading) this.#reading.delete(one)
      // What was read is told by what waits for it.
      await Promise.resolve()
    }
  }

  close(): void {
    this.#news.close()
  }
}
