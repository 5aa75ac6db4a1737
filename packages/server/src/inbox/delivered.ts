import type { Item } from '@belfry/protocol'
import { sql } from 'kysely'
import type { Actor } from '../core/actor.ts'
import type { Handed } from '../core/handed.ts'
import { addRange, type Range } from '../core/ranges.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader, Tx } from '../store/store.ts'
import { toItems } from './state.ts'
import { intervalsOf, visibleItems } from './statements.ts'

interface At {
  user: string
  topic: string
  rank: number
}
const intervalAt = statement<At>()((db, p) =>
  db
    .selectFrom('subscription')
    .select(['part', 'delivered_rank', 'delivered_late'])
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('from_rank', '<', p.rank)
    .orderBy('part', 'desc')
    .limit(1),
)
const setDelivered = statement<{
  user: string
  topic: string
  part: number
  rank: number
  late: string | null
}>()((db, p) =>
  db
    .updateTable('subscription')
    .set({ delivered_rank: p.rank, delivered_late: p.late })
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part),
)

/** Items up to an offset: all, less those above it, which are at most as many as the offsets above it. */
const itemsUpTo = statement<{ topic: string; offset: number }>()((db, p) =>
  db
    .selectFrom('topic as t')
    .leftJoin('item as i', (join) =>
      join
        .onRef('i.topic', '=', 't.topic')
        .on('i.rank', '>', sql<number>`t.items - (t.head - ${p.offset})`)
        .on('i.offset', '>', p.offset),
    )
    .select(sql<number>`max(t.items) - count(i.rank)`.as('rank'))
    .where('t.topic', '=', p.topic),
)

async function rankAt(reader: Reader, topic: string, offset: number): Promise<number> {
  if (offset === 0) return 0
  return (await reader.get(itemsUpTo, { topic, offset }))?.rank ?? 0
}

/** Run by the server itself, many users at a time: what sockets were handed is delivered. */
export async function markDelivered(tx: Tx, _: Actor, { handed }: { handed: Handed[] }): Promise<unknown> {
  // Of one broadcast many are handed the same.
  const ranks = new Map<string, number>()
  const rankOf = async (topic: string, offset: number) => {
    const key = `${offset} ${topic}`
    const rank = ranks.get(key) ?? (await rankAt(tx, topic, offset))
    ranks.set(key, rank)
    return rank
  }
  for (const { user, topic, after, upTo, only } of handed) {
    if (only === 'messages') continue
    const to = await rankOf(topic, upTo)
    if (to === 0) continue
    const row = await tx.get(intervalAt, { user, topic, rank: to })
    if (!row || to <= row.delivered_rank) continue
    const from = (await rankOf(topic, after)) + 1
    const late: Range[] = row.delivered_late === null ? [] : JSON.parse(row.delivered_late)
    const next = addRange(row.delivered_rank, late, [from, to])
    tx.write(setDelivered, {
      user,
      topic,
      part: row.part,
      rank: next.watermark,
      late: next.late.length === 0 ? null : JSON.stringify(next.late),
    })
  }
  return {}
}

const pendingOf = statement<{ user: string; topic: string; above: number; upTo: number }>()((db, p) =>
  visibleItems(db, p.user)
    .where('i.topic', '=', p.topic)
    .where('i.rank', '>', p.above)
    .where('i.rank', '<=', p.upTo)
    .where('e.deleted_at', 'is', null)
    .orderBy('i.rank', 'desc')
    .limit(MAX_PENDING),
)

/** What one catch-up of a seed's client pushes at most, newest first to be kept; it fetches the list for the rest. */
const MAX_PENDING = 1000

export interface Pending {
  items: Item[]
  /** Heads of the user's topics in the same snapshot. */
  heads: Record<string, number>
}

/** What no socket was handed yet, oldest first: the catch-up of seeds 001 and 003. */
export async function pendingItems(reader: Reader, { user }: { user: string }): Promise<Pending> {
  const items: Item[] = []
  const heads: Record<string, number> = {}
  for (const row of await reader.all(intervalsOf, { user })) {
    if (row.to_offset === null) heads[row.topic] = row.head
    const above = Math.max(row.from_rank, row.cleared_rank, row.delivered_rank)
    const bounds = { user, topic: row.topic, above, upTo: row.to_rank ?? row.items }
    if (bounds.upTo > above) items.push(...(await toItems(reader, user, await reader.all(pendingOf, bounds))))
  }
  const pending = items.filter((item) => item.status === 'pending').sort((a, b) => (a.id < b.id ? -1 : 1))
  return { items: pending.slice(-MAX_PENDING), heads }
}
