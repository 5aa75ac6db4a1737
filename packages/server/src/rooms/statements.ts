import { statement } from '../store/sql/statement.ts'

export const insertRoom = statement<{ id: string; kind: string; now: number }>()((db, p) =>
  db
    .insertInto('room')
    .values({ id: p.id, kind: p.kind, created_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
)

export const roomRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('room').select('id').where('id', '=', p.id),
)

export const topicRow = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select('topic').where('topic', '=', p.topic),
)

/** Topics of rooms sort between `room:` and `room;`, the next character. */
export const roomsHeardBy = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('subscription')
    .select((row) => row.fn.countAll().as('count'))
    .where('user_id', '=', p.user)
    .where('topic', '>=', 'room:')
    .where('topic', '<', 'room;')
    .where('to_offset', 'is', null),
)
