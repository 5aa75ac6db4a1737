import type { BelfryClient } from '@belfry/client'
import { createClientIn } from '@belfry/client/parts'
import { FakeClock, FakeWorld, settled } from '@belfry/testkit/client'
import { expect, onTestFinished, test } from 'vitest'
import { fakeToken } from '../../test/fake-accounts.ts'
import { type LeaseRequest, SharedClients } from './shared-clients.ts'

function tab() {
  const clock = new FakeClock()
  const worlds: FakeWorld[] = []
  const clients = new SharedClients((options) => {
    const world = new FakeWorld()
    worlds.push(world)
    return createClientIn(world, options)
  }, clock)
  onTestFinished(() => {
    expect(clock.size).toBe(0)
    for (const world of worlds) expect(world.clock.size).toBe(0)
  })
  return { clock, worlds, clients, open: () => openSockets(worlds) }
}

const openSockets = (worlds: FakeWorld[]) =>
  worlds.flatMap(({ sockets }) => sockets).filter(({ isOpen }) => isOpen).length

/** Someone who is signed in, until `forget`. */
function sessionOf(userKey: string) {
  const asked: string[] = []
  const session = {
    asked,
    token: fakeToken({ sub: userKey }) as string | undefined,
    forgotten: 0,
    getToken: async (reason: string) => {
      asked.push(reason)
      return session.token
    },
    forget: () => {
      session.forgotten += 1
    },
  }
  return session
}

function requestOf(userKey: string, more: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    url: 'http://belfry.test',
    userKey,
    session: sessionOf(userKey),
    onEnded: () => undefined,
    ...more,
  }
}

test('all providers of a user have one client and one socket, until the last has gone', async () => {
  const { clients, worlds, clock, open } = tab()
  const leases = [1, 2, 3].map(() => clients.lease(requestOf('ada')))
  for (const { client } of leases) client.connect()
  await settled()
  expect(new Set(leases.map(({ client }) => client)).size).toBe(1)
  expect(open()).toBe(1)
  leases[0]?.release()
  leases[1]?.release()
  await clock.advance(1000)
  expect(open()).toBe(1)
  leases[2]?.release()
  expect(open()).toBe(1)
  await clock.advance(100)
  expect(open()).toBe(0)
  expect(worlds).toHaveLength(1)
})

test('mounting twice, as React does in development, opens no second socket', async () => {
  const { clients, worlds, clock, open } = tab()
  const request = requestOf('ada')
  const first = clients.lease(request)
  first.client.connect()
  first.release()
  const second = clients.lease(request)
  second.client.connect()
  await clock.advance(1000)
  expect(second.client).toBe(first.client)
  expect([worlds.length, worlds[0]?.sockets.length, open()]).toEqual([1, 1, 1])
  second.release()
  await clock.advance(1000)
  expect(open()).toBe(0)
})

test('what has been released twice is not released for others', async () => {
  const { clients, clock, open } = tab()
  const [first, second] = [clients.lease(requestOf('ada')), clients.lease(requestOf('ada'))]
  second.client.connect()
  first.release()
  first.release()
  await clock.advance(1000)
  expect(open()).toBe(1)
  second.release()
  await clock.advance(1000)
})

test('another user, another server and an isolated provider have clients of their own', async () => {
  const { clients, worlds, clock } = tab()
  const leases = [
    requestOf('ada'),
    requestOf('bob'),
    requestOf('ada', { url: 'http://other.test' }),
    requestOf('ada', { isIsolated: true }),
    requestOf('ada', { isIsolated: true }),
  ].map((request) => clients.lease(request))
  expect(new Set(leases.map(({ client }) => client)).size).toBe(5)
  for (const lease of leases) lease.release()
  await clock.advance(1000)
  expect(worlds).toHaveLength(5)
})

test('the token comes from a provider that is still there', async () => {
  const { clients, worlds, clock } = tab()
  const [first, second] = [sessionOf('ada'), sessionOf('ada')]
  const leaving = clients.lease(requestOf('ada', { session: first }))
  const staying = clients.lease(requestOf('ada', { session: second }))
  leaving.release()
  staying.client.connect()
  await settled()
  expect([first.asked, second.asked]).toEqual([[], ['connect']])
  expect(worlds[0]?.socket.request.auth.token).toBe(second.token)
  staying.release()
  await clock.advance(1000)
})

test('a client never connects with the token of another user', async () => {
  const { clients, worlds, clock } = tab()
  const session = sessionOf('ada')
  session.token = fakeToken({ sub: 'bob' })
  const lease = clients.lease(requestOf('ada', { session }))
  lease.client.connect()
  await settled()
  expect(worlds[0]?.sockets).toEqual([])
  expect(lease.client.getSnapshot().status).toBe('unauthorized')
  lease.release()
  await clock.advance(1000)
})

test('signing out ends this session’s clients at once, isolated ones too, and no others', async () => {
  const { clients, worlds, clock, open } = tab()
  const session = sessionOf('ada')
  const ended: string[] = []
  const mine = [false, true].map((isIsolated) =>
    clients.lease(requestOf('ada', { session, isIsolated, onEnded: () => ended.push('mine') })),
  )
  const bobs = clients.lease(requestOf('bob', { onEnded: () => ended.push('bob') }))
  for (const { client } of [...mine, bobs]) client.connect()
  await settled()
  expect(open()).toBe(3)
  clients.signOut(session)
  await settled()
  expect(open()).toBe(1)
  expect(ended).toEqual(['mine', 'mine'])
  const again = clients.lease(requestOf('ada', { session }))
  expect(mine.map(({ client }) => client)).not.toContain(again.client)
  // Too late, and about clients that are gone: nothing happens to the new one.
  for (const lease of mine) lease.release()
  again.client.connect()
  await clock.advance(1000)
  const late = clients.lease(requestOf('ada', { session }))
  expect(late.client).toBe(again.client)
  expect(worlds).toHaveLength(4)
  expect(open()).toBe(2)
  for (const lease of [again, late, bobs]) lease.release()
  await clock.advance(1000)
})

test('a sign-out that a client hears of from another tab signs out the session, without an echo', async () => {
  const calls: string[] = []
  const tellers: (() => void)[] = []
  const clients = new SharedClients((options): BelfryClient => {
    const client = createClientIn(new FakeWorld(), options)
    return {
      ...client,
      close: () => void calls.push('close'),
      signOut: async () => void calls.push('signOut'),
      onSignedOut: (listener) => {
        tellers.push(listener)
        return () => undefined
      },
    }
  })
  const session = sessionOf('ada')
  clients.lease(requestOf('ada', { session, onEnded: () => calls.push('ended') }))
  session.forget = () => {
    calls.push('forget')
    clients.signOut(session)
  }
  for (const tell of tellers) tell()
  await settled()
  expect(calls).toEqual(['ended', 'forget', 'close'])
})
