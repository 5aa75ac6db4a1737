import type { AuthFailure, AuthUser } from './auth-requests.ts'
import { claimsOf, userKeyOf } from './token-claims.ts'
import type { Auth } from './token-store.ts'

export interface AuthState {
  status: 'loading' | 'signedIn' | 'signedOut'
  user: AuthUser | undefined
  token: string | undefined
  /** Why the last sign-in was refused, or why the session ended; undefined after the next one that worked. */
  error: AuthFailure | undefined
}

const NOBODY = { user: undefined, token: undefined, error: undefined }

function stateOf({ token, user }: Auth): AuthState {
  const { userId, email = null, role = '' } = claimsOf(token)
  const named = user ?? (userId === undefined ? undefined : { id: userId, email, role })
  return { status: 'signedIn', user: named, token, error: undefined }
}

function added(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Holds the state of a session and tells of its changes. What is equal is the same object. */
export class AuthHolder {
  /** Grows with each decision: what was asked before it no longer counts. */
  turn = 0
  /** What a server renders, and the first render over it. */
  readonly initial: AuthState
  #state: AuthState
  readonly #listeners = new Set<() => void>()
  readonly #signOutListeners = new Set<() => void>()

  constructor(initialToken: string | null | undefined) {
    this.initial = initialToken ? stateOf({ token: initialToken }) : { ...NOBODY, status: 'loading' }
    this.#state = this.initial
  }

  get state(): AuthState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    return added(this.#listeners, listener)
  }

  /** Calls when a user is no longer signed in, whoever comes after. */
  onSignedOut(listener: () => void): () => void {
    return added(this.#signOutListeners, listener)
  }

  /** Answers whether that changed anything. */
  signIn(auth: Auth): boolean {
    this.turn += 1
    const state = stateOf(auth)
    const { user } = this.#state
    return this.#set(JSON.stringify(user) === JSON.stringify(state.user) ? { ...state, user } : state)
  }

  signOut(error: AuthFailure | undefined): void {
    this.turn += 1
    this.#set({ ...NOBODY, status: 'signedOut', error })
  }

  fail(error: AuthFailure): void {
    this.#set({ ...this.#state, error })
  }

  #set(state: AuthState): boolean {
    const before = this.#state
    const names = ['status', 'user', 'token', 'error'] as const
    if (names.every((name) => before[name] === state[name])) return false
    this.#state = state
    const isOther = !state.token || !before.token || userKeyOf(state.token) !== userKeyOf(before.token)
    // First of all the old user's clients close: nothing may render with them any more.
    if (before.token && isOther) for (const listener of this.#signOutListeners) listener()
    for (const listener of this.#listeners) listener()
    return true
  }
}
