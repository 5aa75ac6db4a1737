/**
 * What was snoozed comes back: as a new item on the user's own topic, with the same body, so that order, cursors, numbers
 * and noise are those of any new item, and sender's changes still reach it. The old one is gone for this user.
 *
 *   item 7 ──snooze──► away until … ──due──► item 12, `originId` 7
 *                          └──unsnooze──► item 7, in its place
 */
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { compact } from './compact.ts'
import { deliver } from './deliver.ts'
import { iso, type StoredBody } from './item.ts'
import { visibleItem } from './statements.ts'

/** As many as one transaction wakes: a few milliseconds, so that others need not wait for everybody's Monday at nine. */
const MAX_AT_ONCE = 50

const dueItems = statement<{ now: number }>()((db, p) =>
  db
    .selectFrom('exception as e')
    .innerJoin('item as i', (join) => join.onRef('i.topic', '=', 'e.topic').onRef('i.rank', '=', 'e.rank'))
    .select(['e.user_id', 'e.topic', 'e.rank', 'i.id'])
    .where('e.snoozed_until', '<=', p.now)
    .where('e.deleted_at', 'is', null)
    // What has expired is about to be withdrawn, and makes no noise before.
    .where((row) =>
      row.or([
        row('i.expires_at', 'is', null),
        row('i.expires_at', '>', p.now),
        row('i.revoked_at', 'is not', null),
      ]),
    )
    .orderBy('e.snoozed_until')
    .orderBy('i.id')
    .limit(MAX_AT_ONCE),
)

/** Nobody else has done it when this changes a row: several nodes look for what is due. */
const endSnooze = statement<{ user: string; topic: string; rank: number }>()((db, p) =>
  db
    .updateTable('exception')
    .set({ snoozed_until: null, deleted_at: 0 })
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('rank', '=', p.rank)
    .where('snoozed_until', 'is not', null),
)

const senderOf = statement<{ id: string }>()((db, p) =>
  db.selectFrom('item').select(['sender', 'body_id']).where('id', '=', p.id),
)

type Row = NonNullable<Awaited<ReturnType<typeof find>>>
const find = (tx: Tx, user: string, id: string) => tx.get(visibleItem, { user, id })

/** Run by the server's own timer. Replies whether more may be due. */
export async function wakeItems(tx: Tx): Promise<{ woken: number; hasMore: boolean }> {
  const due = await tx.all(dueItems, { now: tx.now })
  let woken = 0
  for (const { user_id: user, topic, rank, id } of due) {
    const row = await find(tx, user, id)
    // Withdrawn meanwhile: there is nothing to come back.
    if (!row) tx.write(endSnooze, { user, topic, rank })
    else if (await wake(tx, user, row)) woken += 1
  }
  return { woken, hasMore: due.length === MAX_AT_ONCE }
}

/** Brings one snoozed item back on top. Resolves to whether this call did it. */
export async function wake(tx: Tx, user: string, row: Row): Promise<boolean> {
  const { id, topic, rank, part } = row
  if ((await tx.run(endSnooze, { user, topic, rank })) === 0) return false
  const { sender = '', body_id = null } = (await tx.get(senderOf, { id })) ?? {}
  const body: StoredBody = JSON.parse(row.body)
  const item = await deliver(tx, {
    topic: topics.user(user),
    content: {
      ...body,
      type: row.type,
      category: row.category,
      // What a sender's schema let in.
      priority: row.priority as 'medium',
      expiresAt: row.expires_at === null ? undefined : iso(row.expires_at),
    },
    sender,
    sharedWith: body_id ?? id,
    originId: row.origin_id ?? id,
  })
  if (!item) throw new Error(`${user} has no topic`)
  await append(tx, topics.user(user), 'item.woken', { id, as: item.id })
  await compact(tx, { user, topic, part })
  return true
}
