import { createContext, useSyncExternalStore } from 'react'
import type { AuthSession } from './auth-session.ts'
import type { AuthState } from './auth-state.ts'

/** The session of the nearest `AuthProvider`. */
export const AuthContext = createContext<AuthSession | undefined>(undefined)

const subscribeToNothing = () => () => undefined
const nobody = () => undefined

/** Undefined without a session. */
export function useAuthState(session: AuthSession | undefined): AuthState | undefined {
  return useSyncExternalStore<AuthState | undefined>(
    session?.subscribe ?? subscribeToNothing,
    session?.getSnapshot ?? nobody,
    session?.getServerSnapshot ?? nobody,
  )
}
