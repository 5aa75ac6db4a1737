import type { EntryData } from '@belfry/protocol'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'

interface Place {
  topic: string
  rank: number
}

const keepersOf = statement<Place>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .leftJoin('subscription as now', (join) =>
      join
        .onRef('now.topic', '=', 's.topic')
        .onRef('now.user_id', '=', 's.user_id')
        .on('now.to_offset', 'is', null)
        .on('now.from_rank', '<', p.rank),
    )
    .leftJoin('exception as e', (join) =>
      join.onRef('e.user_id', '=', 's.user_id').onRef('e.topic', '=', 's.topic').on('e.rank', '=', p.rank),
    )
    .select('s.user_id')
    .where('s.topic', '=', p.topic)
    .where('s.to_rank', '>=', p.rank)
    .where('s.from_rank', '<', p.rank)
    .where((row) => row.or([row('s.cleared_rank', '<', p.rank), row('e.snoozed_until', 'is not', null)]))
    .where('now.topic', 'is', null)
    .where('e.deleted_at', 'is', null),
)

/**
 * Writes what happens to an item to its topic, and to the own topics of those who keep the item but have left since:
 * the topic's log does not reach them, or, when they came back, hides what is older. Costs one entry, and one more for
 * each of these.
 */
export async function appendForKeepers<K extends 'item.edited' | 'item.recalled'>(
  tx: Tx,
  { topic, rank }: Place,
  kind: K,
  data: EntryData[K],
  except: string[] = [],
): Promise<void> {
  await append(tx, topic, kind, data, except)
  for (const { user_id: user } of await tx.all(keepersOf, { topic, rank })) {
    await append(tx, topics.user(user), kind, data)
  }
}
