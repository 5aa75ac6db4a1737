import type { Media, Message } from '@belfry/protocol'
import { previewOf } from '../core/preview.ts'
import { topics } from '../core/topics.ts'
import type { MemberRow, MessageRow } from '../store/sql/chat-schema.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { membersOf } from './chat-statements.ts'
import { hiddenFrom, readableMessages } from './message-statements.ts'
import { personsOf } from './persons.ts'

/** What a message holds beside its text, as it is stored. */
export interface StoredMessage {
  media?: Media[] | undefined
  replyTo?: string | undefined
  mentions?: string[] | undefined
  metadata?: Record<string, unknown> | undefined
}

const PER_QUERY = 500

export const iso = (ms: number): string => new Date(ms).toISOString()

/** Somebody else in the chat who gives receipts. */
const otherReader = statement<{ chat: string; user: string | null }>()((db, p) =>
  db
    .selectFrom('member')
    .select('user_id')
    .where('chat_id', '=', p.chat)
    .where('left_at', 'is', null)
    .where('role', '!=', 'observer')
    .where('user_id', '!=', p.user)
    .limit(1),
)

type Range = [from: number, to: number]

/** Whether a member was handed the message: by the watermark, or out of turn. */
function hasGot(member: MemberRow, seq: number): boolean {
  if (member.last_delivered_seq >= seq) return true
  if (member.delivered_late === null) return false
  return (JSON.parse(member.delivered_late) as Range[]).some(([from, to]) => from <= seq && seq <= to)
}

/** How far the other active members have come, without observers, who give no receipts. */
function receiptsOf(members: readonly MemberRow[], row: MessageRow) {
  const others = members.filter(({ user_id, role }) => user_id !== row.sender_id && role !== 'observer')
  return {
    delivered: others.every((other) => hasGot(other, row.seq)),
    isRead: others.every(({ last_read_seq }) => last_read_seq >= row.seq),
  }
}

async function reactionsOf(reader: Reader, ids: string[], viewer: string | undefined) {
  const found = new Map<string, Message['reactions']>()
  if (ids.length === 0) return found
  const rows = await reader.query((db) =>
    db.selectFrom('reaction').selectAll().where('message_id', 'in', ids).orderBy('at').orderBy('user_id'),
  )
  for (const { message_id, emoji, user_id } of rows) {
    const groups = found.get(message_id) ?? []
    found.set(message_id, groups)
    const group = groups.find((one) => one.emoji === emoji)
    if (group) {
      group.count += 1
      group.userIds.push(user_id)
    } else groups.push({ emoji, count: 1, userIds: [user_id] })
  }
  if (viewer === undefined) return found
  for (const groups of found.values()) for (const group of groups) group.mine = group.userIds.includes(viewer)
  return found
}

/** Messages that others answer, as far as the reader, or without one every member, may read them. */
async function repliedOf(reader: Reader, rows: readonly MessageRow[], viewer: string | undefined) {
  const ids = rows.flatMap((row) => bodyOf(row).replyTo ?? [])
  const found = new Map<string, NonNullable<Message['replyTo']>>()
  if (ids.length === 0) return found
  const originals = await reader.query((db) =>
    viewer === undefined
      ? db.selectFrom('message').selectAll().where('id', 'in', ids)
      : readableMessages(db, viewer).where('m.id', 'in', ids),
  )
  for (const one of originals) {
    const isHidden = viewer === undefined && (await usersWithout(reader, one)).length > 0
    if (isHidden) continue
    const { id, seq, sender_id: senderId } = one
    found.set(id, { id, seq, senderId, preview: one.deleted_at === null ? previewOf(one.content) : '' })
  }
  return found
}

/** Those in the chat now who may not read this message. */
export async function usersWithout(reader: Reader, row: MessageRow): Promise<string[]> {
  const { chat_id: chat, offset } = row
  const rows = await reader.all(hiddenFrom, { topic: topics.room(chat), chat, offset })
  return rows.map(({ user_id }) => user_id)
}

export const bodyOf = (row: MessageRow): StoredMessage => JSON.parse(row.body)

/**
 * Messages of one chat as they are now. With a `viewer` for that reader; without, as everyone who hears the chat may
 * see them.
 */
export async function toMessages(
  reader: Reader,
  rows: readonly MessageRow[],
  viewer?: string,
): Promise<Message[]> {
  const messages: Message[] = []
  const membersByChat = new Map<string, MemberRow[]>()
  for (const { chat_id: chat } of rows)
    if (!membersByChat.has(chat)) membersByChat.set(chat, await reader.all(membersOf, { chat }))
  const persons = await personsOf(
    reader,
    rows.flatMap(({ sender_id }) => sender_id ?? []),
  )
  for (let at = 0; at < rows.length; at += PER_QUERY) {
    const some = rows.slice(at, at + PER_QUERY)
    const reactions = await reactionsOf(
      reader,
      some.map(({ id }) => id),
      viewer,
    )
    const replied = await repliedOf(reader, some, viewer)
    for (const row of some) {
      const { replyTo } = bodyOf(row)
      messages.push({
        ...bare(row, persons.get(row.sender_id ?? '')?.name ?? ''),
        ...receiptsOf(membersByChat.get(row.chat_id) ?? [], row),
        ...(replyTo === undefined ? {} : { replyTo: replied.get(replyTo) ?? gone(replyTo) }),
        reactions: reactions.get(row.id) ?? [],
      })
    }
  }
  return messages
}

/**
 * A message that was just written, as everyone who hears the chat may see it: of the others nobody has it yet, and nobody
 * has said anything to it.
 */
export async function newMessage(reader: Reader, row: MessageRow, senderName: string): Promise<Message> {
  const isAlone = (await reader.get(otherReader, { chat: row.chat_id, user: row.sender_id })) === undefined
  const { replyTo } = bodyOf(row)
  const replied = await repliedOf(reader, [row], undefined)
  return {
    ...bare(row, senderName),
    ...{ delivered: isAlone, isRead: isAlone, reactions: [] },
    ...(replyTo === undefined ? {} : { replyTo: replied.get(replyTo) ?? gone(replyTo) }),
  }
}

/** In place of an answered message that this reader may not see. */
const gone = (id: string) => ({ id, seq: 0, senderId: null, preview: '' })

function bare(row: MessageRow, senderName: string): Omit<Message, 'delivered' | 'isRead' | 'reactions'> {
  const { media = [], mentions = [], metadata } = bodyOf(row)
  return {
    id: row.id,
    clientId: row.client_id,
    chatId: row.chat_id,
    seq: row.seq,
    senderId: row.sender_id,
    senderName,
    // What the row holds was validated when it was written.
    messageType: row.type as Message['messageType'],
    content: row.content,
    media,
    mentions,
    ...(metadata ? { metadata } : {}),
    createdAt: iso(row.created_at),
    ...(row.edited_at === null ? {} : { editedAt: iso(row.edited_at) }),
    ...(row.deleted_at === null ? {} : { deletedAt: iso(row.deleted_at) }),
    ...(row.deleted_by === null ? {} : { deletedBy: row.deleted_by }),
    ...(row.silent ? { silent: true } : {}),
  }
}
