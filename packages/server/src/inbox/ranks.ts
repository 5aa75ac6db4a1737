import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { numberOf } from './count.ts'
import { idAtRank } from './statements.ts'

/**
 * The highest rank in `(low, high]` of a topic whose item has an id up to `id`, or `low`. Ids and ranks of a topic
 * grow together, so a binary search finds it in O(log n) without an index of its own. Trimmed items are the oldest.
 */
export async function rankUpTo(
  reader: Reader,
  topic: string,
  id: string,
  { low, high }: { low: number; high: number },
): Promise<number> {
  let below = low
  let above = high + 1
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    const row = await reader.get(idAtRank, { topic, rank: middle })
    if (row === undefined || row.id <= id) below = middle
    else above = middle
  }
  return below
}

const numbersAbove = statement<{ topic: string; rank: number }>()((db, p) =>
  db
    .selectFrom('item')
    .select((row) => ['category', row.fn.countAll<number>().as('n')])
    .where('topic', '=', p.topic)
    .where('rank', '>', p.rank)
    .groupBy('category'),
)

/** Items per category among the first `rank` of a topic: its totals without what came since, which is little. */
export async function categoriesAt(
  reader: Reader,
  topic: { topic: string; items: number; categories: string },
  rank: number,
): Promise<string> {
  if (rank >= topic.items) return topic.categories
  const numbers: Record<string, number> = JSON.parse(topic.categories)
  for (const { category, n } of await reader.all(numbersAbove, { topic: topic.topic, rank })) {
    numbers[category] = numberOf(numbers, category) - n
  }
  return JSON.stringify(numbers)
}
