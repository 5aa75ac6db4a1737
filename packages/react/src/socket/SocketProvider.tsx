import type { BelfryClient, ClientOptions } from '@belfry/client'
import { type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { AuthContext, useAuthState } from '../auth/auth-context.ts'
import type { AuthSession, GetToken } from '../auth/auth-session.ts'
import { userKeyOf } from '../auth/token-claims.ts'
import { useAuthSession } from '../auth/useAuthSession.ts'
import { DefaultKit } from '../kit/NotificationProvider.tsx'
import { given } from '../ui/given.ts'
import { ClientContext } from './client-context.ts'
import { sharedClients } from './shared-clients.ts'

type SocketAuth = { token?: string | null | undefined; userId?: string | undefined } | GetToken

type Line = Pick<ClientOptions, 'path' | 'transports' | 'cache' | 'userId'>

export interface SocketProviderProps extends Partial<{ [K in keyof Line]: Line[K] | undefined }> {
  /** Origin of the server; without one, that of the `AuthProvider`, else the page's own. */
  url?: string | undefined
  /** In place of the `AuthProvider`'s token: one, or who knows one. */
  auth?: SocketAuth | undefined
  /** `false` waits for `connect()` of `useSocket`. */
  autoConnect?: boolean | undefined
  /** `false`: no client, as if nobody were signed in. */
  enabled?: boolean | undefined
  /** A socket and a store of its own, not shared with other providers of the page. */
  isolate?: boolean | undefined
  children?: ReactNode
}

/** Gives everything below it the client of whoever is signed in, and the kit as it is without a `NotificationProvider`. */
export function SocketProvider(props: SocketProviderProps) {
  const { auth, enabled = true, children } = props
  const userId = props.userId ?? (typeof auth === 'object' ? auth.userId : undefined)
  const outer = useContext(AuthContext)
  const own = useOwnSession(auth)
  const session = userId === undefined ? (auth === undefined ? outer : own) : undefined
  const token = useAuthState(session)?.token
  const userKey = userId ?? (token && userKeyOf(token))
  const client = useLease({ ...props, userId }, session, enabled ? userKey : undefined)
  return (
    <ClientContext.Provider value={client}>
      <DefaultKit>{children}</DefaultKit>
    </ClientContext.Provider>
  )
}

/** Rests while there is an `AuthProvider` to ask. */
function useOwnSession(auth: SocketAuth | undefined): AuthSession {
  const source = typeof auth === 'function' ? auth : auth?.token
  const getToken = useMemo<GetToken>(() => (typeof source === 'function' ? source : () => source), [source])
  return useAuthSession({ getToken, storage: 'memory' }, auth !== undefined)
}

function useLease(
  props: SocketProviderProps,
  session: AuthSession | undefined,
  userKey: string | undefined,
): BelfryClient | undefined {
  const { path, transports, cache, userId, autoConnect = true, isolate = false } = props
  const url = props.url || session?.baseUrl
  const [held, setHeld] = useState<{ userKey: string; client: BelfryClient }>()
  const [ended, setEnded] = useState(0)
  useEffect(() => session?.onSignedOut(() => sharedClients.signOut(session)), [session])
  // biome-ignore lint/correctness/useExhaustiveDependencies: transports by what they are; `ended` asks for another client
  useEffect(() => {
    if (userKey === undefined) return
    const lease = sharedClients.lease({
      ...given({ path, transports, cache, userId }),
      url: url || location.origin,
      userKey,
      session,
      isIsolated: isolate,
      onEnded: () => setEnded((count) => count + 1),
    })
    if (autoConnect) lease.client.connect()
    setHeld({ userKey, client: lease.client })
    return () => {
      setHeld(undefined)
      lease.release()
    }
  }, [url, path, transports?.join(), cache, userId, userKey, session, isolate, autoConnect, ended])
  // Between a change of user and the effect nothing may show the rows of the one before.
  return held && held.userKey === userKey ? held.client : undefined
}
