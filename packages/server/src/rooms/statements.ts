import { statement } from '../store/sql/statement.ts'

export const insertRoom = statement<{ id: string; kind: string; now: number }>()((db, p) =>
  db
    .insertInto('room')
    .values({ id: p.id, kind: p.kind, created_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
)

/** A room that is no chat: who is in a chat, its members decide. */
export const audienceRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('room').select('id').where('id', '=', p.id).where('kind', '=', 'audience'),
)

export const topicRow = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select('topic').where('topic', '=', p.topic),
)
