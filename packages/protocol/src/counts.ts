import type { Entry } from './entries.ts'
import type { Counts } from './notification.ts'

/** Kinds about notifications after which only the store knows the numbers; those named here tell all there is to count. */
const isRecounted = (kind: string): boolean =>
  /^(item|inbox)\.(?!(created|edited|withheld|woken)$)/.test(kind)

/**
 * Moves exact numbers, in place, over the entry that follows them, and tells whether they could be moved: where not,
 * they stay as they are, and only the store knows the next ones. Server and client run this one function, so that a
 * broadcast need not tell every reader the numbers it has just made.
 */
export function moveCounts(counts: Counts, entry: Entry): boolean {
  const { at } = counts
  const before = at[entry.topic]
  if (before === undefined || entry.offset !== before + 1 || isRecounted(entry.kind)) return false
  at[entry.topic] = entry.offset
  if (entry.kind === 'topic.joined') at[entry.data.topic] ??= entry.data.offset
  if (entry.kind === 'item.woken') counts.snoozed -= 1
  if (entry.kind === 'item.created') addUnread(counts, entry.data.category)
  return true
}

function addUnread(counts: Counts, category: string): void {
  // A category may have any name, that of an object's own method too.
  const known = Object.hasOwn(counts.byCategory, category) ? counts.byCategory[category] : undefined
  const numbers = known ?? { total: 0, unread: 0 }
  counts.byCategory[category] = numbers
  counts.total += 1
  counts.unread += 1
  counts.unseen += 1
  numbers.total += 1
  numbers.unread += 1
}
