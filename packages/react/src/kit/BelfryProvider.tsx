import { AuthProvider, type AuthProviderProps } from '../auth/AuthProvider.tsx'
import { SocketProvider, type SocketProviderProps } from '../socket/SocketProvider.tsx'
import { NotificationProvider, type NotificationProviderProps } from './NotificationProvider.tsx'

export interface BelfryProviderProps
  extends AuthProviderProps,
    Omit<SocketProviderProps, 'children'>,
    Omit<NotificationProviderProps, 'children'> {}

/**
 * Everything at once: who is signed in, the connection, the inbox.
 * @example
 * import { BelfryProvider, NotificationBell } from '@belfry/react'
 * export const App = ({ token }: { token: string }) => (
 *   <BelfryProvider url="http://localhost:4000" getToken={() => token}>
 *     <NotificationBell />
 *   </BelfryProvider>
 * )
 */
export function BelfryProvider(props: BelfryProviderProps) {
  const { baseUrl, storage, initialToken, getToken, onSignedOut, children, ...others } = props
  const { url, path, auth, autoConnect, transports, enabled, isolate, userId, cache, ...notifications } =
    others
  // Whom the socket is told, no storage has to know.
  const isToldElsewhere = auth !== undefined || userId !== undefined
  const login = {
    initialToken,
    getToken,
    onSignedOut,
    storage: isToldElsewhere ? 'memory' : storage,
  } as const
  const socket = { url, path, auth, autoConnect, transports, enabled, isolate, userId, cache }
  return (
    <AuthProvider baseUrl={baseUrl ?? url} {...login}>
      <SocketProvider {...socket}>
        <NotificationProvider {...notifications}>{children}</NotificationProvider>
      </SocketProvider>
    </AuthProvider>
  )
}
