import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Handed } from '../core/handed.ts'
import { append } from '../core/log.ts'
import { addRange, type Range } from '../core/ranges.ts'
import { topics } from '../core/topics.ts'
import type { ChatRow } from '../store/sql/chat-schema.ts'
import type { Tx } from '../store/store.ts'
import { toPrefs } from './chat-shape.ts'
import { chatRow, memberRow, setPrefs } from './chat-statements.ts'
import { iso } from './message-shape.ts'
import { mentionsUpTo, seqAt } from './message-statements.ts'
import type { Outside } from './outside.ts'
import { activePlaceOf, userOf } from './place.ts'
import { dueChats, markTold, setDelivered, setDue, setRead, untold } from './receipt-statements.ts'
import { chatCountsOf } from './unread.ts'

/** Above it, every watermark would go to more people than there is use for. Source: chat-presence.md §7. */
const MAX_TOLD_MEMBERS = 100
/** Up to so many members watermarks are told at once; in larger groups they are gathered. */
const AT_ONCE_MEMBERS = 10
const GATHER_MS = 1000

type Small = Pick<ChatRow, 'id' | 'member_count'>

/** Tells the members how far the others have come, now or soon. */
async function tellWatermarks(tx: Tx, chat: Small & Pick<ChatRow, 'receipts_due'>): Promise<void> {
  if (chat.member_count > MAX_TOLD_MEMBERS) return
  if (chat.member_count <= AT_ONCE_MEMBERS) return flush(tx, chat)
  if (chat.receipts_due === null) await tx.run(setDue, { chat: chat.id, at: tx.now + GATHER_MS })
}

async function flush(tx: Tx, chat: Small): Promise<void> {
  const moved = await tx.all(untold, { chat: chat.id })
  if (moved.length === 0) return
  await tx.run(markTold, { chat: chat.id })
  if (chat.member_count > MAX_TOLD_MEMBERS) return
  const at = iso(tx.now)
  const members = moved.map((row) => ({
    userId: row.user_id,
    lastDeliveredSeq: row.last_delivered_seq,
    lastReadSeq: row.last_read_seq,
    hasReadMore: row.last_read_seq > row.told_read_seq,
    at,
  }))
  await append(tx, topics.room(chat.id), 'receipts.moved', { members })
}

/** Run by the server's own timer: gathered watermarks whose time has come. */
export async function tellReceipts(tx: Tx): Promise<{ told: number }> {
  const chats = await tx.all(dueChats, { now: tx.now })
  for (const chat of chats) {
    await tx.run(setDue, { chat: chat.id, at: null })
    await flush(tx, chat)
  }
  return { told: chats.length }
}

/** Moves the reader's marks, which never fall, and with them what the reader was told of mentions. */
export function createMarkRead(outside: Outside) {
  return async (tx: Tx, actor: Actor, input: ParsedInput<'markChatRead'>) => {
    const user = userOf(actor)
    const { chat, member } = await activePlaceOf(tx, input.chatId, user)
    const upTo = Math.min(input.upToSeq ?? chat.last_seq, chat.last_seq)
    const read = input.private ? member.last_read_seq : Math.max(member.last_read_seq, upTo)
    const own = input.private ? Math.max(member.private_read_seq, upTo) : member.private_read_seq
    const isFurther = read > member.last_read_seq || own > member.private_read_seq
    const before = Math.max(member.last_read_seq, member.private_read_seq)
    if (isFurther || member.unread_from_seq !== null) {
      const { watermark: delivered, late } = handedOver(member.last_delivered_seq, member.delivered_late, [
        1,
        read,
      ])
      const isMore = delivered > member.last_delivered_seq
      await tx.run(setRead, {
        ...{ chat: chat.id, user, read, own, delivered, late },
        readAt: read > member.last_read_seq ? tx.now : member.last_read_at,
        deliveredAt: isMore ? tx.now : member.last_delivered_at,
      })
      await append(tx, topics.user(user), 'chat.read', {
        ...{ chatId: chat.id, lastReadSeq: read },
        ...(own > 0 ? { privateReadSeq: own } : {}),
      })
      if (read > member.last_read_seq) await tellWatermarks(tx, chat)
    }
    const marks = {
      chat: chat.id,
      user,
      above: Math.min(before, (member.unread_from_seq ?? before + 1) - 1),
      upTo,
    }
    const items = (await tx.all(mentionsUpTo, marks)).flatMap(({ item_id }) => item_id ?? [])
    if (items.length > 0) await outside.readItems(tx, user, items)
    return { lastReadSeq: read, counts: await chatCountsOf(tx, user, [chat.id]) }
  }
}

function handedOver(watermark: number, late: string | null, range: Range) {
  const known: Range[] = late === null ? [] : JSON.parse(late)
  const next = range[1] < range[0] ? { watermark, late: known } : addRange(watermark, known, range)
  return { watermark: next.watermark, late: next.late.length === 0 ? null : JSON.stringify(next.late) }
}

export async function markChatUnread(tx: Tx, actor: Actor, input: ParsedInput<'markChatUnread'>) {
  const user = userOf(actor)
  const place = await activePlaceOf(tx, input.chatId, user)
  const { chat, member } = place
  if (input.fromSeq > chat.last_seq) throw new Failure('validation_failed', { field: 'fromSeq' })
  await tx.run(setPrefs, {
    ...{ chat: chat.id, user, notify: member.notify },
    silencedUntil: member.silenced_until,
    hiddenAt: member.hidden_at,
    unreadFrom: input.fromSeq,
  })
  const prefs = toPrefs({ ...member, unread_from_seq: input.fromSeq })
  await append(tx, topics.user(user), 'chat.prefsChanged', { chatId: chat.id, prefs })
  return { counts: await chatCountsOf(tx, user, [chat.id]) }
}

/** What sockets were handed of chats' topics; of other topics it takes no notice. */
export async function markMessagesDelivered(tx: Tx, handed: readonly Handed[]): Promise<void> {
  const prefix = topics.room('')
  // In a large chat many are handed the same, and what was moved is told once.
  const findChat = remembered((id) => tx.get(chatRow, { id }))
  const findSeq = remembered(async (key) => {
    const [offset = '0', chat = ''] = key.split(' ')
    return (await tx.get(seqAt, { chat, offset: Number(offset) }))?.seq ?? 0
  })
  const moved = new Map<string, ChatRow>()
  for (const { user, topic, after, upTo, only } of handed) {
    if (only === 'items' || !topic.startsWith(prefix)) continue
    const chat = await findChat(topic.slice(prefix.length))
    const member = chat && (await tx.get(memberRow, { chat: chat.id, user }))
    if (!chat || !member || member.left_at !== null) continue
    const to = await findSeq(`${upTo} ${chat.id}`)
    if (to <= member.last_delivered_seq) continue
    const from = (after === 0 ? 0 : await findSeq(`${after} ${chat.id}`)) + 1
    const { watermark: seq, late } = handedOver(member.last_delivered_seq, member.delivered_late, [from, to])
    if (seq === member.last_delivered_seq && late === member.delivered_late) continue
    await tx.run(setDelivered, { chat: chat.id, user, seq, late, now: tx.now })
    if (seq > member.last_delivered_seq) moved.set(chat.id, chat)
  }
  for (const chat of moved.values()) await tellWatermarks(tx, chat)
}

/** Asks once for each key. */
function remembered<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key) => {
    const answer = known.get(key) ?? ask(key)
    known.set(key, answer)
    return answer
  }
}
