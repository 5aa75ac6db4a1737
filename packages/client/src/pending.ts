/**
 * Own changes that the server has not confirmed, laid over what it has told.
 *
 *   sent ──entry that does the same──► shown by the inbox ──numbers at that entry──► gone
 *     │                                                                                ▲
 *     ├──answer, and nothing is missing: it changed nothing ───────────────────────────┤
 *     └──refusal: rolled back ─────────────────────────────────────────────────────────┘
 */
import type { Counts, Entry, Item } from '@belfry/protocol'
import { applyChange, type InboxChange } from './effects.ts'
import type { Inbox } from './inbox.ts'
import type { ItemList } from './item-list.ts'

export type Numbers = Omit<Counts, 'at' | 'snoozed'>

/** One own change, foreseen as the entry that it will become. */
export interface Pending {
  readonly id: number
  readonly change: InboxChange
  /** What it adds to the server's numbers until they hold it. */
  readonly delta: Numbers
  readonly isAnswered: boolean
  /** Where the inbox has it; from then on only its delta counts. */
  readonly doneAt?: { topic: string; offset: number }
}

interface Shown {
  readonly items: readonly Item[]
  readonly counts: Numbers
}

export interface View extends Shown {
  readonly counts: Counts
}

/** Items and numbers as their user is to see them. */
export function viewOf(inbox: Inbox, pending: readonly Pending[]): View {
  const list = overlay(inbox.list, pending)
  const sum = pending.reduce<Numbers>((numbers, { delta }) => combine(numbers, delta, 1), inbox.counts)
  return { items: list.items, counts: { ...inbox.counts, ...notNegative(sum) } }
}

/** A list with the changes that it does not hold yet. */
export function overlay(list: ItemList, pending: readonly Pending[]): ItemList {
  return pending.reduce((state, { change, doneAt }) => (doneAt ? state : applyChange(state, change)), list)
}

/** The difference that a change makes to the numbers on screen, as far as loaded items tell. */
export function deltaOf(view: Shown, change: InboxChange): Numbers {
  const before = { items: view.items, floor: '', removed: [] }
  const { items } = applyChange(before, change)
  if (change.kind === 'inbox.read' && change.data.category === undefined) {
    const after = tally(items)
    // It reaches the items that are not loaded, too: what stays unread is newer than the newest that was shown.
    return combine(
      { ...after, total: 0, byCategory: unreadOf(after) },
      { ...view.counts, total: 0, byCategory: unreadOf(view.counts) },
      -1,
    )
  }
  const old = new Set(view.items)
  const next = new Set(items)
  return combine(
    tally(items.filter((item) => !old.has(item))),
    tally(view.items.filter((item) => !next.has(item))),
    -1,
  )
}

/** The changes, each with the difference that it makes over the inbox and the ones before it. */
export function rebase(inbox: Inbox, pending: readonly Pending[]): readonly Pending[] {
  let { list }: { list: ItemList } = inbox
  let counts: Numbers = inbox.counts
  return pending.map((one) => {
    const delta = one.doneAt ? one.delta : deltaOf({ items: list.items, counts }, one.change)
    list = overlay(list, [one])
    counts = combine(counts, delta, 1)
    return { ...one, delta }
  })
}

/** Notes which changes an entry confirms. */
export function confirm(pending: readonly Pending[], entries: readonly Entry[]): readonly Pending[] {
  if (pending.length === 0) return pending
  return pending.map((one) => {
    if (one.doneAt) return one
    const entry = entries.find((entry) => isSame(one.change, entry))
    return entry ? { ...one, doneAt: { topic: entry.topic, offset: entry.offset } } : one
  })
}

/** Drops the changes that the server's numbers hold. */
export function settle(pending: readonly Pending[], counts: Counts): readonly Pending[] {
  return pending.filter(({ doneAt }) => !doneAt || doneAt.offset > (counts.at[doneAt.topic] ?? 0))
}

function isSame(change: InboxChange, entry: Entry): boolean {
  if (change.kind === 'inbox.read') {
    return (
      entry.kind === 'inbox.read' &&
      entry.data.category === change.data.category &&
      entry.data.upTo >= change.data.upTo
    )
  }
  if (change.kind !== entry.kind) return false
  const ids = 'ids' in change.data ? change.data.ids : []
  return 'ids' in entry.data && entry.data.ids.some((id) => ids.includes(id))
}

export const noNumbers: Numbers = { total: 0, unread: 0, unseen: 0, byCategory: {} }

function tally(items: readonly Item[]): Numbers {
  return items.reduce<Numbers>((numbers, { readAt, seenAt, category }) => {
    const unread = Number(readAt === null)
    const own = {
      total: 1,
      unread,
      unseen: Number(seenAt === null),
      byCategory: { [category]: { total: 1, unread } },
    }
    return combine(numbers, own, 1)
  }, noNumbers)
}

const unreadOf = ({ byCategory }: Numbers): Numbers['byCategory'] =>
  Object.fromEntries(
    Object.entries(byCategory).map(([category, { unread }]) => [category, { total: 0, unread }]),
  )

function combine(a: Numbers, b: Numbers, sign: 1 | -1): Numbers {
  const byCategory = { ...a.byCategory }
  for (const [category, { total, unread }] of Object.entries(b.byCategory)) {
    const known = byCategory[category] ?? { total: 0, unread: 0 }
    byCategory[category] = { total: known.total + sign * total, unread: known.unread + sign * unread }
  }
  return {
    total: a.total + sign * b.total,
    unread: a.unread + sign * b.unread,
    unseen: a.unseen + sign * b.unseen,
    byCategory,
  }
}

/** A delta may overlap for a moment with numbers that hold it already. */
function notNegative({ total, unread, unseen, byCategory }: Numbers): Numbers {
  const positive = (value: number) => Math.max(0, value)
  const categories = Object.entries(byCategory).map(([category, numbers]) => [
    category,
    { total: positive(numbers.total), unread: positive(numbers.unread) },
  ])
  return {
    total: positive(total),
    unread: positive(unread),
    unseen: positive(unseen),
    byCategory: Object.fromEntries(categories),
  }
}
