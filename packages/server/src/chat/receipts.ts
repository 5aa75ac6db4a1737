import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Handed } from '../core/handed.ts'
import { append } from '../core/log.ts'
import { addRange, type Range } from '../core/ranges.ts'
import { topics } from '../core/topics.ts'
import type { ChatRow } from '../store/sql/chat-schema.ts'
import { lotsOf } from '../store/sql/lots.ts'
import type { Tx } from '../store/store.ts'
import { toPrefs } from './chat-shape.ts'
import { chatRow, setPrefs } from './chat-statements.ts'
import { iso } from './message-shape.ts'
import { mentionsUpTo, seqAt } from './message-statements.ts'
import type { Outside } from './outside.ts'
import { activePlaceOf, userOf } from './place.ts'
import {
  type Delivered,
  deliveredOf,
  dueChats,
  markTold,
  setDelivered,
  setDue,
  setRead,
  untold,
} from './receipt-statements.ts'
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
  if (chat.member_count <= AT_ONCE_MEMBERS) return tellMoved(tx, chat)
  if (chat.receipts_due === null) tx.write(setDue, { chat: chat.id, at: tx.now + GATHER_MS })
}

/** Tells the members how far the others have come since they were told last. */
async function tellMoved(tx: Tx, chat: Small): Promise<void> {
  const moved = await tx.all(untold, { chat: chat.id })
  if (moved.length === 0) return
  tx.write(markTold, { chat: chat.id })
  if (chat.member_count > MAX_TOLD_MEMBERS) return
  const at = iso(tx.now)
  const members = moved.map((row) => ({
    userId: row.user_id,
    lastDeliveredSeq: row.last_delivered_seq,
    lastReadSeq: row.last_read_seq,
    // Told to every member of the chat, for every member: what is usual is left out.
    ...(row.last_read_seq > row.told_read_seq ? { hasReadMore: true } : {}),
    at,
  }))
  await append(tx, topics.room(chat.id), 'receipts.moved', { members })
}

/** Tells what was gathered, due or not yet. */
export async function tellDue(tx: Tx, chat: Small): Promise<void> {
  tx.write(setDue, { chat: chat.id, at: null })
  await tellMoved(tx, chat)
}

/** Run by the server's own timer: gathered watermarks whose time has come. */
export async function tellReceipts(tx: Tx): Promise<{ told: number }> {
  const chats = await tx.all(dueChats, { now: tx.now })
  for (const chat of chats) await tellDue(tx, chat)
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
      tx.write(setRead, {
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
  tx.write(setPrefs, {
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
  const byChat = new Map<string, Handed[]>()
  for (const one of handed) {
    if (one.only === 'items' || !one.topic.startsWith(prefix)) continue
    const id = one.topic.slice(prefix.length)
    byChat.set(id, [...(byChat.get(id) ?? []), one])
  }
  const moved: ChatRow[] = []
  for (const [id, ofChat] of byChat) {
    const chat = await tx.get(chatRow, { id })
    if (chat && (await markInChat(tx, id, ofChat))) moved.push(chat)
  }
  // In a large chat many are handed the same, and what was moved is told once.
  for (const chat of moved) await tellWatermarks(tx, chat)
}

/** Returns whether somebody's watermark has moved. */
async function markInChat(tx: Tx, chat: string, handed: readonly Handed[]): Promise<boolean> {
  const seqOf = await seqsAt(tx, chat, handed)
  const members = await membersAmong(tx, chat, [...new Set(handed.map(({ user }) => user))])
  const changed = new Set<Delivered>()
  let isMoved = false
  for (const { user, after, upTo } of handed) {
    const member = members.get(user)
    const to = seqOf(upTo)
    if (!member || to <= member.last_delivered_seq) continue
    const range: Range = [seqOf(after) + 1, to]
    const { watermark: seq, late } = handedOver(member.last_delivered_seq, member.delivered_late, range)
    if (seq === member.last_delivered_seq && late === member.delivered_late) continue
    isMoved ||= seq > member.last_delivered_seq
    Object.assign(member, { last_delivered_seq: seq, delivered_late: late })
    changed.add(member)
  }
  await writeDelivered(tx, chat, [...changed])
  return isMoved
}

/** The last message at or before each offset that is named. */
async function seqsAt(tx: Tx, chat: string, handed: readonly Handed[]): Promise<(offset: number) => number> {
  const seqs = new Map<number, number>([[0, 0]])
  for (const offset of handed.flatMap(({ after, upTo }) => [after, upTo]))
    if (!seqs.has(offset)) seqs.set(offset, (await tx.get(seqAt, { chat, offset }))?.seq ?? 0)
  return (offset) => seqs.get(offset) ?? 0
}

/** Those who are in the chat. */
async function membersAmong(tx: Tx, chat: string, users: readonly string[]): Promise<Map<string, Delivered>> {
  const found = new Map<string, Delivered>()
  for (const some of lotsOf(users))
    for (const row of await tx.all(deliveredOf, { chat, ...some })) found.set(row.user_id, row)
  return found
}

/** Who has come to the same place is moved there by one statement. */
async function writeDelivered(tx: Tx, chat: string, members: readonly Delivered[]): Promise<void> {
  const places = new Map<string, Delivered[]>()
  for (const member of members) {
    const place = `${member.last_delivered_seq} ${member.delivered_late}`
    places.set(place, [...(places.get(place) ?? []), member])
  }
  for (const [first, ...others] of places.values()) {
    if (!first) continue
    const { last_delivered_seq: seq, delivered_late: late } = first
    const users = [first, ...others].map(({ user_id }) => user_id)
    for (const some of lotsOf(users)) tx.write(setDelivered, { chat, seq, late, now: tx.now, ...some })
  }
}
