import { Failure, type Scope } from '@belfry/protocol'
import type { ApiKeyRow } from '../store/sql/schema.ts'
import type { Reader } from '../store/store.ts'
import { comparable, fromRow, toFullUser } from './account-row.ts'
import { toApiKey } from './key-handlers.ts'
import { accountRow, accountRowByEmail, keyRow, keyRowByHash, keyRows, sessionRow } from './statements.ts'

export async function accountByEmail(reader: Reader, { email }: { email: string }) {
  return fromRow(await reader.get(accountRowByEmail, { email: comparable(email) }))
}

export async function accountById(reader: Reader, { id }: { id: string }) {
  return fromRow(await reader.get(accountRow, { id }))
}

/** @throws Failure `unauthorized` when the caller was deleted a moment ago */
export async function getMe(reader: Reader, { user: id }: { user: string }) {
  const account = await accountById(reader, { id })
  if (!account) throw new Failure('unauthorized', { message: 'Invalid token' })
  return { user: toFullUser(account) }
}

/** Whether a token's session lives; one that expired is the token's own matter. */
export async function isSessionLive(
  reader: Reader,
  { userId, sessionId }: { userId: string; sessionId: string },
) {
  const row = await reader.get(sessionRow, { id: sessionId })
  return row !== undefined && row.user_id === userId && row.revoked_at === null
}

/** A key as the directory needs it. */
export interface KeyState {
  id: string
  ownerId: string
  scopes: Scope[]
}

function liveKey(row: ApiKeyRow | undefined): KeyState | undefined {
  if (!row || row.revoked_at !== null) return undefined
  return { id: row.id, ownerId: row.owner_id, scopes: JSON.parse(row.scopes) }
}

export async function keyByHash(reader: Reader, { hash }: { hash: string }) {
  return liveKey(await reader.get(keyRowByHash, { hash }))
}

export async function keyById(reader: Reader, { id }: { id: string }) {
  return liveKey(await reader.get(keyRow, { id }))
}

export async function listKeys(reader: Reader) {
  return { keys: (await reader.all(keyRows, {})).map(toApiKey) }
}
