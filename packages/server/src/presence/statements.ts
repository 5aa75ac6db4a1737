import { type Builder, statement } from '../store/sql/statement.ts'

/** A chat of more members tells them nothing of each other. Source: chat-presence.md §11. */
const MAX_SIGHTED_MEMBERS = 200

export const setWish = statement<{
  user: string
  status: string | null
  text: string | null
  until: number | null
}>()((db, p) =>
  db
    .insertInto('presence')
    .values({ user_id: p.user, status: p.status, text: p.text, until: p.until, last_active: null })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet({ status: p.status, text: p.text, until: p.until }),
    ),
)

export const presenceRow = statement<{ user: string }>()((db, p) =>
  db.selectFrom('presence').selectAll().where('user_id', '=', p.user),
)

export const presenceRows = (db: Builder, users: string[]) =>
  db.selectFrom('presence').selectAll().where('user_id', 'in', users)

/** A user is who has a topic; deleted ones have lost theirs. */
export const topicRow = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select('topic').where('topic', '=', p.topic),
)

export const setLastActive = statement<{ user: string; at: number }>()((db, p) =>
  db
    .insertInto('presence')
    .values({ user_id: p.user, status: null, text: null, until: null, last_active: p.at })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ last_active: p.at })),
)

/** Chats the user is in. */
export const chatsOf = statement<{ user: string }>()((db, p) =>
  db.selectFrom('member').select('chat_id').where('user_id', '=', p.user).where('left_at', 'is', null),
)

/** People who share a chat with the user that is small enough. */
export const sharersOf = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('member as own')
    .innerJoin('chat as c', 'c.id', 'own.chat_id')
    .innerJoin('member as other', 'other.chat_id', 'own.chat_id')
    .select('other.user_id')
    .distinct()
    .where('own.user_id', '=', p.user)
    .where('own.left_at', 'is', null)
    .where('c.member_count', '<=', MAX_SIGHTED_MEMBERS)
    .where('other.left_at', 'is', null)
    .where('other.user_id', '!=', p.user),
)

/** The same, of given people. */
export const sharersAmong = (db: Builder, user: string, others: string[]) =>
  db
    .selectFrom('member as own')
    .innerJoin('chat as c', 'c.id', 'own.chat_id')
    .innerJoin('member as other', 'other.chat_id', 'own.chat_id')
    .select('other.user_id')
    .distinct()
    .where('own.user_id', '=', user)
    .where('own.left_at', 'is', null)
    .where('c.member_count', '<=', MAX_SIGHTED_MEMBERS)
    .where('other.left_at', 'is', null)
    .where('other.user_id', 'in', others)

/** Pairs in which the user has blocked somebody, or was blocked. */
export const blocksAround = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('block')
    .select(['user_id', 'blocked_id'])
    .where((row) => row.or([row('user_id', '=', p.user), row('blocked_id', '=', p.user)])),
)

export const chatRow = statement<{ chat: string }>()((db, p) =>
  db.selectFrom('chat').select(['state', 'member_count']).where('id', '=', p.chat),
)

export const membersOf = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom('member as m')
    .leftJoin('account as a', 'a.id', 'm.user_id')
    .select(['m.user_id', 'm.role', 'm.access', 'm.muted_until', 'a.email'])
    .where('m.chat_id', '=', p.chat)
    .where('m.left_at', 'is', null),
)

/** Blocks between members of the chat. */
export const blocksWithin = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom('member as m')
    .innerJoin('block as b', 'b.user_id', 'm.user_id')
    .innerJoin('member as o', (join) =>
      join.onRef('o.chat_id', '=', 'm.chat_id').onRef('o.user_id', '=', 'b.blocked_id'),
    )
    .select(['b.user_id', 'b.blocked_id'])
    .where('m.chat_id', '=', p.chat),
)
