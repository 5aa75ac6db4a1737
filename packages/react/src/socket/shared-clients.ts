import { type BelfryClient, type ClientOptions, type Clock, createClient } from '@belfry/client'
import type { AuthSession } from '../auth/auth-session.ts'
import { userKeyOf } from '../auth/token-claims.ts'
import { systemClock } from '../dates/system-clock.ts'

/** A client outlives its last user this long: React mounts twice in development, and a route may mount what another unmounts. */
const LINGER_MS = 100

type Session = Pick<AuthSession, 'getToken' | 'forget'>

export interface LeaseRequest extends Omit<ClientOptions, 'getToken' | 'clock'> {
  /** Whose inbox: a client never shows one user's rows to another. */
  userKey: string
  /** Undefined for servers that take a name in place of a token. */
  session: Session | undefined
  isIsolated?: boolean
  /** The client has ended before its release: its user has signed out. */
  onEnded(): void
}

export interface ClientLease {
  readonly client: BelfryClient
  release(): void
}

interface Shared {
  readonly key: unknown
  readonly client: BelfryClient
  readonly holders: Set<LeaseRequest>
  cancelClose(): void
}

/** Lends clients, so that a tab has one socket for each server and user, however many providers and hooks there are. */
export class SharedClients {
  readonly #create: (options: ClientOptions) => BelfryClient
  readonly #clock: Clock
  readonly #shared = new Map<unknown, Shared>()

  constructor(create: (options: ClientOptions) => BelfryClient, clock: Clock = systemClock) {
    this.#create = create
    this.#clock = clock
  }

  lease(request: LeaseRequest): ClientLease {
    const { url, path, userKey, isIsolated } = request
    const key = isIsolated ? request : JSON.stringify([url, path, userKey])
    const shared = this.#shared.get(key) ?? this.#open(key, request)
    shared.cancelClose()
    shared.holders.add(request)
    return { client: shared.client, release: () => this.#release(shared, request) }
  }

  /** Ends all clients that a session has given tokens to, in this tab and, where they can, in the others. */
  signOut(session: Session): void {
    for (const shared of [...this.#shared.values()]) {
      if (![...shared.holders].some((holder) => holder.session === session)) continue
      this.#end(shared, async () => shared.client.signOut())
    }
  }

  #open(key: unknown, request: LeaseRequest): Shared {
    const { userKey, session: _, isIsolated: __, onEnded: ___, ...options } = request
    const holders = new Set<LeaseRequest>()
    const client = this.#create({
      ...options,
      getToken: async (reason) => {
        const token = await [...holders].at(-1)?.session?.getToken(reason)
        // Someone else may have signed in since this client was made.
        return token && userKeyOf(token) === userKey ? token : undefined
      },
    })
    const shared: Shared = { key, client, holders, cancelClose: () => undefined }
    client.onSignedOut(() => {
      this.#end(shared, async () => undefined)
      for (const { session } of holders) session?.forget()
    })
    this.#shared.set(key, shared)
    return shared
  }

  #release(shared: Shared, request: LeaseRequest): void {
    shared.holders.delete(request)
    if (shared.holders.size > 0 || this.#shared.get(shared.key) !== shared) return
    const close = () => {
      this.#shared.delete(shared.key)
      shared.client.close()
    }
    shared.cancelClose = this.#clock.schedule(close, LINGER_MS)
  }

  #end(shared: Shared, signOut: () => Promise<unknown>): void {
    if (this.#shared.get(shared.key) !== shared) return
    this.#shared.delete(shared.key)
    shared.cancelClose()
    signOut()
      .catch((error: unknown) => console.error('Belfry could not clear what it had saved.', error))
      .finally(() => shared.client.close())
    for (const { onEnded } of shared.holders) onEnded()
  }
}

/** Those of this tab. */
export const sharedClients = new SharedClients(createClient)
