import { Failure, type Member, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { join, leave } from '../core/subscriptions.ts'
import { topics } from '../core/topics.ts'
import type { MemberRow } from '../store/sql/chat-schema.ts'
import type { Reader, Tx } from '../store/store.ts'
import { toMembers } from './chat-shape.ts'
import {
  changeMemberCount,
  emptyIntervals,
  endMember,
  enterMember,
  memberRow,
  membersOf,
  raiseFloor,
  setMember,
  topicRow,
} from './chat-statements.ts'
import { assertKnown } from './create.ts'
import { judge } from './judge.ts'
import { activePlaceOf, type Place, placeOf, userOf } from './place.ts'
import type { Change } from './policy/policy.ts'
import { maxMembers } from './settings.ts'

interface Named {
  userId?: string | undefined
  userIds?: string[] | undefined
}
const namedIn = ({ userId, userIds }: Named): string[] => [
  ...new Set(userIds ?? (userId === undefined ? [] : [userId])),
]

async function rowsOf(reader: Reader, chat: string, users: readonly string[]): Promise<MemberRow[]> {
  const rows: MemberRow[] = []
  for (const user of users) {
    const row = await reader.get(memberRow, { chat, user })
    if (row) rows.push(row)
  }
  return rows
}

/** Direct chats are for their two for ever. */
function assertGroup({ chat }: Place): void {
  if (chat.type === 'direct')
    throw new Failure('forbidden', { message: 'A direct chat has its two members.' })
}

export async function addMembers(tx: Tx, actor: Actor, input: ParsedInput<'addMembers'>) {
  const place = await activePlaceOf(tx, input.chatId, userOf(actor))
  assertGroup(place)
  await judge(tx, 'addMembers', place, { changes: input.role === undefined ? [] : ['role'] })
  const { id: chat, last_seq: seq, member_count: count } = place.chat
  const users = namedIn(input)
  await assertKnown(tx, users, 'userIds')
  const role = input.role ?? 'member'
  const present = new Set(
    (await rowsOf(tx, chat, users)).filter((row) => row.left_at === null).map((row) => row.user_id),
  )
  const newcomers = users.filter((user) => !present.has(user))
  if (count + newcomers.length > maxMembers()) {
    throw new Failure('forbidden', { message: `A group has at most ${maxMembers()} members.` })
  }
  for (const user of newcomers) {
    await join(tx, user, topics.room(chat))
    tx.write(enterMember, { chat, user, role, access: input.access ?? 'readwrite', now: tx.now, seq })
    await append(tx, topics.user(user), 'chat.joined', { chatId: chat })
  }
  const members = await toMembers(tx, await rowsOf(tx, chat, users))
  if (newcomers.length > 0) {
    tx.write(changeMemberCount, { id: chat, by: newcomers.length })
    await append(tx, topics.room(chat), 'member.joined', {
      members: members.filter(({ userId }) => !present.has(userId)),
    })
  }
  return { members }
}

export async function updateMembers(tx: Tx, actor: Actor, input: ParsedInput<'updateMembers'>) {
  const place = await activePlaceOf(tx, input.chatId, userOf(actor))
  assertGroup(place)
  const { id: chat } = place.chat
  const rows = (await rowsOf(tx, chat, namedIn(input))).filter((row) => row.left_at === null)
  if (rows.length === 0) throw new Failure('not_found', { field: 'userIds' })
  await judge(tx, 'updateChat', place, { subjects: rows.map(asSubject), changes: changesIn(input) })
  for (const row of rows) {
    const mutedUntil = input.mutedUntil === undefined ? row.muted_until : timeOf(input.mutedUntil)
    const { role = row.role, access = row.access } = input
    tx.write(setMember, { chat, user: row.user_id, role, access, mutedUntil })
  }
  await keepOwner(tx, chat)
  const ids = rows.map(({ user_id }) => user_id)
  const members = await toMembers(tx, await rowsOf(tx, chat, ids))
  await append(tx, topics.room(chat), 'member.updated', { members })
  return { members }
}

const timeOf = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant))

const asSubject = ({ user_id: id, role }: MemberRow) => ({ id, role: role as Member['role'] })

const CHANGES: readonly Change[] = ['role', 'access', 'mutedUntil']
const changesIn = (input: object) => CHANGES.filter((change) => Reflect.get(input, change) !== undefined)

export async function removeMembers(tx: Tx, actor: Actor, input: ParsedInput<'removeMembers'>) {
  const place = await activePlaceOf(tx, input.chatId, userOf(actor))
  assertGroup(place)
  await judge(tx, 'removeMembers', place)
  const { id: chat } = place.chat
  const rows = await rowsOf(tx, chat, namedIn(input))
  if (rows.some(({ role }) => role === 'owner') && place.member.role !== 'owner')
    throw new Failure('forbidden')
  const active = rows.filter((row) => row.left_at === null).map(({ user_id }) => user_id)
  if (active.length > 0) await part(tx, chat, active)
  if (input.removeHistory) for (const { user_id } of rows) await takeHistory(tx, chat, user_id)
  await keepOwner(tx, chat)
  return {}
}

export async function leaveChat(tx: Tx, actor: Actor, input: ParsedInput<'leaveChat'>) {
  const user = userOf(actor)
  const place = await placeOf(tx, input.chatId, user)
  assertGroup(place)
  if (!place.isActive) return {}
  await part(tx, place.chat.id, [user])
  await keepOwner(tx, place.chat.id)
  return {}
}

/** They hear of it themselves, and nothing after it. */
export async function part(tx: Tx, chat: string, users: string[]): Promise<void> {
  await append(tx, topics.room(chat), 'member.left', { userIds: users })
  for (const user of users) {
    tx.write(endMember, { chat, user, now: tx.now })
    await leave(tx, user, topics.room(chat))
    await append(tx, topics.user(user), 'chat.left', { chatId: chat })
  }
  tx.write(changeMemberCount, { id: chat, by: -users.length })
}

async function takeHistory(tx: Tx, chat: string, user: string): Promise<void> {
  const topic = topics.room(chat)
  const offset = (await tx.get(topicRow, { topic }))?.head ?? 0
  tx.write(raiseFloor, { chat, user, offset })
  tx.write(emptyIntervals, { user, topic })
}

/** A group without an owner goes to its oldest moderator, or else to its oldest member. */
export async function keepOwner(tx: Tx, chat: string): Promise<void> {
  const members = await tx.all(membersOf, { chat })
  if (members.length === 0 || members.some(({ role }) => role === 'owner')) return
  const heir =
    members.find(({ role }) => role === 'moderator') ?? members.find(({ role }) => role === 'member')
  if (!heir) return
  const { user_id: user, access, muted_until: mutedUntil } = heir
  tx.write(setMember, { chat, user, role: 'owner', access, mutedUntil })
  const updated: Member[] = await toMembers(tx, [{ ...heir, role: 'owner' }])
  await append(tx, topics.room(chat), 'member.updated', { members: updated })
}

export async function listMembers(reader: Reader, { chatId, user }: { chatId: string; user: string }) {
  await activePlaceOf(reader, chatId, user)
  return { members: await toMembers(reader, await reader.all(membersOf, { chat: chatId })) }
}
