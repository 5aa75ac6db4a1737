import { createHash } from 'node:crypto'
import { type Chat, Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { createTopic, join } from '../core/subscriptions.ts'
import { topics } from '../core/topics.ts'
import type { Reader, Tx } from '../store/store.ts'
import { toChat } from './chat-shape.ts'
import {
  changeMemberCount,
  chatRow,
  enterMember,
  insertChat,
  insertRoom,
  topicRow,
} from './chat-statements.ts'
import { judgeCreate } from './judge.ts'
import { placeOf, userOf } from './place.ts'
import { maxMembers } from './settings.ts'

type Input = ParsedInput<'createChat'>
type Type = Chat['type']

/** @throws Failure `not_found` for somebody who is no user */
export async function assertKnown(reader: Reader, users: readonly string[], field: string): Promise<void> {
  for (const user of users)
    if (!(await reader.get(topicRow, { topic: topics.user(user) }))) throw new Failure('not_found', { field })
}

function typeOf(input: Input, others: readonly string[]): Type {
  const type = input.type ?? (others.length === 1 ? 'direct' : 'group')
  const isAlone = others.length === 0 && input.type === undefined
  if (isAlone || (type === 'direct' && others.length !== 1)) {
    throw new Failure('validation_failed', {
      field: 'memberIds',
      message: isAlone ? 'memberIds: Name somebody else.' : 'memberIds: A direct chat has one other member.',
    })
  }
  return type
}

const digest = (...parts: string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 24)

/** The same pair, in any order and about the same thing, has the same id, and so one chat. */
function idOf(
  tx: Tx,
  type: Type,
  { user, others, input }: { user: string; others: string[]; input: Input },
): string {
  const { context, clientId } = input
  if (type === 'direct')
    return `d-${digest(...[user, ...others].sort(), ...(context ? [context.kind, context.id] : []))}`
  return `g-${clientId === undefined ? tx.newId() : digest(user, clientId)}`
}

/** Makes the chat, or gives the one that is there: of a pair, or of a repeated `clientId`. */
export async function createChat(
  tx: Tx,
  actor: Actor,
  input: Input,
): Promise<{ chat: Chat; created: boolean }> {
  const user = userOf(actor)
  const others = [...new Set(input.memberIds)].filter((id) => id !== user)
  const type = typeOf(input, others)
  if (others.length >= maxMembers())
    throw new Failure('forbidden', { message: `A group has at most ${maxMembers()} members.` })
  await assertKnown(tx, others, 'memberIds')
  const id = idOf(tx, type, { user, others, input })
  const isKnown = (await tx.get(chatRow, { id })) !== undefined
  if (!isKnown) {
    const { context, title } = input
    const titled = await judgeCreate(tx, { user, others, type, context, title })
    await make(tx, { id, type, user, others, input: { ...input, title: titled } })
  }
  return { chat: await toChat(tx, await placeOf(tx, id, user)), created: !isKnown }
}

interface Making {
  id: string
  type: Type
  user: string
  others: string[]
  input: Input
}

async function make(tx: Tx, { id, type, user, others, input }: Making): Promise<void> {
  const { title = null, avatarUrl = null, context, history } = input
  tx.write(insertRoom, { id, kind: type, now: tx.now })
  tx.write(insertChat, {
    ...{ id, type, title, avatarUrl, creator: user, now: tx.now },
    context: context ? JSON.stringify(context) : null,
    state: 'open',
    history: history ?? (type === 'support' ? 'all' : 'sinceJoin'),
  })
  await createTopic(tx, topics.room(id))
  for (const one of [user, ...others]) {
    await join(tx, one, topics.room(id))
    const role = one === user && type !== 'direct' ? 'owner' : 'member'
    tx.write(enterMember, { chat: id, user: one, role, access: 'readwrite', now: tx.now, seq: 0 })
  }
  tx.write(changeMemberCount, { id, by: others.length + 1 })
  await append(tx, topics.room(id), 'room.created', { id })
  for (const one of [user, ...others]) await append(tx, topics.user(one), 'chat.joined', { chatId: id })
}
