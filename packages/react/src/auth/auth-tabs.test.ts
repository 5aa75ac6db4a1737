import { settled } from '@belfry/testkit/client'
import { expect, onTestFinished, test } from 'vitest'
import { userOf } from '../../test/fake-accounts.ts'
import { signedIn, tab, world } from '../../test/session-world.ts'
import { AuthSession } from './auth-session.ts'

test('signing out ends the session on the server, the storage and all tabs', async () => {
  const all = world()
  const { session, token } = await signedIn(all)
  const other = await tab(all)
  const told: string[] = []
  session.onSignedOut(() => told.push('here'))
  other.onSignedOut(() => told.push('there'))
  expect(other.getSnapshot().status).toBe('signedIn')
  const done = session.logout()
  expect(session.getSnapshot().status).toBe('signedOut')
  await done
  await settled()
  expect(other.getSnapshot().status).toBe('signedOut')
  expect(told).toEqual(['here', 'there'])
  expect(all.storage.text).toBeNull()
  expect(all.accounts.requests.at(-1)).toEqual({ route: 'logout', token, body: {} })
})

test('signing out works without a server', async () => {
  const all = world()
  const { session } = await signedIn(all)
  all.accounts.isDown = true
  await session.logout()
  expect(session.getSnapshot().status).toBe('signedOut')
  expect(all.storage.text).toBeNull()
})

test('a sign-in in one tab is one in all tabs of the same storage', async () => {
  const all = world()
  const other = await tab(all)
  const { token } = await signedIn(all)
  await settled()
  expect(other.getSnapshot()).toMatchObject({ status: 'signedIn', token })
})

test('tabs without a common storage sign out together, but not those of another user', async () => {
  const all = world()
  const { session } = await signedIn(all, 'ada', { storage: 'memory' })
  const { session: same } = await signedIn(all, 'ada', { storage: 'memory' })
  const { session: bob } = await signedIn(all, 'bob', { storage: 'memory' })
  const told = new Promise<void>((resolve) => same.onSignedOut(resolve))
  await session.logout()
  await told
  await settled()
  expect([same, bob].map((one) => one.getSnapshot().status)).toEqual(['signedOut', 'signedIn'])
})

test('a sign-out takes only its own user out of the storage, and nobody who came after', async () => {
  const all = world()
  const { session } = await signedIn(all)
  const bobs = JSON.stringify({ token: all.accounts.token('bob'), user: userOf('bob') })
  // Another tab has written, and its event is still on the way.
  all.storage.text = bobs
  session.forget()
  await settled()
  expect(all.storage.text).toBe(bobs)

  const again = all.accounts.token('bob')
  all.accounts.isDown = true
  session.setAuth(all.accounts.token('bob'))
  session.forget()
  session.setAuth(again)
  await settled()
  expect(all.storage.text).toContain(again)
})

test('nobody is told of a sign-out when nobody was signed in', async () => {
  const all = world()
  const session = new AuthSession({ storage: all.storage.tab(), fetch: all.accounts.fetch, clock: all.clock })
  let told = 0
  session.onSignedOut(() => {
    told += 1
  })
  onTestFinished(session.start())
  await settled()
  session.setAuth(all.accounts.token('ada'))
  expect(told).toBe(0)
})

test('an answer about an earlier token changes nothing', async () => {
  const all = world()
  const { session } = await signedIn(all)
  all.accounts.reply('me', { status: 401, body: { code: 'unauthorized', message: 'Invalid token' } })
  const check = session.check()
  const bob = all.accounts.token('bob')
  all.accounts.reply('login', { body: { token: bob, user: userOf('bob') } })
  await session.login('bob@example.test', 'a-good-password')
  await check
  expect(session.getSnapshot()).toMatchObject({ status: 'signedIn', token: bob })
})

test('a token that was got elsewhere is taken, and the server asked whose it is', async () => {
  const all = world()
  const session = await tab(all)
  const token = all.accounts.token('ada')
  all.accounts.reply('me', { body: { user: userOf('ada') } })
  session.setAuth(token)
  expect(session.getSnapshot()).toMatchObject({ status: 'signedIn', token })
  await settled()
  expect(session.getSnapshot().user).toEqual(userOf('ada'))
  session.setAuth(null)
  await settled()
  expect(session.getSnapshot().status).toBe('signedOut')
  expect(all.accounts.routes).toEqual(['me'])
})

test('an app with a login of its own decides who is signed in', async () => {
  const all = world()
  let own: string | null = null
  const session = await tab(all, { getToken: async () => own })
  expect(session.getSnapshot().status).toBe('signedOut')
  own = all.accounts.token('ada')
  await session.check()
  expect(session.getSnapshot()).toMatchObject({ status: 'signedIn', token: own, user: { id: 'ada' } })
  expect(await session.login('a@b.c', 'd')).toMatchObject({ success: false, code: 'forbidden' })
  expect(await session.register('a@b.c', 'd')).toMatchObject({ success: false, code: 'forbidden' })
  own = all.accounts.token('bob')
  const told: string[] = []
  session.onSignedOut(() => told.push(session.getSnapshot().user?.id ?? 'nobody'))
  expect(await session.getToken('connect')).toBe(own)
  expect(session.getSnapshot().user?.id).toBe('bob')
  own = null
  await session.check()
  expect(told).toEqual(['bob', 'nobody'])
  expect(all.accounts.requests).toEqual([])
  expect(all.storage.text).toBeNull()
})

test('the app’s latest answer counts, whatever order they come in', async () => {
  const all = world()
  const answers: ((token: string) => void)[] = []
  const session = await tab(all, { getToken: () => new Promise((resolve) => answers.push(resolve)) })
  void session.check()
  const [ada, bob] = [all.accounts.token('ada'), all.accounts.token('bob')]
  answers[1]?.(bob)
  answers[0]?.(ada)
  await settled()
  expect(session.getSnapshot().user?.id).toBe('bob')
})

test('an app that cannot be asked is asked again, and nobody is signed out meanwhile', async () => {
  const all = world()
  const ada = all.accounts.token('ada')
  let isDown = true
  const getToken = async () => {
    if (isDown) throw new Error('no network')
    return ada
  }
  const session = await tab(all, { getToken })
  expect(session.getSnapshot()).toMatchObject({ status: 'signedOut', error: { message: 'no network' } })
  isDown = false
  await all.clock.advance(30_000)
  expect(session.getSnapshot().status).toBe('signedIn')
  isDown = true
  await expect(session.getToken('connect')).rejects.toThrow('no network')
  expect(session.getSnapshot().status).toBe('signedIn')
})

test('what does not change is the same state, and nobody is told', async () => {
  const all = world()
  const { session } = await signedIn(all)
  const state = session.getSnapshot()
  let told = 0
  session.subscribe(() => {
    told += 1
  })
  await session.check()
  expect(session.getSnapshot()).toBe(state)
  expect(told).toBe(0)
})

test('a session that was stopped and started again goes on', async () => {
  const all = world()
  const session = new AuthSession({
    baseUrl: 'http://belfry.test',
    storage: all.storage.tab(),
    fetch: all.accounts.fetch,
    clock: all.clock,
  })
  session.start()()
  const stop = session.start()
  await settled()
  expect(session.getSnapshot().status).toBe('signedOut')
  stop()
  expect(all.clock.size).toBe(0)
})
