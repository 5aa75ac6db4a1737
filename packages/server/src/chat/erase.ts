import type { EntryData, Member } from '@belfry/protocol'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { Tx } from '../store/store.ts'
import { tell } from './change-message.ts'
import { factsOf } from './chat-shape.ts'
import { chatRow, setChat } from './chat-statements.ts'
import {
  buryAllOf,
  chatErasures,
  deleteReactionsAround,
  itemsFromMessages,
  membershipsOf,
  namingEntries,
  newestOwn,
  reactedBy,
  setEntryData,
} from './erase-statements.ts'
import { keepOwner, part } from './members.ts'
import type { Outside } from './outside.ts'
import { unpinDeleted } from './pins.ts'

/**
 * All of a user's messages are blank at once; so many of the newest are also told to open windows. Older ones are blank
 * where they are read the next time, and no commit is held up by an entry for each.
 */
const MAX_TOLD = 500

/**
 * Takes everything away that a user has said and was in chats. What others have said stays, and so do the places of the
 * user's messages.
 */
export async function eraseFromChats(tx: Tx, outside: Outside, user: string): Promise<void> {
  const memberships = await tx.all(membershipsOf, { user })
  const buried = await tx.all(newestOwn, { user, limit: MAX_TOLD })
  const reacted = await tx.all(reactedBy, { user, limit: MAX_TOLD })
  for (const { item_id } of await tx.all(itemsFromMessages, { user }))
    if (item_id !== null) await outside.withdraw(tx, item_id)
  tx.write(deleteReactionsAround, { user })
  tx.write(buryAllOf, { user, now: tx.now })
  for (const { chat_id: chat } of memberships) await unpinDeleted(tx, chat)
  await tellMessages(tx, 'message.deleted', buried)
  const isBuried = new Set(buried.map(({ id }) => id))
  await tellMessages(
    tx,
    'message.reacted',
    reacted.filter(({ id }) => !isBuried.has(id)),
  )
  for (const { chat_id: chat, left_at } of memberships) {
    if (left_at === null) await leaveForEver(tx, chat, user)
    await eraseName(tx, chat, user)
  }
  for (const erasure of chatErasures) tx.write(erasure, { user })
}

async function tellMessages(
  tx: Tx,
  kind: 'message.deleted' | 'message.reacted',
  messages: readonly { id: string; chat_id: string }[],
): Promise<void> {
  for (const { id, chat_id: chat } of messages) {
    await tell(tx, chat, kind, { id })
  }
}

/** Nobody writes to who is gone: a chat of two is closed. */
async function leaveForEver(tx: Tx, id: string, user: string): Promise<void> {
  const chat = await tx.get(chatRow, { id })
  await part(tx, id, [user])
  if (chat?.type !== 'direct') return keepOwner(tx, id)
  const { title, avatar_url: avatarUrl, context, pins } = (await tx.get(chatRow, { id })) ?? chat
  tx.write(setChat, { id, title, avatarUrl, context, pins, state: 'closed' })
  const row = await tx.get(chatRow, { id })
  if (row) await append(tx, topics.room(id), 'room.updated', { chat: await factsOf(tx, row) })
}

/** The log tells who came with a name, and the name is a part of an e-mail address. */
async function eraseName(tx: Tx, chat: string, user: string): Promise<void> {
  const topic = topics.room(chat)
  for (const { offset, data } of await tx.all(namingEntries, { topic, pattern: `%"${user}"%` })) {
    // Both kinds of entries that are asked for have this shape.
    const { members }: EntryData['member.joined'] = JSON.parse(data)
    const nameless = members.map(
      (member): Member => (member.userId === user ? { ...member, name: user } : member),
    )
    tx.write(setEntryData, { topic, offset, data: JSON.stringify({ members: nameless }) })
  }
}
