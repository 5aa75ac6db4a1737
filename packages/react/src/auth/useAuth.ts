import { useContext, useMemo } from 'react'
import { AuthContext, useAuthState } from './auth-context.ts'
import type { AuthSession } from './auth-session.ts'
import type { AuthState } from './auth-state.ts'

export type UseAuth = AuthState & Pick<AuthSession, 'login' | 'register' | 'logout' | 'setAuth'>

/**
 * Who is signed in, and how to change that.
 * @throws Error outside of an `AuthProvider`
 */
export function useAuth(): UseAuth {
  const session = useContext(AuthContext)
  const state = useAuthState(session)
  return useMemo(() => {
    if (!session || !state) throw new Error('Put this inside <AuthProvider> or <BelfryProvider>.')
    const { login, register, logout, setAuth } = session
    return { ...state, login, register, logout, setAuth }
  }, [session, state])
}
