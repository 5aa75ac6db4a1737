import { type ReactNode, useEffect, useRef } from 'react'
import { AuthContext } from './auth-context.ts'
import type { AuthSessionOptions, GetToken } from './auth-session.ts'
import { useAuthSession } from './useAuthSession.ts'

export interface AuthProviderProps {
  /** Origin of the server; without one, the page's own. */
  baseUrl?: string | undefined
  storage?: AuthSessionOptions['storage'] | undefined
  /** A token that is known already; outranks what is stored. */
  initialToken?: string | null | undefined
  /** The app has a login of its own. Asked again whenever another function is given. */
  getToken?: GetToken | undefined
  /** Someone has signed out: here, in another tab, or because the server no longer takes the token. */
  onSignedOut?: (() => void) | undefined
  children?: ReactNode
}

/** Knows who is signed in; `useAuth` tells everything below. */
export function AuthProvider(props: AuthProviderProps) {
  const { baseUrl = '', storage = 'local', initialToken, getToken, onSignedOut, children } = props
  const session = useAuthSession({ baseUrl, storage, initialToken, ...(getToken ? { getToken } : {}) })
  const latest = useRef(onSignedOut)
  useEffect(() => {
    latest.current = onSignedOut
  }, [onSignedOut])
  useEffect(
    () =>
      session.onSignedOut(() => {
        // With another user in the place of the first, nobody has to sign in.
        if (session.getSnapshot().status === 'signedOut') latest.current?.()
      }),
    [session],
  )
  return <AuthContext.Provider value={session}>{children}</AuthContext.Provider>
}
