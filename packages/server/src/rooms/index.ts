import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { createTopic, join, leave } from '../core/subscriptions.ts'
import { topics } from '../core/topics.ts'
import type { Features, Reader, Tx } from '../store/store.ts'
import { audienceRow, insertRoom, topicRow } from './statements.ts'

async function createRoom(tx: Tx, _: Actor, { id }: ParsedInput<'createRoom'>) {
  if ((await tx.run(insertRoom, { id, kind: 'audience', now: tx.now })) === 0)
    throw new Failure('already_exists')
  await createTopic(tx, topics.room(id))
  await append(tx, topics.room(id), 'room.created', { id })
  return { room: { id } }
}

/** A user is who has a topic; deleted ones have lost theirs. */
async function assertKnown(reader: Reader, { id, userId }: { id: string; userId: string }): Promise<void> {
  if (!(await reader.get(audienceRow, { id }))) throw new Failure('not_found')
  if (!(await reader.get(topicRow, { topic: topics.user(userId) }))) throw new Failure('not_found')
}

async function addRoomMember(tx: Tx, _: Actor, { id, userId }: ParsedInput<'addRoomMember'>) {
  await assertKnown(tx, { id, userId })
  await join(tx, userId, topics.room(id))
  return {}
}

async function removeRoomMember(tx: Tx, _: Actor, { id, userId }: ParsedInput<'removeRoomMember'>) {
  await assertKnown(tx, { id, userId })
  await leave(tx, userId, topics.room(id))
  return {}
}

/** Rooms as audiences: what the store runs for them. */
export const rooms: Features = { handlers: { createRoom, addRoomMember, removeRoomMember }, queries: {} }
