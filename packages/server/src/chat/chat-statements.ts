import { sql } from 'kysely'
import { statement } from '../store/sql/statement.ts'

interface OfMember {
  chat: string
  user: string
}

export const chatRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('chat').selectAll().where('id', '=', p.id),
)

export const insertChat = statement<{
  id: string
  type: string
  title: string | null
  avatarUrl: string | null
  context: string | null
  state: string
  history: string
  creator: string
  now: number
}>()((db, p) =>
  db
    .insertInto('chat')
    .values({
      id: p.id,
      type: p.type,
      title: p.title,
      avatar_url: p.avatarUrl,
      context: p.context,
      state: p.state,
      history: p.history,
      creator: p.creator,
      last_seq: 0,
      member_count: 0,
      pins: '[]',
      receipts_due: null,
      created_at: p.now,
      updated_at: p.now,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

export const insertRoom = statement<{ id: string; kind: string; now: number }>()((db, p) =>
  db
    .insertInto('room')
    .values({ id: p.id, kind: p.kind, created_at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
)

export const setChat = statement<{
  id: string
  title: string | null
  avatarUrl: string | null
  context: string | null
  state: string
  pins: string
}>()((db, p) =>
  db
    .updateTable('chat')
    .set({ title: p.title, avatar_url: p.avatarUrl, context: p.context, state: p.state, pins: p.pins })
    .where('id', '=', p.id),
)

/** Takes the chat's next `seq`; the row stays locked until the commit. */
export const takeSeq = statement<{ id: string; now: number }>()((db, p) =>
  db
    .updateTable('chat')
    .set((row) => ({ last_seq: row('last_seq', '+', 1), updated_at: p.now }))
    .where('id', '=', p.id)
    .returning('last_seq'),
)

export const changeMemberCount = statement<{ id: string; by: number }>()((db, p) =>
  db
    .updateTable('chat')
    .set({ member_count: sql<number>`member_count + ${p.by}` })
    .where('id', '=', p.id),
)

/** A user is who has a topic; deleted ones have lost theirs. */
export const topicRow = statement<{ topic: string }>()((db, p) =>
  db.selectFrom('topic').select(['topic', 'head']).where('topic', '=', p.topic),
)

export const memberRow = statement<OfMember>()((db, p) =>
  db.selectFrom('member').selectAll().where('chat_id', '=', p.chat).where('user_id', '=', p.user),
)

export const membersOf = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom('member')
    .selectAll()
    .where('chat_id', '=', p.chat)
    .where('left_at', 'is', null)
    .orderBy('joined_at')
    .orderBy('user_id'),
)

/** As many members as a chat names. Source: chat-presence.md §3. */
export const firstMembers = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom('member')
    .select('user_id')
    .where('chat_id', '=', p.chat)
    .where('left_at', 'is', null)
    .orderBy('joined_at')
    .orderBy('user_id')
    .limit(100),
)

/** Comes into the chat, for the first time or again; everything so far counts as had. */
export const enterMember = statement<OfMember & { role: string; access: string; now: number; seq: number }>()(
  (db, p) =>
    db
      .insertInto('member')
      .values({
        chat_id: p.chat,
        user_id: p.user,
        role: p.role,
        access: p.access,
        joined_at: p.now,
        left_at: null,
        floor_offset: 0,
        muted_until: null,
        last_read_seq: p.seq,
        last_read_at: null,
        last_delivered_seq: p.seq,
        last_delivered_at: null,
        delivered_late: null,
        told_read_seq: p.seq,
        told_delivered_seq: p.seq,
        notify: 'all',
        silenced_until: null,
        hidden_at: null,
        unread_from_seq: null,
        private_read_seq: 0,
      })
      .onConflict((conflict) =>
        conflict.columns(['chat_id', 'user_id']).doUpdateSet({
          role: p.role,
          access: p.access,
          joined_at: p.now,
          left_at: null,
          last_read_seq: p.seq,
          last_delivered_seq: p.seq,
          told_read_seq: p.seq,
          told_delivered_seq: p.seq,
          delivered_late: null,
          unread_from_seq: null,
        }),
      ),
)

export const setMember = statement<OfMember & { role: string; access: string; mutedUntil: number | null }>()(
  (db, p) =>
    db
      .updateTable('member')
      .set({ role: p.role, access: p.access, muted_until: p.mutedUntil })
      .where('chat_id', '=', p.chat)
      .where('user_id', '=', p.user),
)

export const endMember = statement<OfMember & { now: number }>()((db, p) =>
  db
    .updateTable('member')
    .set({ left_at: p.now, role: 'member', hidden_at: null, unread_from_seq: null })
    .where('chat_id', '=', p.chat)
    .where('user_id', '=', p.user)
    .where('left_at', 'is', null),
)

/** Takes back everything that a former member could read. */
export const raiseFloor = statement<OfMember & { offset: number }>()((db, p) =>
  db
    .updateTable('member')
    .set({ floor_offset: p.offset })
    .where('chat_id', '=', p.chat)
    .where('user_id', '=', p.user),
)
export const emptyIntervals = statement<{ user: string; topic: string }>()((db, p) =>
  db
    .updateTable('subscription')
    .set((row) => ({ from_offset: row.ref('to_offset').$notNull() }))
    .where('user_id', '=', p.user)
    .where('topic', '=', p.topic)
    .where('to_offset', 'is not', null),
)

export const setPrefs = statement<
  OfMember & {
    notify: string
    silencedUntil: number | null
    hiddenAt: number | null
    unreadFrom: number | null
  }
>()((db, p) =>
  db
    .updateTable('member')
    .set({
      notify: p.notify,
      silenced_until: p.silencedUntil,
      hidden_at: p.hiddenAt,
      unread_from_seq: p.unreadFrom,
    })
    .where('chat_id', '=', p.chat)
    .where('user_id', '=', p.user),
)

/** A new message brings a hidden chat back. */
export const unhide = statement<{ chat: string }>()((db, p) =>
  db
    .updateTable('member')
    .set({ hidden_at: null })
    .where('chat_id', '=', p.chat)
    .where('hidden_at', 'is not', null)
    .returningAll(),
)

export const blockRow = statement<{ user: string; other: string }>()((db, p) =>
  db
    .selectFrom('block')
    .select('user_id')
    .where((row) =>
      row.or([
        row.and([row('user_id', '=', p.user), row('blocked_id', '=', p.other)]),
        row.and([row('user_id', '=', p.other), row('blocked_id', '=', p.user)]),
      ]),
    ),
)
export const insertBlock = statement<{ user: string; other: string; now: number }>()((db, p) =>
  db
    .insertInto('block')
    .values({ user_id: p.user, blocked_id: p.other, at: p.now })
    .onConflict((conflict) => conflict.doNothing()),
)
export const deleteBlock = statement<{ user: string; other: string }>()((db, p) =>
  db.deleteFrom('block').where('user_id', '=', p.user).where('blocked_id', '=', p.other),
)
export const blocksOf = statement<{ user: string }>()((db, p) =>
  db.selectFrom('block').select('blocked_id').where('user_id', '=', p.user).orderBy('at'),
)
