import { Failure, type Scope } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import type { ApiKeyRow } from '../store/sql/schema.ts'
import type { Tx } from '../store/store.ts'
import { insertKey, keyRow, setKeyRevoked } from './statements.ts'

const iso = (time: number) => new Date(time).toISOString()

/** A key as replies show it: without its secret, and without its hash. */
export function toApiKey({ id, name, scopes, created_at, revoked_at }: ApiKeyRow) {
  const parsed: Scope[] = JSON.parse(scopes)
  return {
    id,
    name,
    scopes: parsed,
    createdAt: iso(created_at),
    revokedAt: revoked_at === null ? null : iso(revoked_at),
  }
}

/** A key always belongs to a person, and ends with that person's rights. */
export async function storeKey(tx: Tx, actor: Actor, input: { name: string; scopes: Scope[]; hash: string }) {
  const owner = actor.kind === 'user' ? actor.id : actor.kind === 'key' ? actor.ownerId : undefined
  if (owner === undefined)
    throw new Failure('forbidden', { message: 'A key belongs to a person: sign in first.' })
  const row = { id: tx.newId(), name: input.name, scopes: JSON.stringify(input.scopes) }
  tx.write(insertKey, { ...row, hash: input.hash, owner, now: tx.now })
  return { key: toApiKey({ ...row, hash: '', owner_id: owner, created_at: tx.now, revoked_at: null }) }
}

export async function revokeKey(tx: Tx, _: Actor, { id }: { id: string }) {
  const row = await tx.get(keyRow, { id })
  if (!row) throw new Failure('not_found')
  const isEnded = (await tx.run(setKeyRevoked, { id, now: tx.now })) > 0
  if (isEnded) await append(tx, topics.user(row.owner_id), 'key.revoked', { id })
  return {}
}
