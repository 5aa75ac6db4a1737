import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import { type Builder, statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { firstSeenAt, iso } from './item.ts'
import { categoriesAt, rankUpTo } from './ranks.ts'
import { insertMark, intervalsOf, successorOf, visibleItem, visibleItems } from './statements.ts'

type Interval = Awaited<ReturnType<typeof intervals>>[number]
const intervals = (tx: Tx, user: string) => tx.all(intervalsOf, { user })

interface Part {
  user: string
  topic: string
  part: number
}

/**
 * Unread exceptions up to a rank become read now; the others keep their own times. All of them were seen before. What is
 * snoozed stays as it is.
 */
const readExceptions = statement<{ user: string; topic: string; from: number; rank: number; now: number }>()(
  (db, p) =>
    db
      .updateTable('exception')
      .set({ is_read: 1, read_at: p.now })
      .where('user_id', '=', p.user)
      .where('topic', '=', p.topic)
      .where('rank', '>', p.from)
      .where('rank', '<=', p.rank)
      .where('is_read', '=', 0)
      .where('snoozed_until', 'is', null),
)
const setRead = statement<Part & { rank: number; categories: string }>()((db, p) =>
  ofPart(db, p).set({ read_rank: p.rank, read_categories: p.categories }),
)
const setSeen = statement<Part & { rank: number }>()((db, p) => ofPart(db, p).set({ seen_rank: p.rank }))
const setCleared = statement<Part & { rank: number; categories: string }>()((db, p) =>
  ofPart(db, p).set({ cleared_rank: p.rank, cleared_categories: p.categories }),
)
/** What is snoozed is not cleared, unless it was deleted. */
const dropExceptions = statement<{ user: string; topic: string; from: number; rank: number }>()((db, p) =>
  db
    .deleteFrom('exception')
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('rank', '>', p.from)
    .where('rank', '<=', p.rank)
    .where((row) => row.or([row('snoozed_until', 'is', null), row('deleted_at', 'is not', null)])),
)

type PartParams = { [K in keyof Part]: import('kysely').RawBuilder<Part[K]> }

function ofPart(db: Builder, p: PartParams) {
  return db
    .updateTable('subscription')
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part)
}

function userOf(actor: Actor): string {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  return actor.id
}

/** Every interval of the user, with the rank up to which `upTo` reaches in it. */
async function reach(
  tx: Tx,
  user: string,
  upTo: string | undefined,
): Promise<{ row: Interval; rank: number }[]> {
  if (upTo !== undefined) {
    const item = await tx.get(visibleItem, { user, id: upTo })
    // The place of what has come back from a snooze since is still a place.
    const isGone = !item || item.deleted_at === 0
    const isPlace = isGone
      ? await tx.get(successorOf, { topic: topics.user(user), id: upTo })
      : !item.deleted_at
    if (!isPlace) throw new Failure('not_found')
  }
  const reached: { row: Interval; rank: number }[] = []
  for (const row of await intervals(tx, user)) {
    const bounds = { low: row.from_rank, high: row.to_rank ?? row.items }
    const rank = upTo === undefined ? bounds.high : await rankUpTo(tx, row.topic, upTo, bounds)
    if (rank > row.from_rank) reached.push({ row, rank })
  }
  return reached
}

/** Id that stands for "everything so far" in the entry: sorts after every item there is. */
const lastId = (tx: Tx, upTo: string | undefined): string => upTo ?? tx.newId()

export async function markAllRead(tx: Tx, actor: Actor, input: ParsedInput<'markAllRead'>) {
  const user = userOf(actor)
  const { upTo, category } = input
  for (const { row, rank } of await reach(tx, user, upTo)) {
    if (category === undefined) await readUpTo(tx, user, row, rank)
    else await readCategory(tx, user, row, { rank, category })
  }
  const narrowed = category === undefined ? {} : { category }
  await append(tx, topics.user(user), 'inbox.read', { upTo: lastId(tx, upTo), at: iso(tx.now), ...narrowed })
  return {}
}

async function readUpTo(tx: Tx, user: string, row: Interval, rank: number): Promise<void> {
  const { topic, part, from_rank: from } = row
  tx.write(readExceptions, { user, topic, from, rank, now: tx.now })
  if (rank > row.read_rank) {
    tx.write(setRead, { user, topic, part, rank, categories: await categoriesAt(tx, row, rank) })
    tx.write(insertMark, { user, topic, kind: 'read', rank, at: tx.now })
  }
  await seeUpTo(tx, user, row, rank)
}

async function seeUpTo(tx: Tx, user: string, row: Interval, rank: number): Promise<void> {
  if (rank <= row.seen_rank) return
  tx.write(setSeen, { user, topic: row.topic, part: row.part, rank })
  tx.write(insertMark, { user, topic: row.topic, kind: 'seen', rank, at: tx.now })
}

const unreadOfCategory = statement<{
  user: string
  topic: string
  from: number
  rank: number
  category: string
}>()((db, p) =>
  visibleItems(db, p.user)
    .where('i.topic', '=', p.topic)
    .where('i.rank', '>', p.from)
    .where('i.rank', '<=', p.rank)
    .where('i.category', '=', p.category)
    .where('e.snoozed_until', 'is', null)
    .where((row) =>
      row.or([
        row('e.is_read', '=', 0),
        row.and([row('e.is_read', 'is', null), row('i.rank', '>', row.ref('s.read_rank'))]),
      ]),
    ),
)
const readOne = statement<{
  user: string
  topic: string
  rank: number
  category: string
  now: number
  seenAt: number | null
}>()((db, p) =>
  db
    .insertInto('exception')
    .values({
      user_id: p.user,
      topic: p.topic,
      rank: p.rank,
      category: p.category,
      is_read: 1,
      read_at: p.now,
      seen_at: p.seenAt,
      archived_at: null,
      deleted_at: null,
      snoozed_until: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'topic', 'rank']).doUpdateSet((row) => ({
        is_read: 1,
        read_at: row.ref('excluded.read_at'),
        seen_at: row.ref('excluded.seen_at'),
      })),
    ),
)

async function readCategory(
  tx: Tx,
  user: string,
  row: Interval,
  { rank, category }: { rank: number; category: string },
): Promise<void> {
  const bounds = { user, topic: row.topic, from: row.from_rank, rank, category }
  for (const item of await tx.all(unreadOfCategory, bounds)) {
    const seenAt = firstSeenAt(item, tx.now)
    tx.write(readOne, { user, topic: row.topic, rank: item.rank, category, now: tx.now, seenAt })
  }
}

export async function markAllSeen(tx: Tx, actor: Actor, { upTo }: ParsedInput<'markAllSeen'>) {
  const user = userOf(actor)
  for (const { row, rank } of await reach(tx, user, upTo)) await seeUpTo(tx, user, row, rank)
  await append(tx, topics.user(user), 'inbox.seen', { upTo: lastId(tx, upTo), at: iso(tx.now) })
  return {}
}

export async function clearAll(tx: Tx, actor: Actor, { upTo }: ParsedInput<'clearAll'>) {
  const user = userOf(actor)
  for (const { row, rank } of await reach(tx, user, upTo)) {
    const { topic, part, from_rank: from } = row
    if (rank > row.cleared_rank)
      tx.write(setCleared, { user, topic, part, rank, categories: await categoriesAt(tx, row, rank) })
    tx.write(dropExceptions, { user, topic, from, rank })
  }
  await append(tx, topics.user(user), 'inbox.cleared', { upTo: lastId(tx, upTo), at: iso(tx.now) })
  return {}
}
