/** Sessions and clients against the server as it runs: what the fake accounts assume is so. */
import { createClient } from '@belfry/client'
import { admin, type BelfryServer, eventually, freshEmail, send, startServer } from '@belfry/testkit'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { AuthSession } from '../src/auth/auth-session.ts'
import { userKeyOf } from '../src/auth/token-claims.ts'
import type { TokenStore } from '../src/auth/token-store.ts'
import { SharedClients } from '../src/socket/shared-clients.ts'
import { fakeStorage } from './fake-accounts.ts'

let server: BelfryServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const PASSWORD = 'a-good-password'

function sessionOver(storage: TokenStore): AuthSession {
  const session = new AuthSession({ baseUrl: server.url, storage })
  onTestFinished(session.start())
  return session
}

/** As a `SocketProvider` does it. */
function connect(clients: SharedClients, session: AuthSession) {
  const userKey = userKeyOf(session.getSnapshot().token ?? '')
  const { client, release } = clients.lease({ url: server.url, userKey, session, onEnded: () => undefined })
  onTestFinished(release)
  session.onSignedOut(() => clients.signOut(session))
  client.connect()
  return client
}

const isSignedOut = (session: AuthSession) => session.getSnapshot().status === 'signedOut'

test('sign in, connect, sign out: the other tab is signed out within a second, the token is dead', async () => {
  const storage = fakeStorage()
  const [first, second] = [sessionOver(storage.tab()), sessionOver(storage.tab())]
  const email = freshEmail()
  const { success, user, token = '' } = await first.register(email, PASSWORD)
  expect([success, user?.email, user?.role]).toEqual([true, email, 'user'])
  await eventually('the other tab is signed in', () => second.getSnapshot().token === token)

  const clients = [new SharedClients(createClient), new SharedClients(createClient)] as const
  const [here, there] = [connect(clients[0], first), connect(clients[1], second)]
  for (const client of [here, there]) {
    await eventually('online', () => client.getSnapshot().status === 'online')
  }
  await send(await admin(server), { audience: { user: user?.id }, message: 'hello' })
  await eventually('the item', () => here.getSnapshot().items[0]?.message === 'hello')

  const done = first.logout()
  await eventually('the other tab is signed out', () => isSignedOut(second), 1000)
  await done
  for (const client of [here, there]) {
    expect(client.getSnapshot()).toMatchObject({ status: 'idle', items: [] })
  }
  expect(storage.text).toBeNull()
  const me = await fetch(`${server.url}/api/auth/me`, { headers: { Authorization: `Bearer ${token}` } })
  expect(me.status).toBe(401)
})

test('a page that is opened again is still signed in, with the user as the server knows it', async () => {
  const storage = fakeStorage()
  const email = freshEmail()
  await sessionOver(storage.tab()).register({ email, password: PASSWORD, role: 'patient' })
  const again = sessionOver(storage.tab())
  await eventually('the full user', () => again.getSnapshot().user?.roles !== undefined)
  expect(again.getSnapshot()).toMatchObject({
    status: 'signedIn',
    user: { role: 'patient', roles: ['patient'] },
  })
})

test('the server’s refusals come back as they are', async () => {
  const session = sessionOver(fakeStorage().tab())
  const email = freshEmail()
  expect(await session.login(email, PASSWORD)).toEqual({
    success: false,
    code: 'unauthorized',
    message: 'Invalid credentials',
  })
  expect(await session.register(email, 'short')).toMatchObject({ success: false, code: 'weak_password' })
  expect(await session.register(email, PASSWORD, 'admin')).toMatchObject({ code: 'role_not_allowed' })
  expect(await session.register(email, PASSWORD)).toMatchObject({ success: true })
  expect(await session.register(email, PASSWORD)).toMatchObject({ code: 'email_in_use' })
})

test('a session that the server has ended ends here, with its client', async () => {
  const session = sessionOver(fakeStorage().tab())
  const { token = '' } = await session.register(freshEmail(), PASSWORD)
  const client = connect(new SharedClients(createClient), session)
  await eventually('online', () => client.getSnapshot().status === 'online')
  await fetch(`${server.url}/api/auth/logout`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: '{}',
  })
  await eventually('signed out', () => isSignedOut(session), 10_000)
  expect(session.getSnapshot().error?.code).toBe('unauthorized')
  expect(client.getSnapshot().status).toBe('idle')
})

test('a token is exchanged for a later one of the same user', async () => {
  const session = sessionOver(fakeStorage().tab())
  const { token = '' } = await session.register(freshEmail(), PASSWORD)
  const next = await session.getToken('expiring')
  expect(userKeyOf(next ?? '')).toBe(userKeyOf(token))
  expect(session.getSnapshot().token).toBe(next)
})
