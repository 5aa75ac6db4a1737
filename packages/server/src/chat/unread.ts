import type { ChatCounts } from '@belfry/protocol'
import { type RawBuilder, sql } from 'kysely'
import { type Builder, statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { isSilenced } from './silence.ts'

/** Of a member: everything above it is unread. */
export const markOf = (member: 'me' | 'own') => {
  const column = (name: string) => sql.ref<number>(`${member}.${name}`)
  const [shown, own] = [column('last_read_seq'), column('private_read_seq')]
  return sql<number>`coalesce(${column('unread_from_seq')} - 1, case when ${own} > ${shown} then ${own} else ${shown} end)`
}

/** Chats that may hold something unread for a user; the others need not be counted. */
const openChats = statement<{ user: string }>()((db, p) =>
  db
    .selectFrom('member as me')
    .innerJoin('chat as c', 'c.id', 'me.chat_id')
    .select(['me.chat_id', 'me.silenced_until', 'me.hidden_at'])
    .where('me.user_id', '=', p.user)
    .where('me.left_at', 'is', null)
    .where('c.last_seq', '>', markOf('me')),
)

/** Counted: neither own, nor the system's, silent, deleted, or from somebody whom the reader has blocked. */
export function unreadMessages(db: Builder, p: { user: RawBuilder<string>; chat: RawBuilder<string> }) {
  return db
    .selectFrom('member as me')
    .innerJoin('message as m', 'm.chat_id', 'me.chat_id')
    .where('me.user_id', '=', p.user)
    .where('me.chat_id', '=', p.chat)
    .where('me.left_at', 'is', null)
    .where('m.seq', '>', markOf('me'))
    .where('m.silent', '=', 0)
    .where('m.deleted_at', 'is', null)
    .where('m.type', '!=', 'system')
    .where('m.sender_id', '!=', p.user)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('block as b')
            .select('b.at')
            .where('b.user_id', '=', p.user)
            .whereRef('b.blocked_id', '=', 'm.sender_id'),
        ),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('subscription as s')
          .select('s.part')
          .where('s.user_id', '=', p.user)
          .whereRef('s.topic', '=', sql<string>`'room:' || m.chat_id`)
          .whereRef('s.from_offset', '<', 'm.offset')
          .where((row) =>
            row.or([row('s.to_offset', 'is', null), row('s.to_offset', '>=', row.ref('m.offset'))]),
          ),
      ),
    )
}

export const unreadMentions = (db: Builder, p: { user: RawBuilder<string>; chat: RawBuilder<string> }) =>
  unreadMessages(db, p).innerJoin('mention as n', (join) =>
    join
      .onRef('n.chat_id', '=', 'm.chat_id')
      .onRef('n.seq', '=', 'm.seq')
      .onRef('n.user_id', '=', 'me.user_id'),
  )

const countUnread = statement<{ user: string; chat: string }>()((db, p) =>
  unreadMessages(db, p).select((row) => row.fn.countAll<number>().as('count')),
)
const countMentions = statement<{ user: string; chat: string }>()((db, p) =>
  unreadMentions(db, p).select((row) => row.fn.countAll<number>().as('count')),
)

/** The first message that counts as unread. */
export const firstUnread = statement<{ user: string; chat: string }>()((db, p) =>
  unreadMessages(db, p).select('m.seq').orderBy('m.seq').limit(1),
)

export interface Unread {
  unread: number
  mentions: number
}

/** Exact, from the rows. */
export async function unreadIn(reader: Reader, user: string, chat: string): Promise<Unread> {
  const unread = Number((await reader.get(countUnread, { user, chat }))?.count ?? 0)
  if (unread === 0) return { unread, mentions: 0 }
  return { unread, mentions: Number((await reader.get(countMentions, { user, chat }))?.count ?? 0) }
}

/**
 * The numbers of the given chats, or of all that may hold something unread, and the totals over all that are neither
 * muted nor hidden.
 */
export async function chatCountsOf(reader: Reader, user: string, chatIds?: string[]): Promise<ChatCounts> {
  const nothing = () => ({ unread: 0, mentions: 0 })
  const chats: ChatCounts['chats'] = Object.fromEntries((chatIds ?? []).map((id) => [id, nothing()]))
  const total = { unread: 0, chats: 0, mentions: 0 }
  for (const row of await reader.all(openChats, { user })) {
    const isOutside = isSilenced(row.silenced_until, reader.now) || row.hidden_at !== null
    const isAsked = chatIds === undefined || Object.hasOwn(chats, row.chat_id)
    if (isOutside && !isAsked) continue
    const numbers = await unreadIn(reader, user, row.chat_id)
    if (isAsked) chats[row.chat_id] = numbers
    if (isOutside || numbers.unread === 0) continue
    total.unread += numbers.unread
    total.mentions += numbers.mentions
    total.chats += 1
  }
  return { chats, total }
}
