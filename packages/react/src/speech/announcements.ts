import type { Clock } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { systemClock } from '../dates/system-clock.ts'
import type { Strings } from '../kit/strings.ts'

/** Source of all three: ui.md §5, Announcing. */
const EVERY_MS = 1_000
const MAX_AGE_MS = 10_000
const CLEAR_MS = 7_000

/** More texts than this would be older than `MAX_AGE_MS` when their turn comes. */
const MAX_WAITING = MAX_AGE_MS / EVERY_MS

/** What the two regions hold. At most one of them has a text. */
export interface Spoken {
  readonly polite: string
  readonly assertive: string
  /** Grows with each text, so that the same one is heard again. */
  readonly turn: number
}

export interface AnnounceOptions {
  /** Interrupts what is being read. */
  assertive?: boolean | undefined
  /** A text whose key was used in the last 10 s is not spoken again. */
  dedupeKey?: string | undefined
}

interface AnnouncementsOptions {
  strings(): Pick<Strings, 'newNotifications'>
  schedule?: Clock['schedule'] | undefined
}

interface Text {
  text: string
  isAssertive: boolean
}

export const SILENCE: Spoken = { polite: '', assertive: '', turn: 0 }

/**
 * Texts for screen readers: one a second, never an old one. Items that arrive within the same second become one text.
 * All methods work without `this`.
 */
export class Announcements {
  readonly #strings: AnnouncementsOptions['strings']
  readonly #schedule: Clock['schedule']
  readonly #listeners = new Set<() => void>()
  readonly #keys = new Map<string, () => void>()
  #spoken = SILENCE
  #items: Text[] = []
  #texts: Text[] = []
  #cancelTurn: (() => void) | undefined
  #cancelClear: (() => void) | undefined

  constructor({ strings, schedule = systemClock.schedule }: AnnouncementsOptions) {
    this.#strings = strings
    this.#schedule = schedule
  }

  getSnapshot = (): Spoken => this.#spoken

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** An item that has just come. `nowMs` is the server's time. */
  hearItem = (item: Item, nowMs: number): void => {
    if (nowMs - Date.parse(item.createdAt) > MAX_AGE_MS || !this.#isNew(item.id)) return
    this.#items.push({ text: item.title, isAssertive: item.priority === 'urgent' })
    this.#await()
  }

  /** Any other text; each has a second of its own. */
  announce = (text: string, { assertive = false, dedupeKey }: AnnounceOptions = {}): void => {
    if (dedupeKey !== undefined && !this.#isNew(dedupeKey)) return
    if (assertive) this.#texts.unshift({ text, isAssertive: true })
    else this.#texts.push({ text, isAssertive: false })
    this.#texts.length = Math.min(this.#texts.length, MAX_WAITING)
    this.#await()
  }

  /** Leaves no timer and no text. */
  close = (): void => {
    this.#cancelTurn?.()
    this.#cancelTurn = undefined
    for (const cancel of this.#keys.values()) cancel()
    this.#keys.clear()
    this.#items = []
    this.#texts = []
    this.#clear()
  }

  #isNew(key: string): boolean {
    if (this.#keys.has(key)) return false
    this.#keys.set(
      key,
      this.#schedule(() => void this.#keys.delete(key), MAX_AGE_MS),
    )
    return true
  }

  #await(): void {
    this.#cancelTurn ??= this.#schedule(() => this.#takeTurn(), EVERY_MS)
  }

  #takeTurn(): void {
    this.#cancelTurn = undefined
    const next = this.#next()
    if (!next) return
    this.#cancelClear?.()
    this.#cancelClear = this.#schedule(() => this.#clear(), CLEAR_MS)
    const { text, isAssertive } = next
    this.#set({
      polite: isAssertive ? '' : text,
      assertive: isAssertive ? text : '',
      turn: this.#spoken.turn + 1,
    })
    if (this.#items.length + this.#texts.length > 0) this.#await()
  }

  /** Answers to what the user does come before items, unless one of those is urgent. */
  #next(): Text | undefined {
    const isAssertive = this.#items.some((item) => item.isAssertive)
    const own = isAssertive ? undefined : this.#texts.shift()
    if (own) return own
    const [first, ...others] = this.#items
    this.#items = []
    if (!first || others.length === 0) return first
    return { text: this.#strings().newNotifications(others.length + 1), isAssertive }
  }

  #clear(): void {
    this.#cancelClear?.()
    this.#cancelClear = undefined
    this.#set({ ...this.#spoken, polite: '', assertive: '' })
  }

  #set(spoken: Spoken): void {
    this.#spoken = spoken
    for (const listener of [...this.#listeners]) listener()
  }
}
