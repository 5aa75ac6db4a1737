import type { CommandReply, Presence } from '@belfry/protocol'
import { ClientFailure } from '../client-failure.ts'
import type { Clock } from '../environment.ts'
import { Listeners } from '../listeners.ts'

/** Source: chat-presence.md, Limits. */
const MAX_WATCHED = 200
const MAX_PER_CALL = 100
/** After a question that nobody has answered: dots that come late are no worse than none. */
const AGAIN_MS = 10_000

export interface PresenceWatchOptions {
  clock: Clock
  isReady(): boolean
  /** @throws ClientFailure */
  ask(event: 'watchPresence' | 'unwatchPresence', userIds: string[]): Promise<unknown>
}

/** Watches the people who are shown somewhere: those who were shown first, as many as the server allows. */
export class PresenceWatch {
  readonly changed = new Listeners<void>()
  readonly #options: PresenceWatchOptions
  /** How many views show somebody. */
  readonly #shown = new Map<string, number>()
  /** Whom the server tells us of, on this line. */
  readonly #watched = new Set<string>()
  #known: ReadonlyMap<string, Presence> = new Map()
  #cancel: (() => void) | undefined

  constructor(options: PresenceWatchOptions) {
    this.#options = options
  }

  get known(): ReadonlyMap<string, Presence> {
    return this.#known
  }

  /** Answers what ends it. */
  show(userIds: readonly string[]): () => void {
    const ids = [...new Set(userIds)]
    for (const id of ids) this.#shown.set(id, (this.#shown.get(id) ?? 0) + 1)
    this.#soon()
    let isEnded = false
    return () => {
      if (isEnded) return
      isEnded = true
      for (const id of ids) {
        const left = (this.#shown.get(id) ?? 0) - 1
        if (left > 0) this.#shown.set(id, left)
        else this.#shown.delete(id)
      }
      this.#soon()
    }
  }

  /** A version that is lower than a known one is old news. */
  take(changes: readonly Presence[]): void {
    const known = new Map(this.#known)
    for (const one of changes.filter(({ userId }) => this.#shown.has(userId))) {
      const before = known.get(one.userId)
      // Version 0 is of people whom the user may not see, or no longer.
      if (!before || one.version > before.version || one.version === 0) known.set(one.userId, one)
    }
    this.#known = known
    this.changed.tell()
  }

  /** The line is new: the server knows of nobody whom we watch. */
  resume(): void {
    this.#watched.clear()
    this.#soon()
  }

  clear(): void {
    this.#watched.clear()
    this.#known = new Map()
    this.changed.tell()
  }

  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  /** What is mounted and unmounted in one go is one question, or none. */
  #soon(delayMs = 0): void {
    this.#cancel ??= this.#options.clock.schedule(() => {
      this.#cancel = undefined
      this.#compare()
    }, delayMs)
  }

  #compare(): void {
    if (!this.#options.isReady()) return
    const wanted = new Set([...this.#shown.keys()].slice(0, MAX_WATCHED))
    const gone = [...this.#watched].filter((id) => !wanted.has(id))
    for (const id of gone) this.#watched.delete(id)
    for (const some of inParts(gone)) this.#ask('unwatchPresence', some)
    const added = [...wanted].filter((id) => !this.#watched.has(id))
    for (const id of added) this.#watched.add(id)
    for (const some of inParts(added)) this.#ask('watchPresence', some)
    if (gone.length > 0) this.#known = new Map([...this.#known].filter(([id]) => this.#shown.has(id)))
  }

  #ask(event: 'watchPresence' | 'unwatchPresence', userIds: string[]): void {
    this.#options.ask(event, userIds).then(
      (reply) => {
        if (event === 'watchPresence') this.take((reply as CommandReply<'watchPresence'>).presence)
      },
      (error: unknown) => {
        // A line that has broken is followed by another one, which asks again.
        if (!(error instanceof ClientFailure) || error.code === 'disconnected' || !error.isRetried) return
        for (const id of userIds) this.#watched.delete(id)
        this.#soon(Math.max(AGAIN_MS, error.retryAfterMs ?? 0))
      },
    )
  }
}

function inParts(ids: readonly string[]): string[][] {
  const parts: string[][] = []
  for (let at = 0; at < ids.length; at += MAX_PER_CALL) parts.push(ids.slice(at, at + MAX_PER_CALL))
  return parts
}
