import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { ChatRow } from '../store/sql/chat-schema.ts'
import type { Tx } from '../store/store.ts'
import { factsOf } from './chat-shape.ts'
import { chatRow, setChat } from './chat-statements.ts'
import { messageById } from './message-statements.ts'

export interface Pin {
  messageId: string
  seq: number
}

export const pinsOf = (chat: ChatRow): Pin[] => JSON.parse(chat.pins)

export async function setPins(tx: Tx, chat: ChatRow, pins: Pin[]): Promise<void> {
  const { id, title, avatar_url: avatarUrl, context, state } = chat
  tx.write(setChat, { id, title, avatarUrl, context, state, pins: JSON.stringify(pins) })
  const row = await tx.get(chatRow, { id })
  if (row) await append(tx, topics.room(id), 'room.updated', { chat: await factsOf(tx, row) })
}

export async function unpin(tx: Tx, chat: ChatRow, messageId: string): Promise<void> {
  const pins = pinsOf(chat)
  const rest = pins.filter((pin) => pin.messageId !== messageId)
  if (rest.length < pins.length) await setPins(tx, chat, rest)
}

/** Pins of messages that are deleted, or gone. */
export async function unpinDeleted(tx: Tx, chatId: string): Promise<void> {
  const chat = await tx.get(chatRow, { id: chatId })
  if (!chat) return
  const pins = pinsOf(chat)
  const rest: Pin[] = []
  for (const pin of pins) {
    const row = await tx.get(messageById, { id: pin.messageId })
    if (row && row.deleted_at === null) rest.push(pin)
  }
  if (rest.length < pins.length) await setPins(tx, chat, rest)
}
