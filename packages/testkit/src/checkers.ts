/** Checkers over a history log (reliability.md §6.2). Each gives sentences about what is wrong; none means right. */
import type { History, Operation } from './history.ts'
import type { Note } from './http.ts'

export interface Reading {
  userId: string
  /** The user's whole list, newest first. */
  list: readonly Note[]
  /** What `GET /api/notifications/count` said. */
  unread: number
}

/** Acknowledged, but not in the list (V1). */
export function findLost(history: History, reading: Reading): string[] {
  const read = new Set(reading.list.map((note) => note.message))
  return history
    .acked(reading.userId)
    .filter((operation) => !read.has(operation.message))
    .map((operation) => `lost for ${reading.userId}: ${operation.message}`)
}

/** In the list, but never sent to this user, or refused, or with other content. */
export function findPhantoms(history: History, reading: Reading): string[] {
  const byMessage = new Map(
    history.invoked(reading.userId).map((operation) => [operation.message, operation]),
  )
  return reading.list.flatMap((note) => {
    const operation = byMessage.get(note.message)
    if (operation === undefined) return [`phantom for ${reading.userId}: ${note.message}`]
    if (operation.outcome === 'fail') return [`refused, yet listed for ${reading.userId}: ${note.message}`]
    return []
  })
}

/** Twice by id or by content (V2). */
export function findDuplicates(reading: Reading): string[] {
  const problems: string[] = []
  for (const field of ['id', 'message'] as const) {
    const seen = new Set<string>()
    for (const note of reading.list) {
      if (seen.has(note[field])) problems.push(`twice for ${reading.userId} by ${field}: ${note[field]}`)
      seen.add(note[field])
    }
  }
  return problems
}

/** An operation that ended before another began must be older in the list (real-time order). */
export function findDisorder(history: History, reading: Reading): string[] {
  const byMessage = new Map<string, Operation>(
    history.operations.map((operation) => [operation.message, operation]),
  )
  const problems: string[] = []
  let latest: Operation | undefined
  for (const note of reading.list.toReversed()) {
    const operation = byMessage.get(note.message)
    if (operation === undefined) continue
    if (latest !== undefined && wasDoneBefore(operation, latest)) {
      problems.push(`out of order for ${reading.userId}: ${operation.message} after ${latest.message}`)
    }
    if (latest === undefined || operation.invokedAt > latest.invokedAt) latest = operation
  }
  return problems
}

/** One whose end nobody knows may have been done long after its sender gave up. */
const wasDoneBefore = ({ outcome, endedAt }: Operation, other: Operation): boolean =>
  outcome === 'ok' && endedAt !== undefined && endedAt < other.invokedAt

/** The server's count against a recount of the list (V4). */
export function findMiscount(reading: Reading): string[] {
  const recount = reading.list.filter((note) => note.readAt === null).length
  return recount === reading.unread
    ? []
    : [`count for ${reading.userId}: said ${reading.unread}, recounted ${recount}`]
}

/** What a client showed, in the order it applied it, against the server's list (V3): nothing missing, nothing twice. */
export function findApplyFaults(userId: string, applied: readonly Note[], list: readonly Note[]): string[] {
  const counts = new Map<string, number>()
  for (const note of applied) counts.set(note.id, (counts.get(note.id) ?? 0) + 1)
  const twice = [...counts]
    .filter(([, count]) => count > 1)
    .map(([id]) => `applied twice by ${userId}: ${id}`)
  const missing = list
    .filter((note) => !counts.has(note.id))
    .map((note) => `never applied by ${userId}: ${note.message}`)
  return [...twice, ...missing]
}

export function findAll(history: History, reading: Reading): string[] {
  return [
    ...findLost(history, reading),
    ...findPhantoms(history, reading),
    ...findDuplicates(reading),
    ...findDisorder(history, reading),
    ...findMiscount(reading),
  ]
}
