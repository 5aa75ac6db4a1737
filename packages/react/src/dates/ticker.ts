import type { Clock } from '@belfry/client'
import { useMemo, useSyncExternalStore } from 'react'
import { useKit } from '../kit/KitContext.ts'
import { systemClock } from './system-clock.ts'

/** Source: ui.md §5, Dates. */
const EVERY_MS = 30_000

/** Whether somebody can see the page. */
export interface Page {
  isHidden(): boolean
  watch(listener: () => void): () => void
}

const browserPage: Page = {
  isHidden: () => document.hidden,
  watch(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}

/** One timer for all dates on a page. It runs only while somebody listens and the page can be seen. */
export class Ticker {
  readonly #schedule: Clock['schedule']
  readonly #page: Page
  readonly #listeners = new Set<() => void>()
  #ticks = 0
  #cancel: (() => void) | undefined
  #unwatch: (() => void) | undefined

  constructor(schedule: Clock['schedule'] = systemClock.schedule, page: Page = browserPage) {
    this.#schedule = schedule
    this.#page = page
  }

  /** How often it has ticked. */
  getSnapshot = (): number => this.#ticks

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (!this.#unwatch) {
      this.#unwatch = this.#page.watch(() => (this.#page.isHidden() ? this.#pause() : this.#tick()))
      this.#next()
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#unwatch?.()
      this.#unwatch = undefined
      this.#pause()
    }
  }

  #tick(): void {
    this.#ticks += 1
    this.#next()
    for (const listener of [...this.#listeners]) listener()
  }

  #next(): void {
    this.#pause()
    if (!this.#page.isHidden()) this.#cancel = this.#schedule(() => this.#tick(), EVERY_MS)
  }

  #pause(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}

const ticker = new Ticker()

const serverSnapshot = () => undefined

/** The server's time in milliseconds, anew every 30 s; undefined on the server and in the render that hydrates. */
export function useNow(): number | undefined {
  const { now } = useKit()
  const ticks = useSyncExternalStore(ticker.subscribe, ticker.getSnapshot, serverSnapshot)
  return useMemo(() => (ticks === undefined ? undefined : now()), [ticks, now])
}
