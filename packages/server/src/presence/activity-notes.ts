import { DelayQueue } from './delay-queue.ts'

/** Source: chat-presence.md §11. */
const NOTE_EVERY_MS = 60_000

/** When users were active last, on the way to the store: for each at most once a minute, and at the end. */
export class ActivityNotes {
  readonly #running = new DelayQueue<string>(NOTE_EVERY_MS)
  readonly #notes = new Map<string, number>()

  /** The user is active from now on: to be noted in a minute. */
  begin(user: string, now: number): void {
    if (!this.#running.has(user)) this.#running.add(user, now)
  }

  /** The user has gone; what is to be noted of it is put at once. */
  end(user: string): void {
    this.#running.delete(user)
  }

  /** Users whose minute is over. */
  due(now: number): Iterable<string> {
    return this.#running.take(now)
  }

  put(user: string, at: number): void {
    this.#notes.set(user, at)
  }

  isWaiting(user: string): boolean {
    return this.#notes.has(user)
  }

  /** To be written; what could not be written is given back. */
  take(): [string, number][] {
    const notes = [...this.#notes]
    this.#notes.clear()
    return notes
  }

  giveBack(notes: readonly [string, number][]): void {
    for (const [user, at] of notes) if (!this.#notes.has(user)) this.#notes.set(user, at)
  }
}
