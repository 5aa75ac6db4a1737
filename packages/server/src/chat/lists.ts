import { type Chat, Failure, type ParsedInput } from '@belfry/protocol'
import { topics } from '../core/topics.ts'
import type { ChatRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { toChat, toMembers } from './chat-shape.ts'
import { membersOf, topicRow } from './chat-statements.ts'
import { toMessages } from './message-shape.ts'
import { readableMessages } from './message-statements.ts'
import { type Place, placeOf } from './place.ts'
import { chatCountsOf, firstUnread } from './unread.ts'

type OfUser<T> = T & { user: string }

interface After {
  updatedAt: number
  id: string
}

/** A place in the list, made unreadable so that nobody builds on its form. */
const encode = ({ updated_at, id }: ChatRow) => Buffer.from(`${updated_at}:${id}`).toString('base64url')

function decode(cursor: string): After {
  const [, time, id] = /^(\d{1,15}):(.{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (time === undefined || id === undefined)
    throw new Failure('validation_failed', { field: 'cursor', message: 'This cursor is not one of ours.' })
  return { updatedAt: Number(time), id }
}

function pageOf(
  reader: Reader,
  {
    user,
    after,
    limit,
    isHidden,
  }: { user: string; after: After | undefined; limit: number; isHidden: boolean },
) {
  return reader.query((db) => {
    let query = db
      .selectFrom('chat as c')
      .innerJoin('member as me', 'me.chat_id', 'c.id')
      .selectAll('c')
      .where('me.user_id', '=', user)
      .where('me.left_at', 'is', null)
      .where('me.hidden_at', isHidden ? 'is not' : 'is', null)
      .orderBy('c.updated_at', 'desc')
      .orderBy('c.id', 'desc')
      .limit(limit)
    if (after !== undefined)
      query = query.where((row) =>
        row.or([
          row('c.updated_at', '<', after.updatedAt),
          row.and([row('c.updated_at', '=', after.updatedAt), row('c.id', '<', after.id)]),
        ]),
      )
    return query
  })
}

/** Pages of chats that hold what is asked for; what does not is read past, so that no page is empty for nothing. */
export async function listChats(reader: Reader, input: OfUser<ParsedInput<'listChats'>>) {
  const { user, limit, filter } = input
  const chats: Chat[] = []
  let after = input.cursor === undefined ? undefined : decode(input.cursor)
  let nextCursor: string | null = null
  for (;;) {
    const rows = await pageOf(reader, { user, after, limit: limit + 1, isHidden: filter === 'hidden' })
    const page = rows.slice(0, limit)
    for (const row of page) {
      const chat = await toChat(reader, await placeOf(reader, row.id, user))
      if (filter !== 'unread' || chat.unread > 0) chats.push(chat)
      nextCursor = encode(row)
      if (chats.length === limit) break
    }
    const last = page.at(-1)
    const isAtEnd = rows.length <= limit && nextCursor === (last ? encode(last) : nextCursor)
    if (isAtEnd) nextCursor = null
    if (isAtEnd || chats.length === limit || !last) break
    after = { updatedAt: last.updated_at, id: last.id }
  }
  const ids = chats.map(({ id }) => id)
  return { chats, nextCursor, counts: await chatCountsOf(reader, user, ids) }
}

/** A chat with everything that a window shows first, in one snapshot with the offset from which its entries go on. */
export async function openChat(reader: Reader, { chatId, limit, user }: OfUser<ParsedInput<'openChat'>>) {
  const place = await placeOf(reader, chatId, user)
  const { messages } = await pageOfMessages(reader, place, { limit })
  const first = await reader.get(firstUnread, { user, chat: chatId })
  return {
    chat: await toChat(reader, place),
    members: await toMembers(
      reader,
      place.isActive ? await reader.all(membersOf, { chat: chatId }) : [place.member],
    ),
    messages,
    ...(first === undefined ? {} : { firstUnreadSeq: first.seq }),
    offset: (await reader.get(topicRow, { topic: topics.room(chatId) }))?.head ?? 0,
  }
}

export async function listMessages(reader: Reader, input: OfUser<ParsedInput<'listMessages'>>) {
  return pageOfMessages(reader, await placeOf(reader, input.chatId, input.user), input)
}

interface Span {
  before?: number | undefined
  after?: number | undefined
  around?: number | undefined
  limit: number
}

function messagesNear(
  reader: Reader,
  { chat, user }: Place,
  { below, above, limit }: { below?: number; above?: number; limit: number },
) {
  return reader.query((db) => {
    let query = readableMessages(db, user).where('m.chat_id', '=', chat.id).limit(limit)
    if (below !== undefined) query = query.where('m.seq', '<', below)
    if (above !== undefined) query = query.where('m.seq', '>', above)
    return query.orderBy('m.seq', above === undefined ? 'desc' : 'asc')
  })
}

async function pageOfMessages(reader: Reader, place: Place, { before, after, around, limit }: Span) {
  const below = before ?? (around === undefined ? undefined : around + 1)
  const above = after ?? around
  const half = around === undefined ? limit : Math.ceil(limit / 2)
  const older =
    after === undefined
      ? await messagesNear(reader, place, { ...(below === undefined ? {} : { below }), limit: half + 1 })
      : []
  const newer =
    above === undefined
      ? []
      : await messagesNear(reader, place, { above, limit: limit - (around === undefined ? 0 : half) + 1 })
  const shownOlder = older.slice(0, half)
  const shownNewer = newer.slice(0, around === undefined ? limit : limit - half)
  const rows = [...shownOlder.reverse(), ...shownNewer]
  const [first, last] = [rows.at(0)?.seq, rows.at(-1)?.seq]
  return {
    messages: await toMessages(reader, rows, place.user),
    hasOlder:
      older.length > half ||
      (after !== undefined && (await hasBeyond(reader, place, { below: first ?? after + 1 }))),
    hasNewer:
      newer.length > shownNewer.length ||
      (before !== undefined && (await hasBeyond(reader, place, { above: last ?? before - 1 }))),
  }
}

async function hasBeyond(
  reader: Reader,
  place: Place,
  bound: { below?: number; above?: number },
): Promise<boolean> {
  return (await messagesNear(reader, place, { ...bound, limit: 1 })).length > 0
}
