import { deepStrictEqual } from 'node:assert/strict'
import type { ErrorCode, Member } from '@belfry/protocol'
import type { Draw } from '../random.ts'
import { drawLeader, drawSeat, wrote } from './drawing.ts'
import { MAX_MEMBERS } from './limits.ts'
import type { OracleChat, Seat } from './oracle-chat.ts'
import { refusedAction, refusedPlace } from './verdicts.ts'
import { memberFor } from './views.ts'
import type { Outcome, World } from './world.ts'

/** Who may be named: those inside, those outside, and somebody who is no user. */
function drawUsers(world: World, draw: Draw, chat: OracleChat): string[] {
  const inside = chat.active.map(({ user }) => user)
  const some = draw.some(draw.chance(0.7) ? inside : world.oracle.people, 1, draw.chance(0.7) ? 1 : 3)
  return some.length === 0 || draw.chance(0.05) ? [...some, 'nobody'] : some
}

/** Everybody who may not even ask: strangers, those who left, and anybody in a chat of two. */
const refusedGroup = (chat: OracleChat, user: string): ErrorCode | undefined =>
  refusedPlace({ chat, user }) ?? (chat.type === 'direct' ? 'forbidden' : undefined)

const members = ({ reply }: Outcome): Member[] =>
  reply.members.map(({ lastDeliveredAt: _, ...member }: Member) => member)

const shown = (chat: OracleChat, users: readonly string[]) =>
  users.flatMap((user) => {
    const seat = chat.seats.get(user)
    return seat ? [memberFor(chat, seat)] : []
  })

/** The entry about a new owner, when there has to be one. */
function crowned(chat: OracleChat): string[] {
  return chat.crown() ? [`room:${chat.id} member.updated`] : []
}

function refusedAdding(world: World, chat: OracleChat, user: string, adding: Adding): ErrorCode | undefined {
  const { oracle, now } = world
  const place = refusedGroup(chat, user) ?? refusedAction({ oracle, chat, user, now }, 'addMembers')
  if (place !== undefined) return place
  if (adding.role !== undefined && chat.seat(user).role !== 'owner') return 'forbidden'
  if (adding.userIds.includes('nobody')) return 'not_found'
  const newcomers = adding.userIds.filter((one) => !chat.isActive(one))
  return chat.active.length + newcomers.length > MAX_MEMBERS ? 'forbidden' : undefined
}

interface Adding {
  userIds: string[]
  role?: Seat['role'] | undefined
  access?: Seat['access'] | undefined
}

export async function add(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawLeader(world, draw)
  const adding: Adding = {
    userIds: draw.chance(0.8) ? draw.some(world.oracle.people, 1, 2) : drawUsers(world, draw, chat),
    ...(draw.chance(0.2) ? { role: draw.pick(['moderator', 'member', 'observer'] as const) } : {}),
    ...(draw.chance(0.1) ? { access: draw.pick(['read', 'readwrite'] as const) } : {}),
  }
  const refused = refusedAdding(world, chat, user, adding)
  const outcome = await world.command('addMembers', user, { chatId: chat.id, ...adding }, refused)
  if (refused !== undefined) return
  const { userIds, role = 'member', access = 'readwrite' } = adding
  const newcomers = userIds.filter((one) => !chat.isActive(one))
  for (const one of newcomers) chat.enter(one, { role, access, now: world.now })
  const own = newcomers.flatMap((one) => [`user:${one} topic.joined`, `user:${one} chat.joined`])
  const room = newcomers.length > 0 ? [`room:${chat.id} member.joined`] : []
  wrote(outcome, [...own, ...room], 'adding members')
  deepStrictEqual(members(outcome), shown(chat, userIds), 'added members')
}

export async function leave(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawSeat(world, draw)
  const isStranger = !chat.seats.has(user)
  const refused = isStranger ? 'not_found' : chat.type === 'direct' ? 'forbidden' : undefined
  const outcome = await world.command('leaveChat', user, { chatId: chat.id }, refused)
  if (refused !== undefined) return
  wrote(outcome, chat.isActive(user) ? parted(world, chat, [user]) : [], 'leaving')
}

function parted(world: World, chat: OracleChat, users: readonly string[]): string[] {
  for (const user of users) chat.leave(user, world.now)
  return [
    ...(users.length === 0 ? [] : [`room:${chat.id} member.left`]),
    ...users.flatMap((user) => [`user:${user} topic.left`, `user:${user} chat.left`]),
    ...crowned(chat),
  ]
}

export async function expel(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawLeader(world, draw)
  const known = [...chat.seats.keys()]
  const userIds = draw.chance(0.5) ? draw.some(known, 1, 2) : drawUsers(world, draw, chat)
  const { oracle, now } = world
  const place = refusedGroup(chat, user) ?? refusedAction({ oracle, chat, user, now }, 'removeMembers')
  const seats = userIds.flatMap((one) => chat.seats.get(one) ?? [])
  const isAboveThem = place !== undefined || chat.seat(user).role === 'owner'
  const isOwners = !isAboveThem && seats.some(({ role }) => role === 'owner')
  const refused = place ?? (isOwners ? 'forbidden' : undefined)
  const removeHistory = draw.chance(0.4)
  const input = { chatId: chat.id, userIds, ...(removeHistory ? { removeHistory } : {}) }
  const outcome = await world.command('removeMembers', user, input, refused)
  if (refused !== undefined) return
  const active = seats.map((seat) => seat.user).filter((one) => chat.isActive(one))
  const expected = parted(world, chat, active)
  if (removeHistory) for (const seat of seats) chat.takeHistory(seat.user)
  wrote(outcome, expected, 'removing members')
}

export async function updateSeats(world: World, draw: Draw): Promise<void> {
  const { chat, user } = drawLeader(world, draw)
  const userIds = drawUsers(world, draw, chat)
  const seats = userIds.flatMap((one) => (chat.isActive(one) ? [chat.seat(one)] : []))
  const changes = drawChanges(world, draw)
  const refused = refusedUpdate(world, { chat, user, seats, changes })
  const { mutedUntil } = changes
  const until = typeof mutedUntil === 'number' ? new Date(mutedUntil).toISOString() : mutedUntil
  const input = {
    chatId: chat.id,
    userIds,
    ...changes,
    ...(until === undefined ? {} : { mutedUntil: until }),
  }
  const outcome = await world.command('updateMembers', user, input, refused)
  if (refused !== undefined) return
  for (const seat of seats) Object.assign(seat, changes, mutedUntil === null ? { mutedUntil: undefined } : {})
  wrote(outcome, [...crowned(chat), `room:${chat.id} member.updated`], 'updating members')
  deepStrictEqual(
    members(outcome),
    shown(
      chat,
      seats.map((seat) => seat.user),
    ),
    'updated members',
  )
}

interface Changes {
  role?: Seat['role']
  access?: Seat['access']
  mutedUntil?: number | null
}

const drawChanges = (world: World, draw: Draw): Changes => ({
  ...(draw.chance(0.6) ? { role: draw.pick(['owner', 'moderator', 'member', 'observer'] as const) } : {}),
  ...(draw.chance(0.2) ? { access: draw.pick(['read', 'readwrite', 'readwrite'] as const) } : {}),
  ...(draw.chance(0.3) ? { mutedUntil: draw.pick([world.now + 3600_000, null, null]) } : {}),
})

interface Updating {
  chat: OracleChat
  user: string
  seats: Seat[]
  changes: Changes
}

function refusedUpdate(world: World, { chat, user, seats, changes }: Updating): ErrorCode | undefined {
  const { oracle, now } = world
  const place = refusedGroup(chat, user)
  if (place !== undefined) return place
  if (seats.length === 0) return 'not_found'
  const refused = refusedAction({ oracle, chat, user, now }, 'updateChat')
  if (refused !== undefined || chat.seat(user).role === 'owner') return refused
  const isOwners = changes.role !== undefined || seats.some(({ role }) => role === 'owner')
  return isOwners ? 'forbidden' : undefined
}
