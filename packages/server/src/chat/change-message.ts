import { Failure, hasSubstance, type Message, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { appendReference } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { ChatRow, MessageRow } from '../store/sql/chat-schema.ts'
import type { Tx } from '../store/store.ts'
import { judge, judgeEdit, targetOf } from './judge.ts'
import { bodyOf, toMessages, usersWithout } from './message-shape.ts'
import {
  buryMessage,
  deleteMentions,
  deleteReaction,
  deleteReactions,
  insertReaction,
  mentionsIn,
  messageById,
  reactionKinds,
  setContent,
} from './message-statements.ts'
import type { Outside } from './outside.ts'
import { pinsOf, setPins, unpin } from './pins.ts'
import { activePlaceOf, type Place, readMessage, userOf } from './place.ts'

const MAX_REACTION_KINDS = 20
const MAX_PINS = 50

type Kind = 'message.edited' | 'message.deleted' | 'message.reacted'

/** The message as it is now: to everyone who hears the chat and may read it, and to the caller as the caller sees it. */
export async function tell(
  tx: Tx,
  chat: string,
  kind: Kind,
  { id, user }: { id: string; user?: string | undefined },
) {
  const row = await tx.get(messageById, { id })
  const rows = row ? [row] : []
  const make = async () => {
    const [message] = await toMessages(tx, rows)
    if (!message) throw new Failure('not_found')
    return message
  }
  const except = row ? await usersWithout(tx, row) : []
  await appendReference(tx, topics.room(chat), kind, { id, make, except })
  const [own] = await toMessages(tx, rows, user)
  if (!own) throw new Failure('not_found')
  return own
}

async function find(tx: Tx, actor: Actor, input: { chatId: string; messageId: string }) {
  const place = await activePlaceOf(tx, input.chatId, userOf(actor))
  return { place, row: await readMessage(tx, place, input.messageId) }
}

export async function editMessage(tx: Tx, actor: Actor, input: ParsedInput<'editMessage'>) {
  const { place, row } = await find(tx, actor, input)
  if (row.deleted_at !== null) throw new Failure('not_found')
  if (!hasSubstance({ content: input.content, media: bodyOf(row).media })) {
    throw new Failure('validation_failed', { field: 'content', message: 'content: Must not be blank' })
  }
  const { content } = await judgeEdit(tx, place, { row, content: input.content })
  tx.write(setContent, { id: row.id, content, now: tx.now })
  return { message: await tell(tx, place.chat.id, 'message.edited', { id: row.id, user: place.user }) }
}

/** Nothing of it stays but its place; what it led to is taken back with it. */
export function createDelete(outside: Outside) {
  return async (tx: Tx, actor: Actor, input: ParsedInput<'deleteMessage'>) => {
    const { place, row } = await find(tx, actor, input)
    await judge(tx, 'deleteMessage', place, { target: targetOf(row) })
    if (row.deleted_at !== null) {
      const [message] = await toMessages(tx, [row], place.user)
      if (!message) throw new Failure('not_found')
      return { message }
    }
    return { message: await removeMessage(tx, outside, { chat: place.chat, row, by: place.user }) }
  }
}

interface Removal {
  chat: ChatRow
  row: MessageRow
  by: string | null
}

/** For everyone; resolves to what is left, as who did it sees it. */
export async function removeMessage(tx: Tx, outside: Outside, { chat, row, by }: Removal): Promise<Message> {
  await bury(tx, outside, { row, by })
  await unpin(tx, chat, row.id)
  return tell(tx, chat.id, 'message.deleted', { id: row.id, user: by ?? undefined })
}

async function bury(tx: Tx, outside: Outside, { row, by }: Pick<Removal, 'row' | 'by'>): Promise<void> {
  const { id, chat_id: chat, seq } = row
  tx.write(buryMessage, { id, by, now: tx.now })
  tx.write(deleteReactions, { message: id })
  const items = (await tx.all(mentionsIn, { chat, seq })).flatMap(({ item_id }) => item_id ?? [])
  for (const item of new Set(items)) await outside.withdraw(tx, item)
  tx.write(deleteMentions, { chat, seq })
  await outside.detachMedia(tx, id)
}

/** Sets or takes back one reaction; a repeat changes nothing and is told to nobody. */
function reacting(isOn: boolean) {
  return async (tx: Tx, actor: Actor, input: ParsedInput<'reactToMessage'>) => {
    const { place, row } = await find(tx, actor, input)
    const { emoji } = input
    if (row.deleted_at !== null) throw new Failure('not_found')
    await judge(tx, 'reactToMessage', place, isOn ? { message: { content: emoji } } : {})
    if (isOn) await assertRoomFor(tx, row.id, emoji)
    const which = { message: row.id, emoji, user: place.user }
    const changed = isOn
      ? await tx.run(insertReaction, { ...which, now: tx.now })
      : await tx.run(deleteReaction, which)
    if (changed > 0) await tell(tx, place.chat.id, 'message.reacted', { id: row.id, user: place.user })
    const [message] = await toMessages(tx, [row], place.user)
    return { reactions: message?.reactions ?? [] }
  }
}
export const reactToMessage = reacting(true)
export const unreactToMessage = reacting(false)

async function assertRoomFor(tx: Tx, message: string, emoji: string): Promise<void> {
  const kinds = (await tx.all(reactionKinds, { message })).map((row) => row.emoji)
  if (kinds.includes(emoji) || kinds.length < MAX_REACTION_KINDS) return
  throw new Failure('forbidden', {
    message: `A message has at most ${MAX_REACTION_KINDS} kinds of reactions.`,
  })
}

/** Between two, both pin; in larger chats, who may change the chat. */
const pinningIn = ({ chat }: Place) => (chat.type === 'direct' ? 'reactToMessage' : 'updateChat')

export async function pinMessage(tx: Tx, actor: Actor, input: ParsedInput<'pinMessage'>) {
  const { place, row } = await find(tx, actor, input)
  if (row.deleted_at !== null) throw new Failure('not_found')
  await judge(tx, pinningIn(place), place)
  const pins = pinsOf(place.chat)
  if (pins.some(({ messageId }) => messageId === row.id)) return {}
  if (pins.length >= MAX_PINS)
    throw new Failure('forbidden', { message: `A chat has at most ${MAX_PINS} pins.` })
  await setPins(tx, place.chat, [{ messageId: row.id, seq: row.seq }, ...pins])
  return {}
}

export async function unpinMessage(tx: Tx, actor: Actor, input: ParsedInput<'unpinMessage'>) {
  const { place, row } = await find(tx, actor, input)
  await judge(tx, pinningIn(place), place)
  await unpin(tx, place.chat, row.id)
  return {}
}
