import { Failure } from '@belfry/protocol'
import { ConfigError } from '../config.ts'
import type { Actor } from '../core/actor.ts'
import type { Context } from '../core/context.ts'
import type { People } from '../core/people.ts'
import { Directory, type RolesListener } from './directory.ts'
import { ExternalVerifier } from './external-issuer.ts'
import { LoginLimiter, RegisterLimiter } from './limits.ts'
import { Passwords } from './passwords.ts'
import {
  accountByEmail,
  accountById,
  accountProcedures,
  addAccount,
  type NewAccount,
  openSession,
} from './procedures.ts'
import { loadSecret } from './secret.ts'
import { Tokens } from './tokens.ts'

/** People, and what open sockets need beside: an actor's rights change while its socket stays. */
export interface Accounts extends People {
  /**
   * The same actor with today's roles: before each command of an open socket, and once after it was joined.
   * @throws Failure `unauthorized` when session, account or key have ended
   */
  recheck(actor: Actor): Promise<Actor>
  onRolesChanged(listener: RolesListener): void
  /** Makes an account unless its e-mail has one, which is never changed. */
  ensureAccount(account: NewAccount): Promise<void>
}

/**
 * Accounts on the main thread. When it resolves, the account of `ADMIN_EMAIL` exists.
 * @throws ConfigError when `DATA_DIR` cannot keep the secret, or `ADMIN_PASSWORD` is too common
 */
export async function createPeople(context: Context): Promise<Accounts> {
  const { config, store, clock, log } = context
  const external = config.external && new ExternalVerifier(config.external, clock)
  const tokens = new Tokens({ secret: loadSecret(config), clock, external })
  const passwords = new Passwords({ refusesCommon: config.isProduction })
  const [defaultRole = 'user'] = config.signupRoles
  const directory = new Directory({ store, tokens, log, isOpen: config.auth === 'open', defaultRole })
  const logins = config.rateLimit ? new LoginLimiter(clock) : undefined
  const registrations = config.rateLimit ? new RegisterLimiter(clock) : undefined
  const ensureAccount = (account: NewAccount) => ensure(context, passwords, account)
  await ensureAdmin(context, ensureAccount)
  return {
    procedures: accountProcedures({ passwords, tokens, logins, registrations }),
    identify: (token) => directory.identify(token),
    name: (user) => directory.name(user),
    ensure: (users) => directory.ensure(users),
    recheck: (actor) => directory.recheck(actor),
    onEntry: (entry) => directory.onEntry(entry),
    onRevoked: (listener) => directory.onRevoked(listener),
    onRolesChanged: (listener) => directory.onRolesChanged(listener),
    openSession: async (user) => openSession({ tokens }, context, await accountById(context, user)),
    ensureAccount,
  }
}

async function ensureAdmin(
  context: Context,
  ensureAccount: (account: NewAccount) => Promise<void>,
): Promise<void> {
  const { adminEmail: email, adminPassword: password } = context.config
  if (email === undefined || password === undefined) return
  await ensureAccount({ email, password, roles: ['admin'] }).catch(nameSetting)
  const account = await accountByEmail(context, email)
  if (account?.roles.includes('admin')) return
  context.log.warn('ADMIN_EMAIL names an account without the role admin, which is left as it is')
}

async function ensure(context: Context, passwords: Passwords, account: NewAccount): Promise<void> {
  if (await accountByEmail(context, account.email)) return
  passwords.assertStrong(account.password)
  await addAccount({ passwords }, context, account).catch((error: unknown) => {
    // Another process of the same store was quicker.
    if (!(error instanceof Failure) || error.code !== 'email_in_use') throw error
  })
}

function nameSetting(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'weak_password') throw error
  throw new ConfigError([{ setting: 'ADMIN_PASSWORD', advice: error.message }])
}
