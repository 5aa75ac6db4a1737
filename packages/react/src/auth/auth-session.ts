import type { Clock, TokenReason } from '@belfry/client'
import { systemClock } from '../dates/system-clock.ts'
import {
  type AuthReply,
  type AuthResult,
  createAuthRequests,
  failureOf,
  REQUEST_MS,
  type Registration,
  type SendAuthRequest,
} from './auth-requests.ts'
import { AuthHolder, type AuthState } from './auth-state.ts'
import { openSignOutChannel, type SignOutChannel } from './sign-out-channel.ts'
import { alone } from './tab-lock.ts'
import { claimsOf, halfLifeMs, userKeyOf } from './token-claims.ts'
import {
  type Auth,
  createTokenStore,
  readAuth,
  type StorageKind,
  type TokenStore,
  writeAuth,
} from './token-store.ts'

type Maybe<T> = T | null | undefined

export type GetToken = (reason: TokenReason) => Maybe<string> | Promise<Maybe<string>>

export interface AuthSessionOptions {
  /** Origin of the server; empty for the page's own. */
  baseUrl?: string
  storage?: StorageKind | TokenStore
  /** Outranks what is kept. */
  initialToken?: Maybe<string>
  /** The app has a login of its own and knows the token. */
  getToken?: GetToken
  fetch?: typeof fetch
  clock?: Clock
}

/** The server takes a token this much longer. Source: security.md §6. */
const LEEWAY_MS = 60_000
/** Between tries to get a token while the server is away: the longest wait of the socket, ui.md C3. */
const RETRY_MS = 30_000
/** A day: `setTimeout` runs at once when it is given more than 24 of them. */
const LONGEST_WAIT_MS = 24 * 3600 * 1000

const OTHER_LOGIN: AuthResult = {
  success: false,
  code: 'forbidden',
  message: 'This app has a login of its own.',
}

/**
 * Who is signed in, in this tab.
 *
 *                 a token that holds                     logout, refusal, another tab
 *     loading ───────────────────────► signedIn ◄──────────────────────────► signedOut
 *        │                                      login, register, another tab     ▲
 *        └───────────────────────── none, or an expired one ─────────────────────┘
 *
 * Nothing happens before `start`. A token is renewed after half of its life. All methods work without `this`.
 */
export class AuthSession {
  readonly baseUrl: string
  readonly #getToken: GetToken | undefined
  readonly #clock: Clock
  readonly #store: TokenStore
  readonly #request: SendAuthRequest
  readonly #holder: AuthHolder
  #initialToken: Maybe<string>
  #isStarted = false
  #refreshing: Promise<string | undefined> | undefined
  #channel: SignOutChannel | undefined
  #cancelTimer = (): void => undefined

  constructor(options: AuthSessionOptions = {}) {
    const { baseUrl = '', storage = 'local', initialToken, clock = systemClock } = options
    this.baseUrl = baseUrl
    this.#getToken = options.getToken
    this.#clock = clock
    this.#store = typeof storage === 'string' ? createTokenStore(storage, this.#name('auth')) : storage
    this.#request = createAuthRequests(baseUrl, options.fetch)
    this.#initialToken = initialToken
    this.#holder = new AuthHolder(initialToken)
  }

  readonly getSnapshot = (): AuthState => this.#holder.state

  readonly getServerSnapshot = (): AuthState => this.#holder.initial

  readonly subscribe = (listener: () => void): (() => void) => this.#holder.subscribe(listener)

  /** Calls when a user is no longer signed in, whoever comes after. */
  readonly onSignedOut = (listener: () => void): (() => void) => this.#holder.onSignedOut(listener)

  /** Looks for a token and follows other tabs, until what it answers is called. */
  readonly start = (): (() => void) => {
    this.#isStarted = true
    const unwatch = this.#watch()
    void this.check()
    return () => {
      this.#isStarted = false
      this.#cancelTimer()
      unwatch()
    }
  }

  /** Asks anew who is signed in: the app, or the storage and then the server. Never rejects. */
  readonly check = async (): Promise<void> => {
    if (!this.#isStarted) return
    if (this.#getToken) {
      await this.#ask('connect').catch(() => undefined)
      return
    }
    await this.#restore()
    const { token } = this.getSnapshot()
    if (!token || !this.#isStarted) return
    this.#renewAfter(halfLifeMs(token))
    if (this.#leftMs(token) < halfLifeMs(token)) await this.#renew()
    else this.#take(token, await this.#request('me', { token }))
  }

  /** Signs in. Never rejects. */
  readonly login = async (email: string, password: string): Promise<AuthResult> => {
    if (this.#getToken) return OTHER_LOGIN
    return this.#outcome(await this.#request('login', { json: { email, password } }))
  }

  /** Makes an account and signs in with it. Never rejects. */
  readonly register = async (
    input: Registration | string,
    password = '',
    role?: string,
  ): Promise<AuthResult> => {
    if (this.#getToken) return OTHER_LOGIN
    const json = typeof input === 'string' ? { email: input, password, ...(role ? { role } : {}) } : input
    const made = await this.#request('register', { json })
    if (!made.success) return this.#outcome(made)
    const result = await this.login(json.email, json.password)
    // The account is there, whatever became of signing in.
    return { ...(made.user ? { user: made.user } : {}), ...result, success: true }
  }

  /** Signs out here and in all other tabs at once, then ends the session on the server if it can be reached. */
  readonly logout = async (): Promise<void> => {
    const { token } = this.getSnapshot()
    if (token) this.#channel?.post(userKeyOf(token))
    this.forget()
    if (token && !this.#getToken) await this.#request('logout', { token, json: {} })
  }

  /** Takes a token that was got elsewhere; without one, signs out in this browser alone. */
  readonly setAuth = (auth: Maybe<string | Auth>): void => {
    if (!auth) return this.forget()
    this.#put(typeof auth === 'string' ? { token: auth } : auth)
    void this.check()
  }

  /** Signs out here, as another tab has done. */
  readonly forget = (): void => this.#drop(undefined)

  /**
   * For the client's handshake; nothing when nobody is signed in.
   * @throws Error when a token was refused and nobody can be asked for another
   */
  readonly getToken = async (reason: TokenReason): Promise<string | undefined> => {
    if (this.#getToken) return this.#ask(reason)
    return reason === 'connect' ? this.getSnapshot().token : this.#refresh()
  }

  async #restore(): Promise<void> {
    const { turn } = this.#holder
    const initial = this.#initialToken
    this.#initialToken = undefined
    const kept = initial ? { token: initial } : await readAuth(this.#store)
    if (turn !== this.#holder.turn) return
    if (!kept || this.#leftMs(kept.token) < -LEEWAY_MS) {
      this.#drop(undefined)
      if (kept) writeAuth(this.#store, undefined)
    } else if (kept.token !== this.getSnapshot().token || initial) this.#put(kept)
  }

  async #ask(reason: TokenReason): Promise<string | undefined> {
    this.#holder.turn += 1
    const { turn } = this.#holder
    try {
      const token = (await this.#getToken?.(reason)) || undefined
      if (turn !== this.#holder.turn) return token
      if (token) this.#put({ token })
      else this.#drop(undefined)
      return token
    } catch (error) {
      if (turn === this.#holder.turn) {
        const message = error instanceof Error ? error.message : 'no token'
        // Who was signed in stays so: the app could not be asked, it has not said no.
        if (!this.getSnapshot().token) this.#drop({ code: 'unavailable', message })
        this.#later(() => this.check(), RETRY_MS)
      }
      throw error
    }
  }

  /** One at a time, and where the browser has locks, with all tabs together. */
  #refresh(): Promise<string | undefined> {
    this.#refreshing ??= alone(this.#name('refresh'), REQUEST_MS, () => this.#exchange()).finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #exchange(): Promise<string | undefined> {
    const { token } = this.getSnapshot()
    if (!token) return undefined
    const kept = await readAuth(this.#store)
    const isSameUser = kept && userKeyOf(kept.token) === userKeyOf(token)
    // Another tab was faster.
    if (isSameUser && this.#leftMs(kept.token) > this.#leftMs(token)) this.#put(kept)
    else {
      const reply = await this.#request('refresh', { token, json: {} })
      if (!reply.success && reply.status !== 401) throw new Error(reply.message)
      this.#take(token, reply)
    }
    return this.getSnapshot().token
  }

  async #renew(): Promise<void> {
    await this.#refresh().catch(() => this.#renewAfter(RETRY_MS))
  }

  /** What the server has said about a token, unless we have another one by now. */
  #take(token: string, reply: AuthReply): void {
    if (token !== this.getSnapshot().token) return
    if (reply.status === 401) this.#drop(failureOf(reply))
    else if (reply.success && reply.user) this.#put({ token: reply.token ?? token, user: reply.user })
  }

  #outcome(reply: AuthReply): AuthResult {
    const { success, token, user } = reply
    if (success && token && user) {
      this.#put({ token, user })
      return { success, token, user }
    }
    const error = failureOf(reply)
    this.#holder.fail(error)
    return { success: false, ...error }
  }

  #put(auth: Auth): void {
    const isNew = this.#holder.signIn(auth)
    if (this.#getToken) return
    if (isNew) writeAuth(this.#store, auth)
    this.#renewAfter(halfLifeMs(auth.token))
  }

  #drop(error: AuthState['error']): void {
    const { token } = this.getSnapshot()
    this.#cancelTimer()
    this.#holder.signOut(error)
    if (token && !this.#getToken) void this.#erase(userKeyOf(token))
  }

  /** Unless another tab has signed somebody else in, or this one has by now. */
  async #erase(userKey: string): Promise<void> {
    const { turn } = this.#holder
    const kept = await readAuth(this.#store)
    if (kept && turn === this.#holder.turn && userKeyOf(kept.token) === userKey)
      writeAuth(this.#store, undefined)
  }

  #renewAfter(ms: number): void {
    this.#later(() => this.#renew(), ms)
  }

  #later(run: () => Promise<void>, ms: number): void {
    this.#cancelTimer()
    if (!this.#isStarted || !Number.isFinite(ms)) return
    this.#cancelTimer = this.#clock.schedule(() => void run(), Math.min(ms, LONGEST_WAIT_MS))
  }

  #leftMs(token: string): number {
    return (claimsOf(token).expiresAt ?? Number.POSITIVE_INFINITY) - this.#clock.now()
  }

  /** Stores that cannot be watched belong to one tab each: a channel tells the others. */
  #watch(): () => void {
    if (!this.#getToken && this.#store.watch) return this.#store.watch(() => void this.#restore())
    const channel = openSignOutChannel(this.#name('auth'), (userKey) => {
      const { token } = this.getSnapshot()
      if (token && userKeyOf(token) === userKey) this.forget()
    })
    this.#channel = channel
    return () => channel.close()
  }

  #name(what: string): string {
    return `belfry:${what}:${this.baseUrl}`
  }
}
