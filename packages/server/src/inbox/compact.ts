import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { numberOf } from './count.ts'

interface Interval {
  user: string
  topic: string
  part: number
}

/** How far one change may move a pointer; what is left moves with the next change. Keeps a command short. */
const MAX_STEPS = 200

const pointers = statement<Interval>()((db, p) =>
  db
    .selectFrom('subscription')
    .select(['from_rank', 'cleared_rank', 'cleared_categories', 'from_categories'])
    .select(['read_rank', 'read_categories', 'seen_rank'])
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part),
)
const exceptionsAbove = statement<Interval & { rank: number }>()((db, p) =>
  db
    .selectFrom('exception')
    .select(['rank', 'category', 'is_read', 'seen_at', 'deleted_at', 'snoozed_until'])
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('rank', '>', p.rank)
    .orderBy('rank')
    .limit(MAX_STEPS),
)
const revokedAbove = statement<{ topic: string; rank: number }>()((db, p) =>
  db
    .selectFrom('revoked')
    .select(['rank', 'category'])
    .where('topic', '=', p.topic)
    .where('rank', '>', p.rank)
    .orderBy('rank')
    .limit(MAX_STEPS),
)
const moveRead = statement<Interval & { rank: number; categories: string }>()((db, p) =>
  db
    .updateTable('subscription')
    .set({ read_rank: p.rank, read_categories: p.categories })
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part),
)
const moveSeen = statement<Interval & { rank: number }>()((db, p) =>
  db
    .updateTable('subscription')
    .set({ seen_rank: p.rank })
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part),
)

interface Step {
  rank: number
  category: string
}

/**
 * Moves the read and seen pointers over everything handled right above them, so that the exceptions a count has to
 * look at stay few. The exceptions themselves stay: they hold the times.
 */
export async function compact(tx: Tx, interval: Interval): Promise<void> {
  const at = await tx.get(pointers, interval)
  if (!at) return
  const floor = Math.max(at.from_rank, at.cleared_rank)
  const read = await handledFrom(
    tx,
    interval,
    Math.max(floor, at.read_rank),
    // What is snoozed keeps its own state, wherever the pointers are.
    (row) => row.is_read === 1 || row.deleted_at === 0 || row.snoozed_until !== null,
  )
  const lastRead = read.at(-1)
  if (lastRead) {
    const base = floor > at.read_rank ? categoriesAtFloor(at) : at.read_categories
    tx.write(moveRead, { ...interval, rank: lastRead.rank, categories: addSteps(base, read) })
  }
  const isSeen = (row: Handled) => row.seen_at !== null || row.is_read === 1 || row.deleted_at === 0
  const seen = await handledFrom(tx, interval, Math.max(floor, at.seen_rank, lastRead?.rank ?? 0), isSeen)
  const seenRank = seen.at(-1)?.rank ?? lastRead?.rank ?? 0
  if (seenRank > at.seen_rank) tx.write(moveSeen, { ...interval, rank: seenRank })
}

function categoriesAtFloor(at: {
  from_rank: number
  cleared_rank: number
  from_categories: string
  cleared_categories: string
}): string {
  return at.cleared_rank > at.from_rank ? at.cleared_categories : at.from_categories
}

function addSteps(categories: string, steps: Step[]): string {
  const numbers: Record<string, number> = JSON.parse(categories)
  for (const { category } of steps) numbers[category] = numberOf(numbers, category) + 1
  return JSON.stringify(numbers)
}

interface Handled extends Step {
  is_read: number | null
  seen_at: number | null
  /** 0 stands for an item that was never for this user. */
  deleted_at: number | null
  snoozed_until: number | null
}

/** The unbroken run of handled or revoked ranks right above `rank`. */
async function handledFrom(
  tx: Tx,
  interval: Interval,
  rank: number,
  isHandled: (row: Handled) => boolean,
): Promise<Step[]> {
  const exceptions = new Map<number, Handled>()
  for (const row of await tx.all(exceptionsAbove, { ...interval, rank })) exceptions.set(row.rank, row)
  if (exceptions.size === 0) return []
  const revoked = new Map<number, Step>()
  for (const row of await tx.all(revokedAbove, { topic: interval.topic, rank })) revoked.set(row.rank, row)
  const steps: Step[] = []
  for (let next = rank + 1; steps.length < MAX_STEPS; next += 1) {
    const exception = exceptions.get(next)
    const step = revoked.get(next) ?? (exception && isHandled(exception) ? exception : undefined)
    if (!step) break
    steps.push(step)
  }
  return steps
}
