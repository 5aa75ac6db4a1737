import { statement } from '../store/sql/statement.ts'

export const waitingRows = statement<{ limit: number }>()((db, p) =>
  db.selectFrom('outbox').select(['id', 'input']).where('failed_at', 'is', null).orderBy('id').limit(p.limit),
)
export const waitingRow = statement<{ id: number }>()((db, p) =>
  db.selectFrom('outbox').select('input').where('id', '=', p.id).where('failed_at', 'is', null),
)
/** Whoever else takes the same row waits here for our commit, and then finds it gone. */
export const removeRow = statement<{ id: number }>()((db, p) =>
  db.deleteFrom('outbox').where('id', '=', p.id).where('failed_at', 'is', null),
)
export const failRow = statement<{ id: number; at: number; error: string }>()((db, p) =>
  db
    .updateTable('outbox')
    .set({ failed_at: p.at, error: p.error })
    .where('id', '=', p.id)
    .where('failed_at', 'is', null),
)
