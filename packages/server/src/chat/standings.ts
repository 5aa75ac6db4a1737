import { sql } from 'kysely'
import { type Lot, lotsOf, usersIn } from '../store/sql/lots.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import type { Standing } from './chat-numbers.ts'
import { markOf, unreadMentions, unreadMessages } from './unread.ts'

const own = { user: sql.ref<string>('own.user_id'), chat: sql.ref<string>('own.chat_id') }

/** All chats of these users that may hold something unread, with their numbers: the rows of `chatCountsOf` for many at once. */
const standingsOfMany = statement<Lot>()((db, p) =>
  db
    .selectFrom('member as own')
    .innerJoin('chat as c', 'c.id', 'own.chat_id')
    .select(['own.user_id', 'own.chat_id', 'c.last_seq', 'own.notify', 'own.silenced_until', 'own.hidden_at'])
    .select(
      unreadMessages(db, own)
        .select((row) => row.fn.countAll<number>().as('n'))
        .as('unread'),
    )
    .select(
      unreadMentions(db, own)
        .select((row) => row.fn.countAll<number>().as('n'))
        .as('mentions'),
    )
    .where('own.user_id', 'in', usersIn(p))
    .where('own.left_at', 'is', null)
    .where('c.last_seq', '>', markOf('own')),
)

const blocksOfMany = statement<Lot>()((db, p) =>
  db.selectFrom('block').select(['user_id', 'blocked_id']).where('user_id', 'in', usersIn(p)),
)

/** Exact, from the rows, in two statements for many users; as a node goes on from there by itself. */
export async function standingsOf(reader: Reader, users: readonly string[]): Promise<Standing[]> {
  const found = new Map(users.map((user): [string, Standing] => [user, { user, blocked: [], chats: [] }]))
  for (const some of lotsOf(users)) {
    for (const row of await reader.all(standingsOfMany, some))
      found.get(row.user_id)?.chats.push({
        ...{ chatId: row.chat_id, lastSeq: row.last_seq, notify: row.notify },
        ...{ unread: Number(row.unread), mentions: Number(row.mentions) },
        silencedUntil: row.silenced_until,
        isHidden: row.hidden_at !== null,
      })
    for (const row of await reader.all(blocksOfMany, some))
      found.get(row.user_id)?.blocked.push(row.blocked_id)
  }
  return [...found.values()]
}
