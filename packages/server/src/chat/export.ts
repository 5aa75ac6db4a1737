import type { CommandReply } from '@belfry/protocol'
import type { ChatRow, MemberRow, MessageRow, ReportRow } from '../store/sql/chat-schema.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { toPrefs } from './chat-shape.ts'
import { blocksOf } from './chat-statements.ts'
import { bodyOf, iso } from './message-shape.ts'

type Reply = CommandReply<'exportUser'>
type OwnChat = NonNullable<Reply['chats']>[number]
type OwnMessage = Reply['messages'][number]

interface OfUser {
  user: string
}
const memberships = statement<OfUser>()((db, p) =>
  db
    .selectFrom('member as me')
    .innerJoin('chat as c', 'c.id', 'me.chat_id')
    .selectAll('me')
    .select(['c.type', 'c.title', 'c.creator'])
    .where('me.user_id', '=', p.user)
    .orderBy('me.joined_at'),
)
const reactions = statement<OfUser>()((db, p) =>
  db.selectFrom('reaction').select(['message_id', 'emoji', 'at']).where('user_id', '=', p.user).orderBy('at'),
)
const reports = statement<OfUser>()((db, p) =>
  db.selectFrom('report').selectAll().where('reporter_id', '=', p.user).orderBy('id'),
)
const presenceOf = statement<OfUser>()((db, p) =>
  db.selectFrom('presence').selectAll().where('user_id', '=', p.user),
)
const ownMessages = statement<OfUser & { after: string; limit: number }>()((db, p) =>
  db
    .selectFrom('message')
    .selectAll()
    .where('sender_id', '=', p.user)
    .where('id', '>', p.after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(p.limit),
)

/** What is kept about a user in chats, beside the messages. */
export async function exportChats(
  reader: Reader,
  user: string,
): Promise<Pick<Reply, 'chats' | 'reactions' | 'blocks' | 'reports' | 'presence'>> {
  const shown = await reader.get(presenceOf, { user })
  return {
    chats: (await reader.all(memberships, { user })).map(toOwnChat),
    reactions: (await reader.all(reactions, { user })).map(({ message_id, emoji, at }) => ({
      messageId: message_id,
      emoji,
      at: iso(at),
    })),
    blocks: (await reader.all(blocksOf, { user })).map(({ blocked_id }) => blocked_id),
    reports: (await reader.all(reports, { user })).map(toOwnReport),
    ...(shown
      ? {
          presence: {
            status: shown.status,
            text: shown.text,
            lastActive: shown.last_active === null ? null : iso(shown.last_active),
          },
        }
      : {}),
  }
}

function toOwnChat(row: MemberRow & Pick<ChatRow, 'type' | 'title' | 'creator'>): OwnChat {
  return {
    chatId: row.chat_id,
    type: row.type,
    ...(row.title === null ? {} : { title: row.title }),
    role: row.role,
    isCreator: row.creator === row.user_id,
    joinedAt: iso(row.joined_at),
    ...(row.left_at === null ? {} : { leftAt: iso(row.left_at) }),
    lastReadSeq: row.last_read_seq,
    prefs: toPrefs(row),
  }
}

const toOwnReport = (row: ReportRow) => ({
  chatId: row.chat_id,
  messageId: row.message_id,
  reason: row.reason,
  ...(row.text === null ? {} : { text: row.text }),
  createdAt: iso(row.created_at),
})

/** The user's own messages after one of them, the oldest first. */
export async function exportUserssages(
  reader: Reader,
  { user, after, limit }: { user: string; after: string; limit: number },
): Promise<OwnMessage[]> {
  return (await reader.all(ownMessages, { user, after, limit })).map(toOwnMessage)
}

function toOwnMessage(row: MessageRow): OwnMessage {
  const { media = [], metadata, replyTo } = bodyOf(row)
  return {
    id: row.id,
    chatId: row.chat_id,
    seq: row.seq,
    messageType: row.type,
    content: row.content,
    media,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(metadata ? { metadata } : {}),
    createdAt: iso(row.created_at),
    ...(row.edited_at === null ? {} : { editedAt: iso(row.edited_at) }),
  }
}
