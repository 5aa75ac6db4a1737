import type { NotificationProviderProps } from './NotificationProvider.tsx'
import type { Strings } from './strings.ts'

/** Something that a provider has once, and that an app which does not use it does not load. */
export interface KitPart {
  /** Only in a browser, and again after `close`. */
  open?(): void
  close(): void
}

/** What a part may ask of its provider at any time. */
export interface KitSource {
  /** The app's own words. */
  strings(): Partial<Strings>
  props(): NotificationProviderProps
}

/** Runs while React renders: nothing may happen before `open`. */
export type MakePart<T extends KitPart> = (source: KitSource) => T

/** The parts of one provider that somebody has asked for. */
export class KitParts {
  readonly #source: KitSource
  readonly #made = new Map<MakePart<KitPart>, KitPart>()
  readonly #open = new Set<KitPart>()
  readonly #listeners = new Set<() => void>()
  #isUsed = false

  constructor(source: KitSource) {
    this.#source = source
  }

  of<T extends KitPart>(make: MakePart<T>): T {
    // What is kept under a function was made by it.
    const known = this.#made.get(make) as T | undefined
    const part = known ?? make(this.#source)
    this.#made.set(make, part)
    return part
  }

  /** Whether anything below the provider has asked for something that lasts. */
  readonly isUsed = (): boolean => this.#isUsed

  /** Calls when that becomes true. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  use(): void {
    if (this.#isUsed) return
    this.#isUsed = true
    for (const listener of [...this.#listeners]) listener()
  }

  /** Until all are closed; nothing for one that is open. */
  open(part: KitPart): void {
    if (this.#open.has(part)) return
    this.#open.add(part)
    part.open?.()
    this.use()
  }

  close(): void {
    this.#open.clear()
    for (const part of this.#made.values()) part.close()
  }
}
