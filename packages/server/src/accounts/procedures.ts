import { randomBytes } from 'node:crypto'
import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import type { Context, Origin, Procedures } from '../core/context.ts'
import { type Account, comparable, toUser } from './account-row.ts'
import { hashOfKey } from './directory.ts'
import type { LoginLimiter, RegisterLimiter } from './limits.ts'
import type { Passwords } from './passwords.ts'
import type { Tokens } from './tokens.ts'

/** What the protocol allows for an address; a longer one belongs to nobody and is not worth remembering. */
const MAX_EMAIL = 254
const SYSTEM: Actor = { kind: 'system' }

export interface Tools {
  readonly passwords: Passwords
  readonly tokens: Tokens
  /** Undefined when limits are off. */
  readonly logins: LoginLimiter | undefined
  readonly registrations: RegisterLimiter | undefined
}

/** Commands of accounts that hash or sign before or after their transaction. */
export function accountProcedures(tools: Tools): Procedures {
  return {
    register: (context, _, input: ParsedInput<'register'>, origin) => register(tools, context, input, origin),
    login: (context, _, input: ParsedInput<'login'>, origin) => login(tools, context, input, origin),
    refreshToken: (context, actor) => refreshToken(tools, context, actor),
    changePassword: (context, actor, input: ParsedInput<'changePassword'>, origin) =>
      changePassword(tools, context, userOf(actor), { ...input, origin }),
    eraseUser: (context, actor, input: ParsedInput<'eraseUser'>, origin) =>
      eraseUser(tools, context, userOf(actor), { ...input, origin }),
    createKey: (context, actor, input: ParsedInput<'createKey'>) => createKey(context, actor, input),
  }
}

type User = Extract<Actor, { kind: 'user' }>

function userOf(actor: Actor): User {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  return actor
}

/** @throws Failure `unauthorized` when there is none any more */
export async function accountById({ store }: Context, id: string): Promise<Account> {
  // What a query answers is what its function in queries.ts returns; the border between threads cannot carry the type.
  const account = (await store.read('accountById', { id })) as Account | undefined
  if (!account) throw new Failure('unauthorized', { message: 'Invalid token' })
  return account
}

export async function accountByEmail({ store }: Context, email: string): Promise<Account | undefined> {
  // As above.
  return (await store.read('accountByEmail', { email })) as Account | undefined
}

async function register(tools: Tools, context: Context, input: ParsedInput<'register'>, { address }: Origin) {
  tools.registrations?.count(address)
  const { email, password, role = context.config.signupRoles[0] } = input
  if (role === undefined || !context.config.signupRoles.includes(role)) throw new Failure('role_not_allowed')
  tools.passwords.assertStrong(password)
  // Saves the hash; the transaction asks again.
  if (await accountByEmail(context, email)) throw new Failure('email_in_use')
  const user = await addAccount(tools, context, { email, password, roles: [role] })
  context.log.info({ event: 'register', userId: user.id, address }, 'account made')
  return { user: { ...user, email } }
}

export interface NewAccount {
  email: string
  /** Without one, nobody can sign in by password. */
  password: string | undefined
  roles: string[]
}

/** @throws Failure `email_in_use` */
export async function addAccount(
  { passwords }: Pick<Tools, 'passwords'>,
  { store }: Context,
  account: NewAccount,
) {
  const { email, password, roles } = account
  const passwordHash = password === undefined ? null : await passwords.hash(password)
  // The handler's reply; the border between threads cannot carry the type.
  return (await store.transact('createAccount', SYSTEM, { email, passwordHash, roles })) as ReturnType<
    typeof toUser
  >
}

async function login(tools: Tools, context: Context, input: ParsedInput<'login'>, { address }: Origin) {
  const name = comparable(input.email)
  const check = () => checkPassword(tools, context, name, input.password)
  const limited = `mail ${name.slice(0, MAX_EMAIL)}`
  const account = await (tools.logins ? tools.logins.run(limited, address, check) : check())
  if (!account) {
    context.log.info({ event: 'login.refused', address }, 'sign-in refused')
    throw new Failure('unauthorized', { message: 'Invalid credentials' })
  }
  const { token, expiresAtMs } = await openSession(tools.tokens, context, account)
  context.log.info({ event: 'login', userId: account.id, address }, 'signed in')
  return { token, expiresAt: iso(expiresAtMs), user: { ...toUser(account), email: input.email } }
}

/** @throws Failure `unauthorized` when the account changed since it was read */
export async function openSession(tokens: Tokens, context: Context, { id: userId, passwordHash }: Account) {
  const expiresAtMs = wholeSeconds(context.clock() + context.config.tokenLifetimeMs)
  const opening = { userId, passwordHash, expiresAt: expiresAtMs }
  const opened = await context.store.transact('openSession', SYSTEM, opening)
  // The handler's reply; the border between threads cannot carry the type.
  const { sessionId } = opened as { sessionId: string }
  return { token: await tokens.sign({ userId, sessionId, expiresAtMs }), expiresAtMs }
}

/** The account if the password is right; an unknown or disabled one takes as long. */
async function checkPassword({ passwords }: Tools, context: Context, email: string, password: string) {
  const account = await accountByEmail(context, email)
  const known = account?.passwordHash
  const isRight = await passwords.isRight(password, known)
  if (!account || account.isDisabled || known === undefined || !isRight) return undefined
  if (!passwords.isOutdated(known)) return account
  const to = await passwords.hash(password)
  await context.store.transact('rehashPassword', SYSTEM, { id: account.id, from: known, to })
  return { ...account, passwordHash: to }
}

async function refreshToken({ tokens }: Tools, context: Context, actor: Actor) {
  const { id: userId, sessionId } = userOf(actor)
  const expiresAtMs = wholeSeconds(context.clock() + context.config.tokenLifetimeMs)
  const reply = await context.store.transact('refreshSession', actor, { expiresAt: expiresAtMs })
  // The handler's reply; the border between threads cannot carry the type.
  const { user } = reply as { user: ReturnType<typeof toUser> }
  const token = await tokens.sign({ userId, sessionId, expiresAtMs })
  return { token, expiresAt: iso(expiresAtMs), user }
}

interface Proof {
  password: string
  origin: Origin
}

/** The account's hash if this is its password. Whoever holds a stolen token must not guess faster than at the front door. */
async function provenHash(
  { passwords, logins }: Tools,
  context: Context,
  { id }: User,
  { password, origin }: Proof,
): Promise<string | undefined> {
  const { passwordHash: hash } = await accountById(context, id)
  const check = async () => ((await passwords.isRight(password, hash)) ? hash : undefined)
  return logins ? logins.run(`id ${id}`, origin.address, check) : check()
}

type Erasing = ParsedInput<'eraseUser'> & { origin: Origin }

/** A stolen token alone erases nobody; people whose password another issuer keeps have none to give here. */
async function eraseUser(tools: Tools, context: Context, actor: User, { password, origin }: Erasing) {
  const { passwordHash } = await accountById(context, actor.id)
  if (passwordHash !== undefined) {
    const known = await provenHash(tools, context, actor, { password: password ?? '', origin })
    if (known === undefined)
      throw new Failure('forbidden', { message: 'The password is wrong.', field: 'password' })
  }
  await context.store.transact('eraseUser', actor, {})
  context.log.info({ event: 'account.erased', userId: actor.id, address: origin.address }, 'account erased')
  return {}
}

type Change = ParsedInput<'changePassword'> & { origin: Origin }

async function changePassword(tools: Tools, context: Context, actor: User, input: Change) {
  const { passwords } = tools
  const { oldPassword, newPassword, origin } = input
  passwords.assertStrong(newPassword)
  const known = await provenHash(tools, context, actor, { password: oldPassword, origin })
  if (known === undefined)
    throw new Failure('forbidden', { message: 'The old password is wrong.', field: 'oldPassword' })
  const to = await passwords.hash(newPassword)
  await context.store.transact('setPassword', actor, { from: known, to })
  context.log.info(
    { event: 'password.changed', userId: actor.id, address: origin.address },
    'password changed',
  )
  return {}
}

async function createKey(context: Context, actor: Actor, { name, scopes }: ParsedInput<'createKey'>) {
  const secret = `bk_${randomBytes(32).toString('base64url')}`
  const reply = await context.store.transact('storeKey', actor, { name, scopes, hash: hashOfKey(secret) })
  // The handler's reply; the border between threads cannot carry the type.
  const { key } = reply as { key: { id: string } }
  context.log.info({ event: 'key.created', keyId: key.id, actor: actor.kind }, 'API key made')
  return { key: { ...key, secret } }
}

const iso = (time: number) => new Date(time).toISOString()

/** Tokens tell time in seconds; what is said beside them must not promise more. */
const wholeSeconds = (time: number) => Math.floor(time / 1000) * 1000
