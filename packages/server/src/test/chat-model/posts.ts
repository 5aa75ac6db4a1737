import { deepStrictEqual } from 'node:assert/strict'
import type { ErrorCode, Message } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import { actors, drawMessage, drawSeat, moved, toldOf, words, wrote } from './drawing.ts'
import { isSilenced } from './oracle.ts'
import type { OracleChat, Said } from './oracle-chat.ts'
import { isLeading, refusedAction, refusedPlace } from './verdicts.ts'
import { messageFor } from './views.ts'
import type { Noise, Outcome, World } from './world.ts'

let texts = 0
export const freshText = (draw: Draw): string => `${draw.pick(words)} ${draw.pick(words)} ${texts++}`

interface Where {
  world: World
  chat: OracleChat
  user: string
}

function drawPost({ world, chat, user }: Where, draw: Draw): Record<string, unknown> {
  const members = [...chat.active.map((seat) => seat.user), '@all']
  const anybody = draw.chance(0.2) ? [...world.oracle.people, 'nobody'] : members
  const named = draw.chance(0.45) ? draw.some(anybody, 1, 4) : []
  const own = [...world.oracle.files.values()].filter(({ owner }) => owner === user)
  const [file] = draw.chance(0.3) ? draw.some(own, 1, 1) : []
  const { messageId: replyTo } = drawMessage(draw, chat, user)
  return {
    chatId: chat.id,
    content: freshText(draw),
    ...(draw.chance(0.8) ? { clientId: `c${texts}` } : {}),
    ...(named.length > 0 ? { mentions: named } : {}),
    ...(draw.chance(0.2) ? { replyTo } : {}),
    ...(draw.chance(0.1) ? { silent: true } : {}),
    ...(draw.chance(0.1) ? { metadata: { note: texts } } : {}),
    ...(file ? { media: [{ id: file.id }] } : {}),
    ...(draw.chance(0.05) ? { messageType: 'custom' } : {}),
  }
}

function verdict(where: Where, input: Record<string, unknown>): ErrorCode | undefined {
  const { world, chat, user } = where
  const { oracle, now } = world
  const before = refusedPlace(where) ?? refusedAction({ oracle, chat, user, now }, 'postMessage')
  if (before !== undefined) return before
  const { replyTo } = input
  // What the draw has made.
  if (typeof replyTo === 'string' && !isIn(chat, user, replyTo)) return 'not_found'
  const isTaken = filesIn(input).some((id) => oracle.files.get(id)?.message !== undefined)
  return isTaken ? 'media_rejected' : undefined
}

const isIn = (chat: OracleChat, user: string, id: string): boolean =>
  chat.readable(user).some((message) => message.id === id)

const filesIn = ({ media }: Record<string, unknown>): string[] =>
  Array.isArray(media) ? media.map(({ id }: { id: string }) => id) : []

/** Who is named and told: members who are not parted from the sender by a block. */
function namedIn(
  { world, chat, user }: Where,
  input: Record<string, unknown>,
): { isForAll: boolean; users: string[] } {
  const named = Array.isArray(input.mentions) ? input.mentions : []
  const isForAll = named.includes('@all') && isLeading(chat.seat(user).role)
  const users = chat.active
    .map((seat) => seat.user)
    .filter((one) => one !== user && (isForAll || named.includes(one)))
    .filter((one) => !world.oracle.arePartedBy(user, one))
  return { isForAll, users }
}

export async function post(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const where = { world, chat, user }
  const input = drawPost(where, draw)
  const refused = verdict(where, input)
  const outcome = await world.command('postMessage', user, input, refused)
  if (refused === undefined) accept(where, input, outcome)
}

/** Tells the oracle what was accepted, after looking that reply and log say the same. */
function accept(where: Where, input: Record<string, unknown>, outcome: Outcome): void {
  const { world, chat, user } = where
  const { isForAll, users } = namedIn(where, input)
  const { message, duplicate }: { message: Message; duplicate: boolean } = outcome.reply
  deepStrictEqual(duplicate, false, 'a new message is no duplicate')
  const told = chat.dueAt === undefined ? [] : chat.flush()
  chat.dueAt = undefined
  const isAnswer = chat.state === 'pending' && chat.creator !== user
  if (isAnswer) chat.state = 'open'
  const room = `room:${chat.id}`
  const items = isForAll ? [`${room} item.created`] : users.map((one) => `user:${one} item.created`)
  const answered = isAnswer ? [`${room} room.updated`] : []
  const hidden = [...chat.seats.values()].filter(({ hiddenAt }) => hiddenAt !== undefined)
  const shown = hidden.map((seat) => `user:${seat.user} chat.prefsChanged`).sort()
  wrote(
    outcome,
    [...moved(chat, told), ...shown, ...items, `${room} message.posted`, ...answered],
    'I7: a post',
  )
  toldOf(outcome, chat, told)
  const said = asSaid(input, { message, user, outcome })
  Object.assign(said, { createdAt: world.now, mentions: isForAll ? ['@all', ...users] : users })
  chat.add(said)
  for (const one of users) Object.assign(chat.copy(one, said), { isNamed: true, notice: 'unread' })
  for (const id of said.mediaIds) Object.assign(world.oracle.files.get(id) ?? {}, { message: said.id })
  const view = messageFor(world.oracle, chat, said, user)
  deepStrictEqual({ ...shared(message), replyTo: 0 }, { ...shared(view), replyTo: 0 }, 'reply to a post')
  deepStrictEqual(message.seq, chat.said.length, 'I2: the next number')
  world.expected = noisesOf(world, chat, said)
}

/** I10: who is told of a new message, and how loudly. Nobody before whom the chat lies, and nothing of a blocked sender. */
function noisesOf({ oracle, focused, now }: World, chat: OracleChat, said: Said): Noise[] {
  if (said.isSilent) return []
  return chat.active.flatMap((seat) => {
    const { user, notify } = seat
    if (user === said.sender || focused.has(`${user} ${chat.id}`)) return []
    if (oracle.hasBlocked(user, said.sender)) return []
    const mentioned = chat.copy(user, said).isNamed
    const isQuiet = isSilenced(seat, now) || notify === 'none' || (notify === 'mentions' && !mentioned)
    return [{ user, messageId: said.id, mentioned, silent: isQuiet }]
  })
}

/** As all members are told it: what one of them has reacted with is not marked. */
const shared = (message: Message): Message => ({
  ...message,
  reactions: message.reactions.map(({ mine: _, ...one }) => one),
})

function asSaid(
  input: Record<string, unknown>,
  { message, user, outcome }: { message: Message; user: string; outcome: Outcome },
): Said {
  const { id, seq, clientId, media, messageType, content } = message
  const entry = outcome.entries.find(({ kind }) => kind === 'message.posted')
  deepStrictEqual(content, input.content, 'the words of a post')
  return {
    ...{ id, seq, offset: entry?.offset ?? 0, clientId, sender: user, input: { ...input, clientId } },
    ...{ type: messageType, content, media, mediaIds: filesIn(input), mentions: [] },
    // What the draw has made.
    replyTo: input.replyTo as string | undefined,
    metadata: input.metadata as Record<string, unknown> | undefined,
    isSilent: input.silent === true,
    ...{ createdAt: 0, editedAt: undefined, deletedAt: undefined, deletedBy: undefined },
    ...{ reactions: [], copies: new Map() },
  }
}

/** The same `clientId` again: the same message and nothing else, whatever the rules say by now; or a conflict. */
export async function repeatPost(world: World, draw: Draw): Promise<void> {
  const chat = world.oracle.chat(draw.pick(world.chats))
  const own = chat.said.filter(({ sender }) => actors(world).includes(sender))
  const [message] = draw.some(own, 1, 1)
  if (!message) return post(world, draw)
  const { sender, input } = message
  const isGone = message.deletedAt !== undefined
  const isOther = draw.chance(0.3)
  const again = isOther ? { ...input, content: freshText(draw) } : input
  const refused = isOther && !isGone ? 'idempotency_conflict' : undefined
  const outcome = await world.command('postMessage', sender, again, refused)
  if (refused !== undefined) return
  wrote(outcome, [], 'I2: a repeated post')
  const view = messageFor(world.oracle, chat, message, sender)
  deepStrictEqual(outcome.reply, { message: view, duplicate: true }, 'I2: a repeated post')
}

/** Ten tabs send the same at once. */
export async function postInParallel(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const where = { world, chat, user }
  const input = { ...drawPost(where, draw), clientId: `p${texts++}` }
  if (verdict(where, input) !== undefined) return post(world, draw)
  const calls = Array.from({ length: 10 }, () => ({ user, raw: input }))
  const { replies, entries } = await world.inParallel('postMessage', calls)
  const fresh = replies.filter(({ duplicate }) => !duplicate)
  const ids = new Set(replies.map(({ message }) => message.id))
  deepStrictEqual([fresh.length, ids.size], [1, 1], 'I2: ten tabs, one message')
  accept(where, input, { reply: fresh[0], code: undefined, entries })
}
