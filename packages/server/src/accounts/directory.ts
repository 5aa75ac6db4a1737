import { createHash } from 'node:crypto'
import { type Entry, Failure, id as idGrammar } from '@belfry/protocol'
import type { Logger } from 'pino'
import type { Actor } from '../core/actor.ts'
import type { Identity } from '../core/identity.ts'
import { topics } from '../core/topics.ts'
import type { Store } from '../store/store.ts'
import type { Account } from './account-row.ts'
import { BoundedMap } from './bounded-map.ts'
import { type Claims, invalidToken } from './claims.ts'
import type { KeyState } from './queries.ts'
import type { Tokens } from './tokens.ts'

/** More users than one node has sockets; a forgotten one costs a read. */
const MAX_ACCOUNTS = 50_000
const MAX_SESSIONS_PER_ACCOUNT = 100
const MAX_KEYS = 5000
/** Session ids of actors whose session is not ours. They are no uuids, so no session has them. */
const EXTERNAL_SESSION = 'external'
const OPEN_SESSION = 'open'
const KEY = /^bk_[\w-]{43}$/

/** `matches` says which sessions of the user have ended; of a key's sockets the session id is the key's id. */
export type RevokedListener = (userId: string, matches: (sessionId: string) => boolean) => void
export type RolesListener = (userId: string, roles: string[]) => void

interface Known {
  roles: string[]
  isDisabled: boolean
  /** Has a password here; an external issuer cannot speak for it. */
  isLocal: boolean
  liveSessions: BoundedMap<string, true>
}

export interface DirectoryOptions {
  store: Pick<Store, 'read' | 'transact'>
  tokens: Pick<Tokens, 'verify'>
  log: Pick<Logger, 'error'>
  isOpen: boolean
  /** Role of users that appear by being named. */
  defaultRole: string
}

/**
 * Who may act, from memory: accounts, sessions and keys are read once and then follow the log. Whatever is not known
 * is asked of the store; when that is away, the answer is `unavailable` and never `unauthorized`.
 */
export class Directory {
  readonly #options: DirectoryOptions
  readonly #accounts = new BoundedMap<string, Known>(MAX_ACCOUNTS)
  /** Users of whom no more is known than that they exist. */
  readonly #existing = new BoundedMap<string, true>(MAX_ACCOUNTS)
  /** Issue times of the newest external tokens whose roles were taken over; outlives what is forgotten of an account. */
  readonly #rolesAtMs = new BoundedMap<string, number>(MAX_ACCOUNTS)
  readonly #keys = new BoundedMap<string, KeyState>(MAX_KEYS)
  readonly #keyIds = new BoundedMap<string, string>(MAX_KEYS)
  readonly #revokedListeners: RevokedListener[] = []
  readonly #rolesListeners: RolesListener[] = []
  /** Entries that took something away. What was read while one arrived is used, but not remembered. */
  #changes = 0

  constructor(options: DirectoryOptions) {
    this.#options = options
  }

  onRevoked(listener: RevokedListener): void {
    this.#revokedListeners.push(listener)
  }

  onRolesChanged(listener: RolesListener): void {
    this.#rolesListeners.push(listener)
  }

  /**
   * Who a token or an API key stands for.
   * @throws Failure `unauthorized` (`No token`, `Invalid token`) or `unavailable`
   */
  async identify(credential: unknown): Promise<Identity> {
    if (credential === undefined || credential === null || credential === '')
      throw new Failure('unauthorized')
    if (typeof credential === 'string' && credential.startsWith('bk_')) return this.#byKey(credential)
    const claims = await this.#asked(this.#options.tokens.verify(credential))
    const { userId, sessionId, expiresAtMs } = claims
    if (sessionId === undefined) return { actor: await this.#external(claims), expiresAtMs }
    return { actor: await this.#current({ kind: 'user', id: userId, roles: [], sessionId }), expiresAtMs }
  }

  /**
   * In open mode: whoever is named, made a user when new.
   * @throws Failure `unauthorized` outside the grammar of ids, and for a disabled or deleted user
   */
  async name(userId: unknown): Promise<Identity> {
    if (!this.#options.isOpen) throw new Failure('unauthorized')
    const { success, data: id } = idGrammar.safeParse(userId)
    if (!success) throw new Failure('unauthorized', { message: 'Invalid user id' })
    const { roles, isDisabled } = await this.#ensured(id, [this.#options.defaultRole])
    if (isDisabled) throw invalidToken()
    return { actor: { kind: 'user', id, roles, sessionId: OPEN_SESSION }, expiresAtMs: undefined }
  }

  /** Makes users of those who are none yet. @throws Failure `not_found` for the id of a deleted user */
  async ensure(ids: readonly string[]): Promise<void> {
    const unknown = [...new Set(ids)].filter((id) => !this.#accounts.get(id) && !this.#existing.get(id))
    if (unknown.length === 0) return
    const before = this.#changes
    await this.#transact('ensureUsers', { ids: unknown, roles: [this.#options.defaultRole] })
    if (before === this.#changes) for (const id of unknown) this.#existing.set(id, true)
  }

  /**
   * The same actor as of now, with today's roles: before each command of an open socket, and once after it was joined.
   * @throws Failure `unauthorized` when its session, account or key has ended
   */
  recheck(actor: Actor): Promise<Actor> {
    if (actor.kind === 'user') return this.#current(actor)
    if (actor.kind === 'key') return this.#liveKey(actor.id, this.#keys.get(actor.id))
    return Promise.resolve(actor)
  }

  /** Something of the user's account, sessions or keys has changed on another node: none of it is known any more. */
  forget(user: string): void {
    this.#changes += 1
    this.#accounts.delete(user)
    this.#existing.delete(user)
    for (const id of [...this.#keys.keys()]) if (this.#keys.get(id)?.ownerId === user) this.#keys.delete(id)
  }

  /** Call for every entry that this node has committed, before the command's caller gets its reply, or has found. */
  onEntry({ kind, data, topic }: Entry): void {
    if (kind === 'account.changed') this.#onAccountChanged(userOf(topic), data)
    else if (kind === 'session.revoked') this.#onSessionRevoked(userOf(topic), data)
    else if (kind === 'key.revoked') this.#onKeyRevoked(userOf(topic), data.id)
  }

  #onAccountChanged(user: string, { roles, disabled }: { roles: string[]; disabled: boolean }): void {
    this.#changes += 1
    const known = this.#accounts.get(user)
    if (roles.length === 0) {
      this.#accounts.delete(user)
      this.#existing.delete(user)
    } else if (known) Object.assign(known, { roles, isDisabled: disabled })
    if (disabled) this.#announce(user, () => true)
    else for (const listener of this.#rolesListeners) listener(user, roles)
  }

  #onSessionRevoked(user: string, { ids, keep }: { ids?: string[]; keep?: string }): void {
    this.#changes += 1
    const matches = (sessionId: string) => (ids ? ids.includes(sessionId) : sessionId !== keep)
    const sessions = this.#accounts.get(user)?.liveSessions
    for (const sessionId of sessions?.keys() ?? []) if (matches(sessionId)) sessions?.delete(sessionId)
    this.#announce(user, matches)
  }

  #onKeyRevoked(owner: string, id: string): void {
    this.#changes += 1
    this.#keys.delete(id)
    this.#announce(owner, (sessionId) => sessionId === id)
  }

  #announce(user: string, matches: (sessionId: string) => boolean): void {
    for (const listener of this.#revokedListeners) listener(user, matches)
  }

  async #current(actor: Extract<Actor, { kind: 'user' }>): Promise<Actor> {
    const { id, sessionId } = actor
    const known = await this.#account(id)
    if (!known || known.isDisabled) throw invalidToken()
    const isOurs = sessionId !== EXTERNAL_SESSION && sessionId !== OPEN_SESSION
    if (isOurs && !known.liveSessions.get(sessionId)) await this.#assertLive(known, id, sessionId)
    return { ...actor, roles: known.roles }
  }

  async #assertLive(known: Known, userId: string, sessionId: string): Promise<void> {
    const before = this.#changes
    const isLive = await this.#read<boolean>('isSessionLive', { userId, sessionId })
    if (!isLive) throw invalidToken()
    if (before === this.#changes) known.liveSessions.set(sessionId, true)
  }

  async #external({ userId: id, issuedAtMs, roles: given }: Claims): Promise<Actor> {
    const roles = given && given.length > 0 ? [...given] : [this.#options.defaultRole]
    const known = await this.#ensured(id, roles)
    if (known.isLocal || known.isDisabled) throw invalidToken()
    // An older token does not bring back what a newer one no longer has.
    const isNewest = given !== undefined && issuedAtMs >= (this.#rolesAtMs.get(id) ?? 0)
    if (isNewest && !isSame(known.roles, roles)) await this.#transact('syncRoles', { id, roles })
    if (isNewest) this.#rolesAtMs.set(id, issuedAtMs)
    return { kind: 'user', id, roles: isNewest ? roles : known.roles, sessionId: EXTERNAL_SESSION }
  }

  async #ensured(id: string, roles: string[]): Promise<Known> {
    const known = await this.#account(id)
    if (known) return known
    await this.#transact('ensureUsers', { ids: [id], roles }).catch((error: unknown) => {
      // The id of someone who was deleted.
      throw error instanceof Failure && error.code === 'not_found' ? invalidToken() : error
    })
    const made = await this.#account(id)
    if (!made) throw invalidToken()
    return made
  }

  async #account(id: string): Promise<Known | undefined> {
    const known = this.#accounts.get(id)
    if (known) return known
    const before = this.#changes
    const account = await this.#read<Account | undefined>('accountById', { id })
    if (!account) return undefined
    const { roles, isDisabled, passwordHash } = account
    const liveSessions = new BoundedMap<string, true>(MAX_SESSIONS_PER_ACCOUNT)
    const read = { roles, isDisabled, isLocal: passwordHash !== undefined, liveSessions }
    // Someone else may have read it meanwhile; one record per user, or sessions would be forgotten in one of two.
    const other = this.#accounts.get(id)
    if (!other && before === this.#changes) this.#accounts.set(id, read)
    return other ?? read
  }

  async #byKey(secret: string): Promise<Identity> {
    if (!KEY.test(secret)) throw invalidToken()
    const hash = hashOfKey(secret)
    const id = this.#keyIds.get(hash)
    let key = id === undefined ? undefined : this.#keys.get(id)
    if (!key) {
      const before = this.#changes
      key = await this.#read<KeyState | undefined>('keyByHash', { hash })
      if (!key) throw invalidToken()
      this.#keyIds.set(hash, key.id)
      if (before === this.#changes) this.#keys.set(key.id, key)
    }
    return { actor: await this.#liveKey(key.id, key), expiresAtMs: undefined }
  }

  /** A key does what its owner may do at most: it rests while the owner is disabled or no admin. */
  async #liveKey(id: string, known: KeyState | undefined): Promise<Actor> {
    const key = known ?? (await this.#read<KeyState | undefined>('keyById', { id }))
    const owner = key && (await this.#account(key.ownerId))
    const mayAdmin = this.#options.isOpen || owner?.roles.includes('admin')
    if (!key || !owner || owner.isDisabled || !mayAdmin) throw invalidToken()
    return { kind: 'key', id, ownerId: key.ownerId, scopes: key.scopes }
  }

  #read<T>(query: string, input: object): Promise<T> {
    // What a query answers is what its function in queries.ts returns; the border between threads cannot carry the type.
    return this.#asked(this.#options.store.read(query, input) as Promise<T>)
  }

  #transact(command: string, input: object): Promise<unknown> {
    return this.#asked(this.#options.store.transact(command, { kind: 'system' }, input))
  }

  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer
    } catch (error) {
      if (error instanceof Failure && error.code !== 'outcome_unknown') throw error
      this.#options.log.error({ err: error }, 'identity could not be checked')
      throw Object.assign(new Failure('unavailable', { retryAfterMs: 1000 }), { cause: error })
    }
  }
}

const userOf = (topic: string) => topic.slice(topics.user('').length)

/** What is kept of an API key; its 32 random bytes need no salt. */
export function hashOfKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).symmetricDifference(new Set(b)).size === 0
}
