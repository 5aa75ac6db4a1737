import type { Counts, Item } from '@belfry/protocol'

/** What was said, once for everyone who got it. */
export interface Body {
  type: string
  category: string
  title: string
  message: string
  priority: Item['priority']
  expiresAt: number | null
  editedAt: number | null
}

/** One accepted item: in one topic, with the body of the send it belongs to. */
export interface Sent {
  id: string
  topic: string
  offset: number
  createdAt: number
  body: Body
  /** The item whose id stands for the whole send. */
  first: string
  isGone: boolean
  /** What came back from a snooze: the item that was sent first. */
  origin?: string
}

/** One row per recipient, as a naive inbox would keep it. */
export interface Row {
  sent: Sent
  /** Which stay of the person in the topic it belongs to. */
  stay: number
  readAt: number | null
  seenAt: number | null
  archivedAt: number | null
  deletedAt: number | null
  snoozedUntil: number | null
  /** Cleared while it was snoozed: it is away, and has no place to return to. */
  isHomeless?: boolean
  isDelivered: boolean
}

export interface Person {
  id: string
  /** In order of acceptance. Cleared rows are dropped. */
  rows: Row[]
  /** Topics heard now. */
  topics: Set<string>
  /** How often a topic was joined. */
  stays: Map<string, number>
  /** What a snoozed item, by the id under which it was sent first, came back as. */
  woken: Map<string, string>
}

export type StateChange =
  | 'read'
  | 'unread'
  | 'seen'
  | 'archive'
  | 'unarchive'
  | 'unsnooze'
  | 'delete'
  | 'restore'
export type Verdict = 'ok' | 'not_found'

const RESTORABLE_MS = 7 * 24 * 3600 * 1000

const readNow = (row: Row, now: number) => {
  row.readAt ??= now
  row.seenAt ??= now
}

const changes: Record<StateChange, (row: Row, now: number) => void> = {
  read: readNow,
  unread: (row) => {
    row.readAt = null
  },
  seen: (row, now) => {
    row.seenAt ??= now
  },
  archive: (row, now) => {
    if (row.archivedAt !== null) return
    readNow(row, now)
    row.archivedAt = now
  },
  unarchive: (row) => {
    row.archivedAt = null
  },
  unsnooze: (row) => {
    row.snoozedUntil = null
  },
  delete: (row, now) => {
    row.deletedAt = now
  },
  restore: (row) => {
    row.deletedAt = null
  },
}

/** The inbox as one would explain it on a napkin: a row per recipient, every number counted row by row. */
export class Oracle {
  readonly people = new Map<string, Person>()
  readonly sent = new Map<string, Sent>()

  add(id: string): Person {
    const person: Person = { id, rows: [], topics: new Set(), stays: new Map(), woken: new Map() }
    this.people.set(id, person)
    return person
  }

  person(id: string): Person {
    const person = this.people.get(id)
    if (!person) throw new Error(`Nobody is called ${id}`)
    return person
  }

  join(id: string, topic: string): boolean {
    const person = this.person(id)
    if (person.topics.has(topic)) return false
    person.topics.add(topic)
    person.stays.set(topic, (person.stays.get(topic) ?? 0) + 1)
    return true
  }

  leave(id: string, topic: string): boolean {
    return this.person(id).topics.delete(topic)
  }

  /** Who gets it is decided when it is accepted. */
  accept(sent: Sent, except: readonly string[]): void {
    this.sent.set(sent.id, sent)
    for (const person of this.people.values()) {
      if (!person.topics.has(sent.topic) || except.includes(person.id)) continue
      const times = { readAt: null, seenAt: null, archivedAt: null, deletedAt: null, snoozedUntil: null }
      person.rows.push({ sent, stay: person.stays.get(sent.topic) ?? 0, ...times, isDelivered: false })
    }
  }

  #row(id: string, item: string): Row | undefined {
    return this.person(id).rows.find((row) => row.sent.id === item && !row.sent.isGone)
  }

  /** Under an id that it had before a snooze too: the latest that came back. */
  #current(id: string, item: string): Row | undefined {
    const row = this.#row(id, item)
    if (row) return row
    const origin = this.sent.get(item)?.origin ?? item
    const latest = this.person(id).woken.get(origin)
    return latest === undefined ? undefined : this.#row(id, latest)
  }

  snooze(id: string, { ids, now, until }: { ids: readonly string[]; now: number; until: number }): Verdict {
    return this.#each(id, ids, (row) => {
      if (row.deletedAt !== null) return false
      row.seenAt ??= now
      row.snoozedUntil = until
      return true
    })
  }

  /** Of the caller's items among `ids`, those that return at once and on top: their place is gone. */
  homeless(id: string, ids: readonly string[]): Row[] {
    const rows = new Set(ids.map((item) => this.#current(id, item)))
    return [...rows]
      .filter((row) => row !== undefined)
      .filter((row) => row.isHomeless && row.deletedAt === null)
  }

  due(now: number): { person: Person; row: Row }[] {
    return [...this.people.values()].flatMap((person) =>
      person.rows.filter((row) => isDue(row, now)).map((row) => ({ person, row })),
    )
  }

  /** The row is gone; what was said is there again, as new. */
  wake(person: Person, row: Row, sent: Sent): void {
    person.rows.splice(person.rows.indexOf(row), 1)
    this.sent.set(sent.id, sent)
    person.woken.set(sent.origin ?? '', sent.id)
    const times = { readAt: null, seenAt: null, archivedAt: null, deletedAt: null, snoozedUntil: null }
    person.rows.push({ sent, stay: person.stays.get(sent.topic) ?? 0, ...times, isDelivered: false })
  }

  change(id: string, kind: StateChange, { ids, now }: { ids: readonly string[]; now: number }): Verdict {
    return this.#each(id, ids, (row) => {
      if (!isEligible(row, kind, now)) return false
      // Who has no place returns as new; see `homeless`.
      if (kind !== 'unsnooze' || !row.isHomeless) changes[kind](row, now)
      return true
    })
  }

  #each(id: string, ids: readonly string[], change: (row: Row) => boolean): Verdict {
    for (const item of new Set(ids)) {
      const row = this.#current(id, item)
      const isDone = row !== undefined && change(row)
      if (!isDone && ids.length === 1) return 'not_found'
    }
    return 'ok'
  }

  /** Applies to every row up to and including `upTo` in list order, also to those that are deleted at the moment. */
  upTo(id: string, upTo: string | undefined, change: (row: Row, person: Person) => void): Verdict {
    const person = this.person(id)
    let rows = [...person.rows]
    if (upTo !== undefined) {
      const last = this.#row(id, upTo)
      const isPlace = last ? last.deletedAt === null : this.#wasWoken(id, upTo)
      if (!isPlace) return 'not_found'
      rows = rows.filter((row) => row.sent.id <= upTo)
    }
    for (const row of rows) change(row, person)
    return 'ok'
  }

  /** An item that came back since: it is gone, but its place is known. */
  #wasWoken(id: string, item: string): boolean {
    const latest = this.person(id).woken.get(this.sent.get(item)?.origin ?? item)
    return latest !== undefined && latest !== item
  }

  readAll(
    id: string,
    input: { upTo: string | undefined; category: string | undefined; now: number },
  ): Verdict {
    return this.upTo(id, input.upTo, (row) => {
      if (row.snoozedUntil !== null) return
      if (input.category === undefined || input.category === row.sent.body.category) readNow(row, input.now)
    })
  }

  seeAll(id: string, upTo: string | undefined, now: number): Verdict {
    return this.upTo(id, upTo, (row) => changes.seen(row, now))
  }

  clearAll(id: string, upTo: string | undefined): Verdict {
    return this.upTo(id, upTo, (row, person) => {
      if (row.snoozedUntil !== null && row.deletedAt === null) row.isHomeless = true
      else person.rows.splice(person.rows.indexOf(row), 1)
    })
  }

  /** The item and those that share its body. */
  ofSend(id: string): Sent[] {
    return [...this.sent.values()].filter((sent) => !sent.isGone && (sent.id === id || sent.first === id))
  }

  expire(now: number): number {
    const due = [...this.sent.values()].filter(
      ({ isGone, body }) => !isGone && body.expiresAt !== null && body.expiresAt <= now,
    )
    for (const sent of due) sent.isGone = true
    return due.length
  }

  /** Rows that exist for the person, newest first. */
  visible(id: string): Row[] {
    return this.person(id)
      .rows.filter((row) => !row.sent.isGone && row.deletedAt === null)
      .reverse()
  }

  counts(id: string): Omit<Counts, 'at'> {
    const byCategory: Counts['byCategory'] = Object.create(null)
    const counts = { total: 0, unread: 0, unseen: 0, snoozed: 0, byCategory }
    for (const row of this.visible(id)) {
      if (row.snoozedUntil !== null) {
        counts.snoozed += 1
        continue
      }
      if (row.archivedAt !== null) continue
      const { category } = row.sent.body
      byCategory[category] ??= { total: 0, unread: 0 }
      counts.total += 1
      byCategory[category].total += 1
      if (row.seenAt === null) counts.unseen += 1
      if (row.readAt !== null) continue
      counts.unread += 1
      byCategory[category].unread += 1
    }
    return counts
  }
}

function isDue({ sent, snoozedUntil, deletedAt }: Row, now: number): boolean {
  const { expiresAt } = sent.body
  if (sent.isGone || (expiresAt !== null && expiresAt <= now)) return false
  return snoozedUntil !== null && snoozedUntil <= now && deletedAt === null
}

function isEligible(row: Row, kind: StateChange, now: number): boolean {
  if (kind !== 'restore') return row.deletedAt === null
  return row.deletedAt !== null && row.deletedAt > now - RESTORABLE_MS
}
