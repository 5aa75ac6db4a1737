import { Failure } from '@belfry/protocol'
import { ConfigError } from '../config.ts'
import type { Context } from '../core/context.ts'
import type { People } from '../core/people.ts'
import type { SharedLimits } from '../core/shared-limits.ts'
import type { Account } from './account-row.ts'
import { Directory, type RolesListener } from './directory.ts'
import { ExternalVerifier } from './external-issuer.ts'
import { LoginLimiter, RegisterLimiter } from './limits.ts'
import { createMediaLinks } from './media-links.ts'
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

export interface Accounts extends People {
  /** Called when a user's roles changed. */
  onRolesChanged(listener: RolesListener): void
}

/**
 * Accounts on the main thread. When it resolves, the account of `ADMIN_EMAIL` exists.
 * @throws ConfigError when `DATA_DIR` cannot keep the secret, or `ADMIN_PASSWORD` is too common
 */
export async function createPeople(context: Context, shared?: SharedLimits): Promise<Accounts> {
  const { config, store, clock, log } = context
  const external = config.external && new ExternalVerifier(config.external, clock)
  const secret = loadSecret(config)
  const tokens = new Tokens({ secret, clock, external })
  const passwords = new Passwords({ refusesCommon: config.isProduction })
  const [defaultRole = 'user'] = config.signupRoles
  const directory = new Directory({ store, tokens, log, isOpen: config.auth === 'open', defaultRole })
  const logins = config.rateLimit ? new LoginLimiter({ clock, shared }) : undefined
  const registrations = config.rateLimit ? new RegisterLimiter({ clock, shared }) : undefined
  await ensureAdmin(context, passwords)
  return {
    procedures: accountProcedures({ passwords, tokens, logins, registrations }),
    identify: (token) => directory.identify(token),
    name: (user) => directory.name(user),
    recheck: (actor) => directory.recheck(actor),
    mediaLinks: createMediaLinks({ secret, clock, recheck: (actor) => directory.recheck(actor) }),
    ensure: (users) => directory.ensure(users),
    onEntry: (entry) => directory.onEntry(entry),
    forget: (user) => directory.forget(user),
    onRevoked: (listener) => directory.onRevoked(listener),
    onRolesChanged: (listener) => directory.onRolesChanged(listener),
    async sample(person) {
      const { id } = await ensureAccount(context, passwords, { ...person, password: undefined })
      return { id, openSession: async () => openSession(tokens, context, await accountById(context, id)) }
    },
  }
}

async function ensureAdmin(context: Context, passwords: Passwords): Promise<void> {
  const { adminEmail: email, adminPassword: password } = context.config
  if (email === undefined || password === undefined) return
  const account = await ensureAccount(context, passwords, { email, password, roles: ['admin'] }).catch(
    nameSetting,
  )
  if (account.roles.includes('admin')) return
  context.log.warn('ADMIN_EMAIL names an account without the role admin, which is left as it is')
}

/** The account of that e-mail: made when missing, never changed when present. */
async function ensureAccount(context: Context, passwords: Passwords, wanted: NewAccount): Promise<Account> {
  const present = await accountByEmail(context, wanted.email)
  if (present) return present
  if (wanted.password !== undefined) passwords.assertStrong(wanted.password)
  await addAccount({ passwords }, context, wanted).catch((error: unknown) => {
    // Another process of the same store was quicker.
    if (!(error instanceof Failure) || error.code !== 'email_in_use') throw error
  })
  const made = await accountByEmail(context, wanted.email)
  if (!made) throw new Failure('unavailable')
  return made
}

function nameSetting(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== 'weak_password') throw error
  throw new ConfigError([{ setting: 'ADMIN_PASSWORD', advice: error.message }])
}
