import type { Entry, EntryKind } from './entries.ts'
import type { Counts } from './notification.ts'

/** Kinds that change numbers in a way only the store can tell. */
const recounted: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'item.recalled',
  'item.read',
  'item.unread',
  'item.seen',
  'item.archived',
  'item.unarchived',
  'item.deleted',
  'item.restored',
  'inbox.read',
  'inbox.seen',
  'inbox.cleared',
])

type Change = Pick<Entry, 'topic' | 'offset' | 'kind' | 'data'>

/**
 * Moves exact numbers, in place, over the entry that follows them, and tells whether they could be moved: where not,
 * they stay as they are, and only the store knows the next ones. Server and client run this one function, so that a
 * broadcast need not tell every reader the numbers it has just made.
 */
export function moveCounts(counts: Counts, { topic, offset, kind, data }: Change): boolean {
  const { at } = counts
  const before = at[topic]
  if (before === undefined || offset !== before + 1 || recounted.has(kind)) return false
  at[topic] = offset
  if (kind === 'topic.joined') {
    const joined = data as { topic: string; offset: number }
    at[joined.topic] ??= joined.offset
  }
  if (kind === 'item.created') addUnread(counts, (data as { category: string }).category)
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
