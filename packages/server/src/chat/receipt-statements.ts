import { type Lot, usersIn } from '../store/sql/lots.ts'
import { statement } from '../store/sql/statement.ts'

interface OfMember {
  chat: string
  user: string
}

export const setRead = statement<
  OfMember & {
    read: number
    readAt: number | null
    delivered: number
    deliveredAt: number | null
    late: string | null
    own: number
  }
>()((db, p) =>
  db
    .updateTable('member')
    .set({
      last_read_seq: p.read,
      last_read_at: p.readAt,
      last_delivered_seq: p.delivered,
      last_delivered_at: p.deliveredAt,
      delivered_late: p.late,
      private_read_seq: p.own,
      unread_from_seq: null,
    })
    .where('chat_id', '=', p.chat)
    .where('user_id', '=', p.user),
)

export interface Delivered {
  user_id: string
  last_delivered_seq: number
  delivered_late: string | null
}

/** How far these have come, without those who are no longer in the chat. */
export const deliveredOf = statement<{ chat: string } & Lot>()((db, p) =>
  db
    .selectFrom('member')
    .select(['user_id', 'last_delivered_seq', 'delivered_late'])
    .where('chat_id', '=', p.chat)
    .where('user_id', 'in', usersIn(p))
    .where('left_at', 'is', null),
)

export const setDelivered = statement<
  { chat: string; seq: number; late: string | null; now: number } & Lot
>()((db, p) =>
  db
    .updateTable('member')
    .set({ last_delivered_seq: p.seq, delivered_late: p.late, last_delivered_at: p.now })
    .where('chat_id', '=', p.chat)
    .where('user_id', 'in', usersIn(p)),
)

/** Members whose watermarks have moved since the others were told; of observers nothing is told. */
export const untold = statement<{ chat: string }>()((db, p) =>
  db
    .selectFrom('member')
    .select(['user_id', 'last_read_seq', 'last_delivered_seq', 'told_read_seq'])
    .where('chat_id', '=', p.chat)
    .where('left_at', 'is', null)
    .where('role', '!=', 'observer')
    .where((row) =>
      row.or([
        row('last_read_seq', '>', row.ref('told_read_seq')),
        row('last_delivered_seq', '>', row.ref('told_delivered_seq')),
      ]),
    ),
)
export const markTold = statement<{ chat: string }>()((db, p) =>
  db
    .updateTable('member')
    .set((row) => ({
      told_read_seq: row.ref('last_read_seq'),
      told_delivered_seq: row.ref('last_delivered_seq'),
    }))
    .where('chat_id', '=', p.chat)
    .where('role', '!=', 'observer'),
)

export const setDue = statement<{ chat: string; at: number | null }>()((db, p) =>
  db.updateTable('chat').set({ receipts_due: p.at }).where('id', '=', p.chat),
)
export const dueChats = statement<{ now: number }>()((db, p) =>
  db
    .selectFrom('chat')
    .select(['id', 'member_count'])
    .where('receipts_due', '<=', p.now)
    .orderBy('receipts_due')
    .limit(500),
)
