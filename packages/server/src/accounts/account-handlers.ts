import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { join, leave } from '../core/subscriptions.ts'
import { topics } from '../core/topics.ts'
import type { Tx } from '../store/store.ts'
import { type Account, comparable, fromRow, toFullUser, toUser } from './account-row.ts'
import { revokeKey } from './key-handlers.ts'
import { endSessions } from './session-handlers.ts'
import {
  accountRow,
  blankAccount,
  erasures,
  insertAccount,
  liveKeysOf,
  otherEnabled,
  replaceHash,
  setAccess,
} from './statements.ts'

interface NewAccount {
  id: string
  email: string | null
  passwordHash: string | null
  roles: string[]
}

/** Resolves to whether the account is new; its inbox begins empty. */
async function addAccount(tx: Tx, { id, email, passwordHash, roles }: NewAccount): Promise<boolean> {
  const row = { id, email, hash: passwordHash, roles: JSON.stringify(roles), now: tx.now }
  if ((await tx.run(insertAccount, row)) === 0) return false
  await join(tx, id, topics.user(id))
  await join(tx, id, topics.all)
  for (const role of roles) await join(tx, id, topics.role(role))
  return true
}

export async function createAccount(tx: Tx, _: Actor, input: Omit<NewAccount, 'id'> & { email: string }) {
  const account = { ...input, id: tx.newId(), email: comparable(input.email) }
  if (!(await addAccount(tx, account))) throw new Failure('email_in_use')
  return toUser({ ...account, isDisabled: false, passwordHash: undefined })
}

/**
 * Users of open mode or of an external issuer: whoever is named exists from then on.
 * @throws Failure `not_found` for the id of a deleted user, which is never given again
 */
export async function ensureUsers(tx: Tx, _: Actor, { ids, roles }: { ids: string[]; roles: string[] }) {
  for (const id of ids) {
    if (await addAccount(tx, { id, email: null, passwordHash: null, roles })) continue
    await find(tx, id)
  }
  return {}
}

async function find(tx: Tx, id: string): Promise<Account> {
  const account = fromRow(await tx.get(accountRow, { id }))
  if (!account) throw new Failure('not_found')
  return account
}

/** A key that may manage users is not thereby one that may make or unmake admins. */
function assertMayTouchAdmins(actor: Actor): void {
  if (actor.kind === 'key' && !actor.scopes.includes('admin')) throw new Failure('forbidden')
}

async function assertNotLastAdmin(tx: Tx, { id, isDisabled }: Account): Promise<void> {
  if (isDisabled || (await tx.get(otherEnabled, { topic: topics.role('admin'), id }))) return
  throw new Failure('forbidden', { message: 'This is the last admin.' })
}

export async function updateUser(tx: Tx, actor: Actor, input: ParsedInput<'updateUser'>) {
  const before = await find(tx, input.id)
  const roles = [...new Set(input.roles ?? before.roles)]
  const after: Account = { ...before, roles, isDisabled: input.disabled ?? before.isDisabled }
  const wasAdmin = before.roles.includes('admin')
  if (wasAdmin || roles.includes('admin')) assertMayTouchAdmins(actor)
  if (wasAdmin && (after.isDisabled || !roles.includes('admin'))) await assertNotLastAdmin(tx, before)
  await change(tx, before, after)
  return { user: toFullUser(after) }
}

/** Roles that an external issuer has given. */
export async function syncRoles(tx: Tx, _: Actor, { id, roles }: { id: string; roles: string[] }) {
  const before = await find(tx, id)
  await change(tx, before, { ...before, roles })
  return {}
}

async function change(tx: Tx, before: Account, after: Account): Promise<void> {
  const { id, roles, isDisabled } = after
  const [lost, gained] = [
    new Set(before.roles).difference(new Set(roles)),
    new Set(roles).difference(new Set(before.roles)),
  ]
  if (lost.size + gained.size === 0 && isDisabled === before.isDisabled) return
  tx.write(setAccess, { id, roles: JSON.stringify(roles), disabled: Number(isDisabled) })
  for (const role of lost) await leave(tx, id, topics.role(role))
  for (const role of gained) await join(tx, id, topics.role(role))
  await append(tx, topics.user(id), 'account.changed', { roles, disabled: isDisabled })
  if (isDisabled && !before.isDisabled) await endSessions(tx, id)
}

/** Takes the account, its inbox and its keys away; the id stays taken. */
export async function deleteUser(tx: Tx, actor: Actor, { id }: ParsedInput<'deleteUser'>) {
  const account = await find(tx, id)
  if (account.roles.includes('admin')) {
    assertMayTouchAdmins(actor)
    await assertNotLastAdmin(tx, account)
  }
  for (const key of await tx.all(liveKeysOf, { owner: id })) await revokeKey(tx, actor, { id: key.id })
  for (const role of account.roles) await leave(tx, id, topics.role(role))
  const last = await append(tx, topics.user(id), 'account.changed', { roles: [], disabled: true })
  tx.write(blankAccount, { id })
  for (const erasure of erasures) tx.write(erasure, { user: id, topic: topics.user(id), now: tx.now, last })
  return {}
}

/**
 * Sets the hash if `from` still is the one that was checked; all other sessions end.
 * @throws Failure `forbidden` when the password was changed meanwhile
 */
export async function setPassword(tx: Tx, actor: Actor, { from, to }: { from: string; to: string }) {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const isChanged = await tx.run(replaceHash, { id: actor.id, from, to })
  if (isChanged === 0) throw new Failure('forbidden', { message: 'The password was changed meanwhile.' })
  await endSessions(tx, actor.id, actor.sessionId)
  return {}
}

/** The same password at today's cost; nothing that anyone sees. */
export async function rehashPassword(tx: Tx, _: Actor, input: { id: string; from: string; to: string }) {
  tx.write(replaceHash, input)
  return {}
}
