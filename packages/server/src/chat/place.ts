import { Failure } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { ChatRow, MemberRow, MessageRow } from '../store/sql/chat-schema.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { readableMessages } from './message-statements.ts'
import { type Person, toPerson } from './persons.ts'

/** A chat and one user's place in it. */
export interface Place {
  chat: ChatRow
  user: string
  member: MemberRow
  person: Person
  /** Whether the user has not left. */
  isActive: boolean
}

const placeRow = statement<{ chat: string; user: string }>()((db, p) =>
  db
    .selectFrom('chat as c')
    .innerJoin('member as me', 'me.chat_id', 'c.id')
    .leftJoin('account as a', 'a.id', 'me.user_id')
    .selectAll('c')
    .selectAll('me')
    .select(['a.email', 'a.roles'])
    .where('c.id', '=', p.chat)
    .where('me.user_id', '=', p.user),
)

/** The person who acts. @throws Failure `unauthorized` for everybody who is none */
export function userOf(actor: Actor): string {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  return actor.id
}

/**
 * Where the user stands, now or before. A stranger learns no more than of a chat that does not exist.
 * @throws Failure `not_found`
 */
export async function placeOf(reader: Reader, chatId: string, user: string): Promise<Place> {
  const row = await reader.get(placeRow, { chat: chatId, user })
  if (!row) throw new Failure('not_found')
  const { email, roles } = row
  const person = toPerson({ id: user, email, roles })
  // Of the two rows no column has the same name, so one row is both.
  return { chat: row, user, member: row, person, isActive: row.left_at === null }
}

/** @throws Failure `not_found` for a stranger, `not_participant` for who has left */
export async function activePlaceOf(reader: Reader, chatId: string, user: string): Promise<Place> {
  const place = await placeOf(reader, chatId, user)
  if (!place.isActive) throw new Failure('not_participant')
  return place
}

/** One message that the user may read. @throws Failure `not_found` */
export async function readMessage(reader: Reader, { chat, user }: Place, id: string): Promise<MessageRow> {
  const [row] = await reader.query((db) =>
    readableMessages(db, user).where('m.id', '=', id).where('m.chat_id', '=', chat.id),
  )
  if (!row) throw new Failure('not_found')
  return row
}
