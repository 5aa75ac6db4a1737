/** Presence by its definition, from the whole history, for comparison: slow, and without any state of its own. */

const AWAY_AFTER_MS = 300_000

interface Past {
  id: string
  from: number
  to: number
  /** Whether it was idle, from which time on. */
  idle: { at: number; isIdle: boolean }[]
}

export class Oracle {
  readonly #graceMs: number
  readonly #past = new Map<string, Past[]>()

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  enter(user: string, id: string, isIdle: boolean | undefined, at: number): void {
    const past = this.#past.get(user) ?? []
    this.#past.set(user, past)
    const inherited = isIdle ?? this.statusAt(user, at) === 'away'
    past.push({ id, from: at, to: Number.POSITIVE_INFINITY, idle: [{ at, isIdle: inherited }] })
  }

  setIdle(user: string, id: string, isIdle: boolean, at: number): void {
    this.#open(user, at)
      .find((one) => one.id === id)
      ?.idle.push({ at, isIdle })
  }

  leave(user: string, id: string, at: number): void {
    const one = this.#open(user, at).find((open) => open.id === id)
    if (one) one.to = at
  }

  statusAt(user: string, at: number): 'online' | 'away' | 'offline' {
    const begin = this.#presentSince(user, at)
    if (begin === undefined) return 'offline'
    const active = this.#activeUpTo(user, begin, at)
    return active === undefined || at - active >= AWAY_AFTER_MS ? 'away' : 'online'
  }

  #open(user: string, at: number): Past[] {
    return (this.#past.get(user) ?? []).filter(({ from, to }) => from <= at && at < to)
  }

  /** The beginning of the time, short gaps included, in which the user was there until now. */
  #presentSince(user: string, at: number): number | undefined {
    const spans = [...(this.#past.get(user) ?? [])].sort((a, b) => a.from - b.from)
    let span: { begin: number; end: number } | undefined
    for (const { from, to } of spans) {
      const end = to + this.#graceMs
      if (span && from < span.end) span.end = Math.max(span.end, end)
      else span = { begin: from, end }
    }
    return span && at < span.end ? span.begin : undefined
  }

  /** The last moment up to `at` at which some connection was not idle. */
  #activeUpTo(user: string, begin: number, at: number): number | undefined {
    const ends = (this.#past.get(user) ?? []).flatMap(({ to, idle }) =>
      idle.flatMap(({ at: from, isIdle }, index) => {
        const until = Math.min(idle[index + 1]?.at ?? Number.POSITIVE_INFINITY, to, at)
        return isIdle || until < begin || from > at ? [] : [until]
      }),
    )
    return ends.length === 0 ? undefined : Math.max(...ends)
  }
}
