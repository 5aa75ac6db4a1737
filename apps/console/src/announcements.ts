import type { Item } from '@belfry/protocol'
import { Store } from './store.ts'

/** Source of all three: ui.md §5, Announcing. */
const EVERY_MS = 1_000
const MAX_AGE_MS = 10_000
const CLEAR_MS = 7_000

export interface Spoken {
  polite: string
  assertive: string
}

/** Texts for screen readers: at most one a second, and nothing that is old. */
export class Announcements {
  readonly store = new Store<Spoken>({ polite: '', assertive: '' })
  #waiting: { text: string; isUrgent: boolean }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #clearTimer: ReturnType<typeof setTimeout> | undefined

  hear(label: string, item: Item): void {
    if (Date.now() - Date.parse(item.createdAt) > MAX_AGE_MS) return
    this.#waiting.push({ text: `${label}: ${item.title}`, isUrgent: item.priority === 'urgent' })
    this.#timer ??= setTimeout(() => this.#speak(), EVERY_MS)
  }

  #speak(): void {
    const said = this.#waiting
    this.#waiting = []
    this.#timer = undefined
    const text = said.length === 1 ? (said[0]?.text ?? '') : `${said.length} new notifications`
    const isUrgent = said.some((one) => one.isUrgent)
    this.store.set(isUrgent ? { polite: '', assertive: text } : { polite: text, assertive: '' })
    clearTimeout(this.#clearTimer)
    this.#clearTimer = setTimeout(() => this.store.set({ polite: '', assertive: '' }), CLEAR_MS)
  }
}
