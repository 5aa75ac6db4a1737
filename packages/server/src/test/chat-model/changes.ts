import { deepStrictEqual } from 'node:assert/strict'
import type { ErrorCode } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import { drawMessage, drawSeat, emojis, type Operation, refusedMessage, wrote } from './drawing.ts'
import type { OracleChat, Said } from './oracle-chat.ts'
import { freshText } from './posts.ts'
import { refusedAction } from './verdicts.ts'
import { messageFor } from './views.ts'
import type { World } from './world.ts'

interface Drawn {
  chat: OracleChat
  user: string
  messageId: string
  message: Said | undefined
}

function drawTarget(world: World, draw: Draw): Drawn {
  const seat = drawSeat(world, draw)
  const own = seat.chat.readable(seat.user).filter(({ sender }) => sender === seat.user)
  if (own.length > 0 && draw.chance(0.5)) {
    const message = draw.pick(own.slice(-5))
    return { ...seat, messageId: message.id, message }
  }
  return { ...seat, ...drawMessage(draw, seat.chat, seat.user) }
}

type Changing = 'editMessage' | 'deleteMessage' | 'reactToMessage' | 'updateChat'

/** Deleted ones are as good as unknown, unless they are to be deleted again. */
function verdict(world: World, drawn: Drawn, action: Changing): ErrorCode | undefined {
  const { chat, user, message } = drawn
  const refused = refusedMessage(drawn, message)
  if (refused !== undefined || !message) return refused ?? 'not_found'
  if (message.deletedAt !== undefined && action !== 'deleteMessage') return 'not_found'
  return refusedAction({ oracle: world.oracle, chat, user, now: world.now }, action, message)
}

export async function edit(world: World, draw: Draw): Promise<void> {
  const drawn = drawTarget(world, draw)
  const { chat, user, messageId, message } = drawn
  const content = freshText(draw)
  const refused = verdict(world, drawn, 'editMessage')
  const input = { chatId: chat.id, messageId, content }
  const outcome = await world.command('editMessage', user, input, refused)
  if (refused !== undefined || !message) return
  Object.assign(message, { content, editedAt: world.now })
  wrote(outcome, [`room:${chat.id} message.edited`], 'I5: an edit')
  const view = messageFor(world.oracle, chat, message, user)
  deepStrictEqual(outcome.reply.message, view, 'I5: an edited message')
}

export async function remove(world: World, draw: Draw): Promise<void> {
  const drawn = drawTarget(world, draw)
  const { chat, user, messageId, message } = drawn
  const refused = verdict(world, drawn, 'deleteMessage')
  const outcome = await world.command('deleteMessage', user, { chatId: chat.id, messageId }, refused)
  if (refused !== undefined || !message) return
  if (message.deletedAt === undefined) bury(world, drawn, message)
  else wrote(outcome, [], 'a deletion again')
  const kinds = outcome.entries.map(({ kind }) => kind).filter((kind) => kind.startsWith('message.'))
  deepStrictEqual(kinds, outcome.entries.length === 0 ? [] : ['message.deleted'], 'I5: a deletion')
  deepStrictEqual(
    outcome.reply.message,
    messageFor(world.oracle, chat, message, user),
    'I5: a deleted message',
  )
}

function bury({ oracle, now }: World, { chat, user }: Drawn, message: Said): void {
  oracle.bury(message, user, now)
  chat.pins = chat.pins.filter((one) => one !== message)
}

const reacting =
  (isOn: boolean): Operation =>
  async (world, draw) => {
    const drawn = drawTarget(world, draw)
    const { chat, user, messageId, message } = drawn
    const emoji = draw.pick(emojis)
    const refused = verdict(world, drawn, 'reactToMessage')
    const name = isOn ? 'reactToMessage' : 'unreactToMessage'
    const outcome = await world.command(name, user, { chatId: chat.id, messageId, emoji }, refused)
    if (refused !== undefined || !message) return
    const isThere = message.reactions.some((one) => one.user === user && one.emoji === emoji)
    wrote(outcome, isThere === isOn ? [] : [`room:${chat.id} message.reacted`], 'I5: a reaction')
    const others = message.reactions.filter((one) => one.user !== user || one.emoji !== emoji)
    if (!isOn) message.reactions = others
    else if (!isThere) message.reactions.push({ emoji, user, at: world.now })
    const { reactions } = messageFor(world.oracle, chat, message, user)
    deepStrictEqual(outcome.reply.reactions, reactions, 'reactions')
  }
export const react = reacting(true)
export const unreact = reacting(false)

export async function pin(world: World, draw: Draw): Promise<void> {
  const drawn = drawTarget(world, draw)
  const { chat, user, messageId, message } = drawn
  const action = chat.type === 'direct' ? 'reactToMessage' : 'updateChat'
  const refused = verdict(world, drawn, action)
  const outcome = await world.command('pinMessage', user, { chatId: chat.id, messageId }, refused)
  if (refused !== undefined || !message) return
  const isPinned = chat.pins.includes(message)
  wrote(outcome, isPinned ? [] : [`room:${chat.id} room.updated`], 'a pin')
  if (!isPinned) chat.pins = [message, ...chat.pins]
}

export async function report(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const { messageId, message } = drawMessage(draw, chat, user)
  const isReadable = message?.copies.get(user)?.canRead === true
  const key = `${user} ${messageId}`
  const known = world.oracle.reports.has(key) ? 'already_exists' : undefined
  const refused = isReadable ? known : 'not_found'
  const input = { chatId: chat.id, messageId, reason: draw.pick(['spam', 'other']) }
  wrote(await world.command('reportMessage', user, input, refused), [], 'a report')
  if (isReadable) world.oracle.reports.add(key)
}
