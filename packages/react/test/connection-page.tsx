import { StrictMode, useEffect, useMemo, useState } from 'react'
import { useAuth } from '../src/auth/useAuth.ts'
import { BelfryProvider } from '../src/kit/BelfryProvider.tsx'
import { ConnectionIndicator } from '../src/socket/ConnectionIndicator.tsx'
import { SocketProvider } from '../src/socket/SocketProvider.tsx'
import { useSocket } from '../src/socket/useSocket.ts'

/** Several providers and hooks of one user, mounted twice as React does in development. */
export function ConnectionPage({ url }: { url: string }) {
  return (
    <StrictMode>
      <BelfryProvider url={url} announcer={false}>
        <Session />
        <Line name="first" />
        <Remounted url={url} />
        <ConnectionIndicator variant="banner" />
      </BelfryProvider>
    </StrictMode>
  )
}

function Session() {
  const auth = useAuth()
  useEffect(() => {
    Object.assign(window, { auth })
  }, [auth])
  return <p id="session">{`${auth.status} ${auth.user?.email ?? 'nobody'}`}</p>
}

function Line({ name }: { name: string }) {
  const [heard, setHeard] = useState<string[]>([])
  const handlers = useMemo(
    () => ({
      notification: ({ message }: { message: string }) => setHeard((before) => [...before, message]),
    }),
    [],
  )
  const { status, isConnected } = useSocket(handlers)
  return <p id={name}>{`${status} ${isConnected} ${heard.join()}`}</p>
}

function Remounted({ url }: { url: string }) {
  const [round, setRound] = useState(0)
  return (
    <>
      <button type="button" id="remount" onClick={() => setRound(round + 1)}>
        Mount again
      </button>
      <SocketProvider url={url} key={round}>
        <Line name="second" />
      </SocketProvider>
    </>
  )
}
