import { deepStrictEqual } from 'node:assert/strict'
import type { Chat, ErrorCode } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import { actors, drawLeader, wrote } from './drawing.ts'
import { MAX_MEMBERS } from './limits.ts'
import type { OracleChat } from './oracle-chat.ts'
import { refusedAction, refusedPlace } from './verdicts.ts'
import { chatFor } from './views.ts'
import type { Outcome, World } from './world.ts'

let orders = 0

const withoutWords = ({ policyNotice: _, ...chat }: Chat) => chat

/** Tells the oracle of a new chat; resolves to what that writes. */
function made(world: World, user: string, { type, input, id }: Making): string[] {
  const others = [...new Set(input.memberIds)].filter((one) => one !== user)
  const { title, context } = input
  const history = input.history ?? (type === 'support' ? 'all' : 'sinceJoin')
  world.oracle.make({ id, type, creator: user, others, title, context, history, now: world.now })
  const all = [user, ...others]
  return [
    ...all.map((one) => `user:${one} topic.joined`),
    `room:${id} room.created`,
    ...all.map((one) => `user:${one} chat.joined`),
  ]
}

interface Input {
  memberIds: string[]
  type?: Chat['type']
  title?: string
  history?: Chat['history']
  context?: { kind: 'order'; id: string }
}

interface Making {
  id: string
  type: Chat['type']
  input: Input
}

const isChatOf = (chat: OracleChat, input: Input, pair: readonly string[]): boolean =>
  chat.type === 'direct' && pair.every((one) => chat.seats.has(one)) && chat.context?.id === input.context?.id

function verdict(world: World, user: string, input: Input): ErrorCode | undefined {
  const others = [...new Set(input.memberIds)].filter((one) => one !== user)
  if (others.length === 0 && input.type === undefined) return 'validation_failed'
  if (input.type === 'direct' && others.length !== 1) return 'validation_failed'
  if (others.length >= MAX_MEMBERS) return 'forbidden'
  if (others.includes('nobody')) return 'not_found'
  const [other] = others
  const isDirect = (input.type ?? (others.length === 1 ? 'direct' : 'group')) === 'direct'
  if (!isDirect || other === undefined || !world.oracle.arePartedBy(user, other)) return undefined
  return [...world.oracle.chats.values()].some((chat) => isChatOf(chat, input, [user, other]))
    ? undefined
    : 'blocked'
}

function drawInput(world: World, draw: Draw): Input {
  const memberIds = draw.chance(0.05) ? ['nobody'] : draw.some(actors(world), 1, 3)
  return {
    memberIds,
    ...(draw.chance(0.6) ? { type: draw.pick(['direct', 'group', 'group', 'support'] as const) } : {}),
    ...(draw.chance(0.5) ? { title: `chat ${orders++}` } : {}),
    ...(draw.chance(0.3) ? { history: draw.pick(['all', 'sinceJoin'] as const) } : {}),
    ...(draw.chance(0.2) ? { context: { kind: 'order', id: `o${draw.int(0, 1)}` } } : {}),
  }
}

export async function create(world: World, draw: Draw): Promise<void> {
  const user = draw.pick(actors(world))
  const input = drawInput(world, draw)
  const refused = verdict(world, user, input)
  const outcome = await world.command('createChat', user, input, refused)
  if (refused === undefined) accept(world, user, { input, outcome })
}

function accept(world: World, user: string, { input, outcome }: { input: Input; outcome: Outcome }): void {
  const { chat, created }: { chat: Chat; created: boolean } = outcome.reply
  const others = input.memberIds.filter((one) => one !== user)
  const known = [...world.oracle.chats.values()].find((one) => isChatOf(one, input, [user, ...others]))
  const isKnown = chat.type === 'direct' && known !== undefined
  deepStrictEqual(
    [created, isKnown ? chat.id : ''],
    [!isKnown, isKnown ? known.id : ''],
    'I12: one chat of a pair',
  )
  wrote(outcome, isKnown ? [] : made(world, user, { id: chat.id, type: chat.type, input }), 'a new chat')
  const view = chatFor(world.oracle, world.oracle.chat(chat.id), user, world.now)
  deepStrictEqual(withoutWords(chat), view, 'a new chat as its maker sees it')
}

/** Both sides at once, and again and again. */
export async function createInParallel(world: World, draw: Draw): Promise<void> {
  const [user, other] = draw.some(actors(world), 2, 2)
  if (user === undefined || other === undefined) throw new Error('Too few people')
  const context = { kind: 'order', id: `at-once-${orders++}` } as const
  if (world.oracle.arePartedBy(user, other)) return create(world, draw)
  const calls = Array.from({ length: 50 }, (_, at) => ({
    user: at % 2 ? other : user,
    raw: { memberIds: [at % 2 ? user : other], context },
  }))
  const { replies, entries } = await world.inParallel('createChat', calls)
  deepStrictEqual(
    [new Set(replies.map(({ chat }) => chat.id)).size, replies.filter(({ created }) => created).length],
    [1, 1],
    'I12: one chat of a pair',
  )
  // Over a store with several writers either side may be first.
  const isFirst = replies.findIndex(({ created }) => created) % 2 === 0
  const [maker, found] = isFirst ? [user, other] : [other, user]
  const input = { memberIds: [found], context }
  const expected = made(world, maker, { id: replies[0].chat.id, type: 'direct', input })
  wrote({ reply: undefined, code: undefined, entries }, expected, 'I12: one chat of a pair')
}

const STATES = ['open', 'open', 'open', 'pending', 'readonly', 'locked', 'closed'] as const

export async function update(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawLeader(world, draw)
  const { oracle, now } = world
  const title = draw.chance(0.6) ? `chat ${orders++}` : undefined
  const state = draw.chance(0.5) ? draw.pick(STATES) : undefined
  const place = refusedPlace({ chat, user }) ?? refusedAction({ oracle, chat, user, now }, 'updateChat')
  const isOwners = place === undefined && state !== undefined && chat.seat(user).role !== 'owner'
  const refused = place ?? (isOwners ? 'forbidden' : undefined)
  const input = { chatId: chat.id, ...(title ? { title } : {}), ...(state ? { state } : {}) }
  const outcome = await world.command('updateChat', user, input, refused)
  if (refused !== undefined) return
  Object.assign(chat, title ? { title } : {}, state ? { state } : {})
  wrote(outcome, [`room:${chat.id} room.updated`], 'a change of the chat')
  deepStrictEqual(withoutWords(outcome.reply.chat), chatFor(oracle, chat, user, now), 'a changed chat')
}

let files = 0

/** A file is in the media store; nothing refers to it yet. */
export async function upload(world: World, draw: Draw): Promise<void> {
  const user = draw.pick(actors(world))
  const facts = { file: `file-${files++}` }
  const file = { kind: 'image', name: 'a.png', mime: 'image/png', size: 1, facts, maxUserBytes: 1e9 }
  const { reply } = await world.asUser('reserveMedia', user, file)
  await world.asUser('confirmMedia', user, { id: reply.id })
  world.oracle.files.set(reply.id, { id: reply.id, owner: user, message: undefined })
}
