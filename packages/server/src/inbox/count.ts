import type { Counts } from '@belfry/protocol'

/** One interval of a user in a topic; category maps are the topic's numbers at that rank. */
export interface CountInterval {
  topic: string
  from: number
  /** Last rank the user may see: where the interval was closed, or the topic's last. */
  to: number
  cleared: number
  read: number
  seen: number
  categories: { from: Numbers; to: Numbers; cleared: Numbers; read: Numbers }
}

export type Numbers = Readonly<Record<string, number>>

/** Items of a category. `constructor` is a good category too, and every object answers to it. */
export const numberOf = (numbers: Numbers, category: string): number =>
  Object.hasOwn(numbers, category) ? (numbers[category] ?? 0) : 0

/** A live (not revoked) item whose state differs from the pointers. */
export interface CountException {
  topic: string
  rank: number
  category: string
  isRead: boolean | undefined
  isSeen: boolean
  isArchived: boolean
  isSnoozed: boolean
  /** Or never for this user. */
  isDeleted: boolean
}

export interface CountRevoked {
  topic: string
  rank: number
  category: string
}

type Tally = { total: number; unread: number; unseen: number; byCategory: Counts['byCategory'] }

/**
 * Exact numbers from pointers and exceptions: inbox-model.md, "Exact unread count". The cost depends on what is
 * exceptional, not on how much was sent.
 */
export function countItems(
  intervals: readonly CountInterval[],
  exceptions: readonly CountException[],
  revoked: readonly CountRevoked[],
): Tally {
  const tally: Tally = { total: 0, unread: 0, unseen: 0, byCategory: {} }
  for (const interval of intervals) {
    addPointers(tally, interval)
    for (const row of revoked) if (row.topic === interval.topic) subtractRevoked(tally, interval, row)
    for (const row of exceptions) if (row.topic === interval.topic) applyException(tally, interval, row)
  }
  for (const [category, numbers] of Object.entries(tally.byCategory)) {
    if (numbers.total === 0 && numbers.unread === 0) delete tally.byCategory[category]
  }
  return tally
}

const floorOf = (interval: CountInterval) => Math.max(interval.from, interval.cleared)

function ofCategory(tally: Tally, category: string): { total: number; unread: number } {
  const known = Object.hasOwn(tally.byCategory, category) ? tally.byCategory[category] : undefined
  const numbers = known ?? { total: 0, unread: 0 }
  tally.byCategory[category] = numbers
  return numbers
}

/** As if nothing were exceptional: everything above the pointer is unread. */
function addPointers(tally: Tally, interval: CountInterval): void {
  const { to, read, seen, categories } = interval
  const floor = floorOf(interval)
  if (to <= floor) return
  tally.total += to - floor
  tally.unread += Math.max(0, to - Math.max(floor, read))
  tally.unseen += Math.max(0, to - Math.max(floor, seen))
  const atFloor = interval.cleared > interval.from ? categories.cleared : categories.from
  const atRead = read > floor ? categories.read : atFloor
  for (const [category, all] of Object.entries(categories.to)) {
    const numbers = ofCategory(tally, category)
    numbers.total += all - numberOf(atFloor, category)
    if (to > read) numbers.unread += all - numberOf(atRead, category)
  }
}

function subtractRevoked(tally: Tally, interval: CountInterval, { rank, category }: CountRevoked): void {
  const floor = floorOf(interval)
  if (rank <= floor || rank > interval.to) return
  const numbers = ofCategory(tally, category)
  tally.total -= 1
  numbers.total -= 1
  if (rank > interval.read) {
    tally.unread -= 1
    numbers.unread -= 1
  }
  if (rank > interval.seen) tally.unseen -= 1
}

function applyException(tally: Tally, interval: CountInterval, row: CountException): void {
  const { rank, category } = row
  if (rank <= floorOf(interval) || rank > interval.to) return
  const isHidden = row.isArchived || row.isSnoozed || row.isDeleted
  const numbers = ofCategory(tally, category)
  if (isHidden) {
    tally.total -= 1
    numbers.total -= 1
  }
  const wasUnread = rank > interval.read
  const isUnread = !isHidden && (row.isRead === undefined ? wasUnread : !row.isRead)
  tally.unread += Number(isUnread) - Number(wasUnread)
  numbers.unread += Number(isUnread) - Number(wasUnread)
  const wasUnseen = rank > interval.seen
  const isUnseen = wasUnseen && !isHidden && !row.isSeen && row.isRead !== true
  tally.unseen += Number(isUnseen) - Number(wasUnseen)
}
