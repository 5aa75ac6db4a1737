import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { Tx } from '../store/store.ts'
import { fromRow, toUser } from './account-row.ts'
import {
  accountRow,
  deleteExpiredSessions,
  extendSession,
  insertSession,
  revokeSession,
  revokeSessions,
} from './statements.ts'

/** A session is kept this long after its end, so that a token within the leeway still finds it. */
const KEPT_MS = 24 * 3600 * 1000

interface Opening {
  userId: string
  /** The hash that the password was checked against; undefined for users without one. */
  passwordHash: string | undefined
  expiresAt: number
}

/** @throws Failure `unauthorized` when the account was disabled, or its password changed, since it was checked */
export async function openSession(tx: Tx, _: Actor, { userId, passwordHash, expiresAt }: Opening) {
  const account = fromRow(await tx.get(accountRow, { id: userId }))
  if (!account || account.isDisabled || account.passwordHash !== passwordHash) {
    throw new Failure('unauthorized', { message: 'Invalid credentials' })
  }
  const id = tx.newId()
  tx.write(insertSession, { id, user: userId, now: tx.now, expiresAt })
  return { sessionId: id }
}

/** @throws Failure `unauthorized` when the session has ended */
export async function refreshSession(tx: Tx, actor: Actor, { expiresAt }: { expiresAt: number }) {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const account = fromRow(await tx.get(accountRow, { id: actor.id }))
  const isLive = (await tx.run(extendSession, { id: actor.sessionId, user: actor.id, expiresAt })) > 0
  if (!account || account.isDisabled || !isLive)
    throw new Failure('unauthorized', { message: 'Invalid token' })
  return { user: toUser(account) }
}

/** Ends all sessions of a user but `keep`. */
export async function endSessions(tx: Tx, user: string, keep?: string): Promise<void> {
  tx.write(revokeSessions, { user, keep: keep ?? '', now: tx.now })
  await append(tx, topics.user(user), 'session.revoked', keep === undefined ? {} : { keep })
}

export async function logout(tx: Tx, actor: Actor, { everywhere }: ParsedInput<'logout'>) {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const { id: user, sessionId: id } = actor
  const isEnded = (await tx.run(revokeSession, { id, user, now: tx.now })) > 0
  if (!isEnded)
    throw new Failure('forbidden', { message: 'This session was not opened here: end it where it was.' })
  if (everywhere) await endSessions(tx, user)
  else await append(tx, topics.user(user), 'session.revoked', { ids: [id] })
  return {}
}

/** Run by the server's own timer. Replies how many are gone. */
export async function forgetSessions(tx: Tx) {
  return { forgotten: await tx.run(deleteExpiredSessions, { before: tx.now - KEPT_MS }) }
}
