import { Failure } from '@belfry/protocol'
import { statement } from '../store/sql/statement.ts'
import type { Tx } from '../store/store.ts'
import { append } from './log.ts'
import { topics } from './topics.ts'

const ensureTopic = statement<{ topic: string }>()((db, p) =>
  db
    .insertInto('topic')
    .values({ topic: p.topic, head: 0, items: 0, revoked: 0, tail_offset: 0, tail_rank: 0, categories: '{}' })
    .onConflict((conflict) => conflict.doNothing()),
)
const topicRow = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select(['head', 'items', 'categories']).where('topic', '=', p.topic),
)
const intervals = statement<{ user: string; topic: string }>()((db, p) =>
  db
    .selectFrom('subscription')
    .select(['part', 'to_offset'])
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .orderBy('part', 'desc'),
)
const openInterval = statement<{
  user: string
  topic: string
  part: number
  head: number
  items: number
  categories: string
}>()((db, p) =>
  db.insertInto('subscription').values({
    user_id: p.user,
    topic: p.topic,
    part: p.part,
    from_offset: p.head,
    to_offset: null,
    from_rank: p.items,
    to_rank: null,
    from_categories: p.categories,
    to_categories: null,
    delivered_rank: p.items,
    delivered_late: null,
    seen_rank: p.items,
    read_rank: p.items,
    read_categories: p.categories,
    cleared_rank: p.items,
    cleared_categories: p.categories,
  }),
)
const closeInterval = statement<{
  user: string
  topic: string
  part: number
  head: number
  items: number
  categories: string
}>()((db, p) =>
  db
    .updateTable('subscription')
    .set({ to_offset: p.head, to_rank: p.items, to_categories: p.categories })
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('part', '=', p.part),
)
/** Topics of rooms sort between `room:` and `room;`, the next character. */
const roomsHeardBy = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('subscription')
    .select((row) => row.fn.countAll().as('count'))
    .where('user_id', '=', p.user)
    .where('topic', '>=', 'room:')
    .where('topic', '<', 'room;')
    .where('to_offset', 'is', null),
)
/** Source: reliability.md §11. */
const MAX_ROOMS_PER_USER = 1000

async function assertFewRooms(tx: Tx, user: string): Promise<void> {
  const heard = await tx.get(roomsHeardBy, { user })
  if (heard && Number(heard.count) >= MAX_ROOMS_PER_USER) {
    throw new Failure('forbidden', { message: `A user may be in ${MAX_ROOMS_PER_USER} rooms.` })
  }
}

/** Makes the topic when it is missing; its log begins empty. */
export async function createTopic(tx: Tx, topic: string): Promise<void> {
  tx.write(ensureTopic, { topic })
}

/**
 * From now on the user hears `topic`; nothing older becomes visible. Repeats change nothing. The change is an entry
 * on the user's own topic, so that every node and tab acts on it. Resolves to whether something changed.
 * @throws Failure `forbidden` beyond the number of rooms that one user may be in
 */
export async function join(tx: Tx, user: string, topic: string): Promise<boolean> {
  const [latest] = await tx.all(intervals, { user, topic })
  if (latest && latest.to_offset === null) return false
  if (topic.startsWith(topics.room(''))) await assertFewRooms(tx, user)
  await createTopic(tx, topic)
  const row = await tx.get(topicRow, { topic })
  if (!row) throw new Error(`No topic ${topic}`)
  tx.write(openInterval, { user, topic, part: latest ? latest.part + 1 : 0, ...row })
  if (topic !== topics.user(user)) {
    await append(tx, topics.user(user), 'topic.joined', { topic, offset: row.head })
  }
  return true
}

/** The user hears nothing more from `topic` and keeps what was received. Resolves to whether something changed. */
export async function leave(tx: Tx, user: string, topic: string): Promise<boolean> {
  const [latest] = await tx.all(intervals, { user, topic })
  if (!latest || latest.to_offset !== null) return false
  const row = await tx.get(topicRow, { topic })
  if (!row) throw new Error(`No topic ${topic}`)
  tx.write(closeInterval, { user, topic, part: latest.part, ...row })
  await append(tx, topics.user(user), 'topic.left', { topic, offset: row.head })
  return true
}
