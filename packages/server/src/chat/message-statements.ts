import { sql } from 'kysely'
import type { MessageRow } from '../store/sql/chat-schema.ts'
import { type Builder, statement } from '../store/sql/statement.ts'

export const insertMessage = statement<MessageRow>()((db, p) =>
  db.insertInto('message').values({
    ...{ chat_id: p.chat_id, seq: p.seq, id: p.id, offset: p.offset, sender_id: p.sender_id },
    ...{ client_id: p.client_id, hash: p.hash, type: p.type, content: p.content, body: p.body },
    ...{ silent: p.silent, created_at: p.created_at, edited_at: p.edited_at },
    ...{ deleted_at: p.deleted_at, deleted_by: p.deleted_by },
  }),
)

export const messageById = statement<{ id: string }>()((db, p) =>
  db.selectFrom('message').selectAll().where('id', '=', p.id),
)

export const messageByClient = statement<{ chat: string; sender: string; clientId: string }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('chat_id', '=', p.chat)
    .where('sender_id', '=', p.sender)
    .where('client_id', '=', p.clientId),
)

/** The last message at or before an offset of the chat's topic. */
export const seqAt = statement<{ chat: string; offset: number }>()((db, p) =>
  db
    .selectFrom('message')
    .select('seq')
    .where('chat_id', '=', p.chat)
    .where('offset', '<=', p.offset)
    .orderBy('offset', 'desc')
    .limit(1),
)

export const setContent = statement<{ id: string; content: string; now: number }>()((db, p) =>
  db.updateTable('message').set({ content: p.content, edited_at: p.now }).where('id', '=', p.id),
)

/** Nothing of what was said stays. */
export const buryMessage = statement<{ id: string; by: string | null; now: number }>()((db, p) =>
  db
    .updateTable('message')
    .set({ content: '', body: '{}', hash: '', edited_at: null, deleted_at: p.now, deleted_by: p.by })
    .where('id', '=', p.id)
    .where('deleted_at', 'is', null),
)

export const insertReaction = statement<{ message: string; emoji: string; user: string; now: number }>()(
  (db, p) =>
    db
      .insertInto('reaction')
      .values({ message_id: p.message, emoji: p.emoji, user_id: p.user, at: p.now })
      .onConflict((conflict) => conflict.doNothing()),
)
export const deleteReaction = statement<{ message: string; emoji: string; user: string }>()((db, p) =>
  db
    .deleteFrom('reaction')
    .where('message_id', '=', p.message)
    .where('emoji', '=', p.emoji)
    .where('user_id', '=', p.user),
)
export const deleteReactions = statement<{ message: string }>()((db, p) =>
  db.deleteFrom('reaction').where('message_id', '=', p.message),
)
export const reactionKinds = statement<{ message: string }>()((db, p) =>
  db.selectFrom('reaction').select('emoji').distinct().where('message_id', '=', p.message),
)

export const insertMention = statement<{
  chat: string
  user: string
  seq: number
  message: string
  item: string | null
}>()((db, p) =>
  db
    .insertInto('mention')
    .values({ chat_id: p.chat, user_id: p.user, seq: p.seq, message_id: p.message, item_id: p.item })
    .onConflict((conflict) => conflict.doNothing()),
)
export const mentionsIn = statement<{ chat: string; seq: number }>()((db, p) =>
  db
    .selectFrom('mention')
    .select(['user_id', 'item_id'])
    .where('chat_id', '=', p.chat)
    .where('seq', '=', p.seq),
)
export const mentionsUpTo = statement<{ chat: string; user: string; above: number; upTo: number }>()(
  (db, p) =>
    db
      .selectFrom('mention')
      .select('item_id')
      .where('chat_id', '=', p.chat)
      .where('user_id', '=', p.user)
      .where('seq', '>', p.above)
      .where('seq', '<=', p.upTo)
      .where('item_id', 'is not', null),
)
export const deleteMentions = statement<{ chat: string; seq: number }>()((db, p) =>
  db.deleteFrom('mention').where('chat_id', '=', p.chat).where('seq', '=', p.seq),
)

/**
 * Who hears a chat now and may not read what was said at an offset: came after it without being shown the history, or
 * had it taken away.
 */
export const hiddenFrom = statement<{ topic: string; chat: string; offset: number }>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .innerJoin('member as me', (join) =>
      join.on('me.chat_id', '=', p.chat).onRef('me.user_id', '=', 's.user_id'),
    )
    .innerJoin('chat as c', 'c.id', 'me.chat_id')
    .select('s.user_id')
    .where('s.topic', '=', p.topic)
    .where('s.to_offset', 'is', null)
    .where((row) =>
      row.or([
        row('me.floor_offset', '>=', p.offset),
        row.and([
          row('c.history', '!=', 'all'),
          row('s.from_offset', '>=', p.offset),
          row.not(
            row.exists(
              row
                .selectFrom('subscription as before')
                .select('before.part')
                .whereRef('before.user_id', '=', 's.user_id')
                .whereRef('before.topic', '=', 's.topic')
                .where('before.from_offset', '<', p.offset)
                .where('before.to_offset', '>=', p.offset),
            ),
          ),
        ]),
      ]),
    ),
)

/**
 * Messages of a chat that a user may read: those of the user's own intervals, and with the history `all` also what was
 * said before and between them. Nobody who was never a member reads anything.
 */
export function readableMessages(db: Builder, user: string) {
  return db
    .selectFrom('message as m')
    .innerJoin('chat as c', 'c.id', 'm.chat_id')
    .innerJoin('member as me', (join) =>
      join.onRef('me.chat_id', '=', 'm.chat_id').on('me.user_id', '=', user),
    )
    .selectAll('m')
    .where((row) =>
      row.exists(
        row
          .selectFrom('subscription as s')
          .select('s.part')
          .where('s.user_id', '=', user)
          .whereRef('s.topic', '=', sql<string>`'room:' || m.chat_id`)
          .where((interval) =>
            interval.and([
              interval.or([
                interval('c.history', '=', 'all'),
                interval('m.offset', '>', interval.ref('s.from_offset')),
              ]),
              interval.or([
                interval('s.to_offset', 'is', null),
                interval('m.offset', '<=', interval.ref('s.to_offset').$notNull()),
              ]),
            ]),
          ),
      ),
    )
    .whereRef('m.offset', '>', 'me.floor_offset')
}
