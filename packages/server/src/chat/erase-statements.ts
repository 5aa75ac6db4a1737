import { type Statement, statement } from '../store/sql/statement.ts'

interface OfUser {
  user: string
}

/** The user's own messages, the newest first. */
export const newestOwn = statement<OfUser & { limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select(['id', 'chat_id'])
    .where('sender_id', '=', p.user)
    .where('deleted_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(p.limit),
)

/** Notifications that the user's messages have led to. */
export const itemsFromMessages = statement<OfUser>()((db, p) =>
  db
    .selectFrom('mention as n')
    .innerJoin('message as m', 'm.id', 'n.message_id')
    .select('n.item_id')
    .distinct()
    .where('m.sender_id', '=', p.user)
    .where('n.item_id', 'is not', null),
)

export const reactedBy = statement<OfUser & { limit: number }>()((db, p) =>
  db
    .selectFrom('reaction as r')
    .innerJoin('message as m', 'm.id', 'r.message_id')
    .select(['m.id', 'm.chat_id'])
    .distinct()
    .where('r.user_id', '=', p.user)
    .orderBy('m.id', 'desc')
    .limit(p.limit),
)

/** Attached to the user's messages, or put to others' messages. */
export const deleteReactionsAround = statement<OfUser>()((db, p) =>
  db
    .deleteFrom('reaction')
    .where((row) =>
      row.or([
        row('user_id', '=', p.user),
        row('message_id', 'in', row.selectFrom('message').select('id').where('sender_id', '=', p.user)),
      ]),
    ),
)

/** Their places stay, since `seq` has no holes; nothing else does. */
export const buryAllOf = statement<OfUser & { now: number }>()((db, p) =>
  db
    .updateTable('message')
    .set({ content: '', body: '{}', hash: '', edited_at: null, deleted_at: p.now, deleted_by: p.user })
    .where('sender_id', '=', p.user)
    .where('deleted_at', 'is', null),
)

export const membershipsOf = statement<OfUser>()((db, p) =>
  db.selectFrom('member').selectAll().where('user_id', '=', p.user),
)

/** Entries in a chat's log that may hold the user's name. */
export const namingEntries = statement<{ topic: string; pattern: string }>()((db, p) =>
  db
    .selectFrom('entry')
    .select(['offset', 'data'])
    .where('topic', '=', p.topic)
    .where('kind', 'in', ['member.joined', 'member.updated'])
    .where('data', 'like', p.pattern),
)
export const setEntryData = statement<{ topic: string; offset: number; data: string }>()((db, p) =>
  db.updateTable('entry').set({ data: p.data }).where('topic', '=', p.topic).where('offset', '=', p.offset),
)

/** Takes away what a user leaves behind in chats, beside messages and reactions. */
export const chatErasures: readonly Statement<OfUser, unknown>[] = [
  statement<OfUser>()((db, p) =>
    db
      .deleteFrom('mention')
      .where('message_id', 'in', (row) =>
        row.selectFrom('message').select('id').where('sender_id', '=', p.user),
      ),
  ),
  statement<OfUser>()((db, p) =>
    db
      .deleteFrom('mention')
      .where('user_id', '=', p.user)
      .where('chat_id', 'in', (row) =>
        row.selectFrom('member').select('chat_id').where('user_id', '=', p.user),
      ),
  ),
  statement<OfUser>()((db, p) => db.deleteFrom('member').where('user_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('block').where('user_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('block').where('blocked_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('report').where('reporter_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('presence').where('user_id', '=', p.user)),
]
