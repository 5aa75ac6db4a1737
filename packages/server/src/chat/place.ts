import { Failure } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { ChatRow, MemberRow, MessageRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { chatRow, memberRow } from './chat-statements.ts'
import { readableMessages } from './message-statements.ts'

/** A chat and one user's place in it. */
export interface Place {
  chat: ChatRow
  user: string
  member: MemberRow
  /** Whether the user has not left. */
  isActive: boolean
}

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
  const chat = await reader.get(chatRow, { id: chatId })
  const member = chat && (await reader.get(memberRow, { chat: chatId, user }))
  if (!chat || !member) throw new Failure('not_found')
  return { chat, user, member, isActive: member.left_at === null }
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
