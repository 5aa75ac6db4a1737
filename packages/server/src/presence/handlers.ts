import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { PresenceRow } from '../store/sql/chat-schema.ts'
import type { Tx } from '../store/store.ts'
import { isInForce, NO_WISH, type Wish } from './peer.ts'
import { presenceRow, setLastActive, setWish, topicRow } from './statements.ts'

/** What a user wishes, as the row has it; one whose time is over is none. */
export function wishOf(row: PresenceRow | undefined, now: number): Wish {
  if (!row) return NO_WISH
  // What the row holds was validated when it was written.
  const status = row.status as Wish['status']
  const wish = { status, text: row.text, until: row.until }
  return isInForce(wish, now) ? wish : NO_WISH
}

/** @throws Failure `validation_failed` for a time that is over */
export async function setPresence(tx: Tx, actor: Actor, input: ParsedInput<'setPresence'>) {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const until = input.until ? Date.parse(input.until) : null
  if (until !== null && until <= tx.now) {
    throw new Failure('validation_failed', { field: 'until', message: 'until: Must be in the future.' })
  }
  const { id: user } = actor
  const before = wishOf(await tx.get(presenceRow, { user }), tx.now)
  const status = input.status === 'online' ? null : input.status
  const text = input.text === undefined ? before.text : input.text
  if (before.status === status && before.text === text && before.until === until) return {}
  tx.write(setWish, { user, status, text, until })
  const at = until === null ? null : new Date(until).toISOString()
  await append(tx, topics.user(user), 'presence.set', { status, text, until: at })
  return {}
}

/** When users were active last; a deleted user leaves no trace. */
export async function noteActive(tx: Tx, _: Actor, { active }: { active: [string, number][] }) {
  for (const [user, at] of active) {
    if (await tx.get(topicRow, { topic: topics.user(user) })) tx.write(setLastActive, { user, at })
  }
  return {}
}
