import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { AuthProvider } from '../src/auth/AuthProvider.tsx'
import { useAuth } from '../src/auth/useAuth.ts'
import { BelfryProvider } from '../src/kit/BelfryProvider.tsx'
import { ConnectionIndicator } from '../src/socket/ConnectionIndicator.tsx'
import { useClient } from '../src/socket/client-context.ts'
import { SocketProvider } from '../src/socket/SocketProvider.tsx'
import { useSocket } from '../src/socket/useSocket.ts'
import { fakeToken } from './fake-accounts.ts'

function Who() {
  const { status, user } = useAuth()
  return `${status} ${user?.id ?? 'nobody'} ${useClient() ? 'client' : 'no client'}`
}

function Line() {
  const { status, isConnected, attempt, socket } = useSocket({ notification: () => undefined })
  return `${status} ${isConnected} ${attempt} ${socket}`
}

const token = fakeToken({ sub: 'ada' })

test('a server renders nobody, whatever the storage is, and opens no client', () => {
  for (const storage of ['local', 'session', 'memory'] as const) {
    expect(
      renderToString(
        <BelfryProvider url="http://belfry.test" storage={storage} announcer={false}>
          <Who />
        </BelfryProvider>,
      ),
    ).toBe('loading nobody no client')
  }
})

test('a token that the server knows is rendered with its user, still without a client', () => {
  const tree = (
    <AuthProvider initialToken={token}>
      <SocketProvider>
        <Who />
      </SocketProvider>
    </AuthProvider>
  )
  expect(renderToString(tree)).toBe('signedIn ada no client')
})

test('an app’s own token is not asked for while rendering', () => {
  const ask = () => {
    throw new Error('asked')
  }
  const tree = (
    <BelfryProvider url="http://belfry.test" getToken={ask} announcer={false}>
      <Who />
    </BelfryProvider>
  )
  expect(renderToString(tree)).toBe('loading nobody no client')
})

test('without a client the connection is idle, and the indicator an empty live region', () => {
  const inside = (children: ReactNode) =>
    renderToString(<SocketProvider auth={{ token }}>{children}</SocketProvider>)
  expect(inside(<Line />)).toBe('idle false 0 undefined')
  expect(inside(<ConnectionIndicator always variant="banner" />)).toBe(
    '<span role="status" data-belfry-connection-region=""></span>',
  )
})

test('outside of a provider useAuth says where to go', () => {
  expect(() => renderToString(<Who />)).toThrow('<AuthProvider>')
})
