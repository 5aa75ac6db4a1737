import { statement } from '../store/sql/statement.ts'

/** A file counts as at least this much of its owner's space, so that empty rows are bounded too. */
export const MIN_COUNTED_BYTES = 65_536

export const insertMedia = statement<{
  id: string
  owner: string
  kind: string
  name: string
  mime: string
  size: number
  facts: string
  now: number
}>()((db, p) =>
  db.insertInto('media').values({
    id: p.id,
    owner_id: p.owner,
    chat_id: null,
    message_id: null,
    kind: p.kind,
    name: p.name,
    mime: p.mime,
    size: p.size,
    facts: p.facts,
    created_at: p.now,
    deleted_at: null,
  }),
)

export const mediaRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('media').selectAll().where('id', '=', p.id).where('deleted_at', 'is', null),
)

export const ownMedia = statement<{ owner: string }>()((db, p) =>
  db
    .selectFrom('media')
    .selectAll()
    .where('owner_id', '=', p.owner)
    .where('deleted_at', 'is', null)
    .orderBy('created_at'),
)

/** Files that wait for their removal take up space as well. */
export const bytesOf = statement<{ owner: string }>()((db, p) =>
  db
    .selectFrom('media')
    .select((row) =>
      row.fn
        .sum<number | null>(
          row.case().when('size', '<', MIN_COUNTED_BYTES).then(MIN_COUNTED_BYTES).else(row.ref('size')).end(),
        )
        .as('bytes'),
    )
    .where('owner_id', '=', p.owner),
)

export const setFacts = statement<{ id: string; facts: string }>()((db, p) =>
  db.updateTable('media').set({ facts: p.facts }).where('id', '=', p.id),
)

export const attach = statement<{ id: string; owner: string; chat: string; message: string }>()((db, p) =>
  db
    .updateTable('media')
    .set({ chat_id: p.chat, message_id: p.message })
    .where('id', '=', p.id)
    .where('owner_id', '=', p.owner)
    .where('message_id', 'is', null)
    .where('deleted_at', 'is', null),
)

export const deleteByMessage = statement<{ message: string; now: number }>()((db, p) =>
  db.updateTable('media').set({ message_id: null, deleted_at: p.now }).where('message_id', '=', p.message),
)

export const deleteByOwner = statement<{ owner: string; now: number }>()((db, p) =>
  db
    .updateTable('media')
    .set({ message_id: null, deleted_at: p.now })
    .where('owner_id', '=', p.owner)
    .where('deleted_at', 'is', null),
)

/** Deleted ones, and those that no message took in time, the oldest first. */
export const dueMedia = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom('media')
    .select(['id', 'facts', 'deleted_at'])
    .where('message_id', 'is', null)
    .where((row) => row.or([row('deleted_at', 'is not', null), row('created_at', '<', p.before)]))
    .orderBy('created_at')
    .limit(p.limit),
)

export const markDeleted = statement<{ id: string; now: number }>()((db, p) =>
  db.updateTable('media').set({ deleted_at: p.now }).where('id', '=', p.id),
)

export const forgetRow = statement<{ id: string }>()((db, p) =>
  db.deleteFrom('media').where('id', '=', p.id).where('deleted_at', 'is not', null),
)
