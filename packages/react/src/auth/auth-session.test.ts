import { FakeClock, settled } from '@belfry/testkit/client'
import { expect, onTestFinished, test } from 'vitest'
import { FakeAccounts, fakeStorage, userOf } from '../../test/fake-accounts.ts'
import { AuthSession, type AuthSessionOptions } from './auth-session.ts'

function world() {
  const clock = new FakeClock()
  // Registered first, it comes last: by then all tabs have stopped.
  onTestFinished(() => expect(clock.size).toBe(0))
  return { clock, accounts: new FakeAccounts(() => clock.now()), storage: fakeStorage() }
}
type World = ReturnType<typeof world>

/** A session as one tab has it. */
async function tab({ clock, accounts, storage }: World, options: AuthSessionOptions = {}) {
  const session = new AuthSession({
    baseUrl: 'http://belfry.test/',
    storage: storage.tab(),
    fetch: accounts.fetch,
    clock,
    ...options,
  })
  const stop = session.start()
  onTestFinished(stop)
  await settled()
  return session
}

async function signedIn(all: World, id = 'ada', options: AuthSessionOptions = {}) {
  const session = await tab(all, options)
  const token = all.accounts.token(id)
  all.accounts.reply('login', { body: { token, user: userOf(id) } })
  all.accounts.reply('me', { body: { user: userOf(id) } })
  await session.login(`${id}@example.test`, 'a-good-password')
  await settled()
  return { session, token }
}

test('without a token it is loading, and then signed out', async () => {
  const all = world()
  const session = new AuthSession({ storage: all.storage.tab(), fetch: all.accounts.fetch })
  expect(session.getSnapshot().status).toBe('loading')
  expect(session.getServerSnapshot().status).toBe('loading')
  const stop = session.start()
  await settled()
  expect(session.getSnapshot()).toEqual({ status: 'signedOut' })
  expect(all.accounts.requests).toEqual([])
  stop()
})

test('signing in answers who it was, and is kept', async () => {
  const all = world()
  const session = await tab(all)
  const token = all.accounts.token('ada')
  all.accounts.reply('login', { body: { token, user: userOf('ada') } })
  expect(await session.login('ada@example.test', 'secret-secret')).toEqual({
    success: true,
    token,
    user: userOf('ada'),
  })
  expect(all.accounts.requests).toEqual([
    { route: 'login', token: undefined, body: { email: 'ada@example.test', password: 'secret-secret' } },
  ])
  expect(session.getSnapshot()).toMatchObject({ status: 'signedIn', token, user: userOf('ada') })
  expect(all.storage.text).toContain(token)
})

test('a refused or failed sign-in rejects never and says why', async () => {
  const all = world()
  const session = await tab(all)
  all.accounts.reply('login', { status: 401, body: { code: 'unauthorized', message: 'Invalid credentials' } })
  const refused = { code: 'unauthorized', message: 'Invalid credentials' }
  expect(await session.login('ada@example.test', 'wrong')).toEqual({ success: false, ...refused })
  expect(session.getSnapshot()).toMatchObject({ status: 'signedOut', error: refused })
  all.accounts.isDown = true
  expect(await session.login('ada@example.test', 'right')).toMatchObject({ code: 'disconnected' })
  all.accounts.isDown = false
  const token = all.accounts.token('ada')
  all.accounts.reply('login', { body: { token, user: userOf('ada') } })
  await session.login('ada@example.test', 'right')
  expect(session.getSnapshot().error).toBeUndefined()
})

test('registering by arguments or by an object makes the account and signs in', async () => {
  for (const asked of ['arguments', 'object']) {
    const all = world()
    const session = await tab(all)
    const token = all.accounts.token('ada')
    all.accounts.reply('register', { status: 201, body: { user: userOf('ada') } })
    all.accounts.reply('login', { body: { token, user: userOf('ada') } })
    const input = { email: 'ada@example.test', password: 'secret-secret', role: 'patient' }
    const result =
      asked === 'object'
        ? await session.register(input)
        : await session.register(input.email, input.password, input.role)
    expect(result).toEqual({ success: true, token, user: userOf('ada') })
    expect(all.accounts.requests[0]).toMatchObject({ route: 'register', body: input })
  }
})

test('a role that is refused makes no account, and nobody is signed in', async () => {
  const all = world()
  const session = await tab(all)
  all.accounts.reply('register', { status: 403, body: { code: 'role_not_allowed', message: 'No.' } })
  expect(await session.register('ada@example.test', 'secret-secret', 'admin')).toEqual({
    success: false,
    code: 'role_not_allowed',
    message: 'No.',
  })
  expect(all.accounts.routes).toEqual(['register'])
})

test('a kept token is used at once and checked with the server', async () => {
  const all = world()
  const { token } = await signedIn(all)
  all.accounts.reply('me', { body: { user: { ...userOf('ada'), role: 'doctor' } } })
  const next = await tab(all)
  expect(next.getSnapshot()).toMatchObject({ status: 'signedIn', token, user: { role: 'doctor' } })
  expect(all.accounts.requests.at(-1)).toMatchObject({ route: 'me', token })
  all.accounts.isDown = true
  expect((await tab(all)).getSnapshot()).toMatchObject({
    status: 'signedIn',
    token,
    user: { role: 'doctor' },
  })
})

test('a kept token that the server refuses signs out and is forgotten', async () => {
  const all = world()
  await signedIn(all)
  all.accounts.reply('me', { status: 401, body: { code: 'unauthorized', message: 'Invalid token' } })
  const next = await tab(all)
  expect(next.getSnapshot()).toMatchObject({ status: 'signedOut', error: { code: 'unauthorized' } })
  expect(all.storage.text).toBeNull()
})

test('a kept token that has expired is not tried', async () => {
  const all = world()
  all.storage.text = JSON.stringify({ token: all.accounts.token('ada', -61_000), user: userOf('ada') })
  const session = await tab(all)
  expect(session.getSnapshot().status).toBe('signedOut')
  expect(all.accounts.requests).toEqual([])
  expect(all.storage.text).toBeNull()
})

test('a bare token and rubbish in the storage are read for what they are', async () => {
  const all = world()
  const token = all.accounts.token('ada')
  all.storage.text = token
  expect((await tab(all)).getSnapshot()).toMatchObject({ token, user: { id: 'ada', email: null } })
  for (const text of ['{"token":7}', '{', '{}']) {
    all.storage.text = text
    expect((await tab(all)).getSnapshot().status).toBe('signedOut')
  }
})

test('a given first token outranks the kept one, also on the server', async () => {
  const all = world()
  await signedIn(all, 'bob')
  const initialToken = all.accounts.token('ada')
  all.accounts.reply('me', { body: { user: userOf('ada') } })
  const session = await tab(all, { initialToken })
  expect(session.getServerSnapshot()).toMatchObject({ status: 'signedIn', user: { id: 'ada' } })
  expect(session.getSnapshot()).toMatchObject({ token: initialToken, user: userOf('ada') })
  expect(all.storage.text).toContain(initialToken)
})

test('after half of its life a token is renewed; while the server is away every half minute', async () => {
  const all = world()
  const { session, token } = await signedIn(all)
  const next = all.accounts.token('ada', 7200_000)
  all.accounts.reply('refresh', { body: { token: next, user: userOf('ada') } })
  all.accounts.isDown = true
  await all.clock.advance(1800_000)
  expect(session.getSnapshot().token).toBe(token)
  all.accounts.isDown = false
  await all.clock.advance(29_999)
  expect(session.getSnapshot().token).toBe(token)
  await all.clock.advance(1)
  expect(session.getSnapshot().token).toBe(next)
  expect(all.accounts.routes.filter((route) => route === 'refresh')).toHaveLength(2)
})

test('a token past half of its life is renewed when the page is opened', async () => {
  const all = world()
  await signedIn(all)
  await all.clock.advance(0)
  const old = all.accounts.token('ada')
  all.storage.text = old
  const next = all.accounts.token('ada', 7200_000)
  all.accounts.reply('refresh', { body: { token: next, user: userOf('ada') } })
  const late = new FakeClock()
  await late.advance(1800_001)
  const session = await tab({ ...all, clock: late })
  expect(session.getSnapshot().token).toBe(next)
})

test('a refused token is exchanged once for all who ask at the same time', async () => {
  const all = world()
  const { session } = await signedIn(all)
  const next = all.accounts.token('ada')
  all.accounts.reply('refresh', { body: { token: next, user: userOf('ada') } })
  expect(await Promise.all([session.getToken('refused'), session.getToken('refused')])).toEqual([next, next])
  expect(all.accounts.routes.filter((route) => route === 'refresh')).toHaveLength(1)
  expect(await session.getToken('connect')).toBe(next)
})

test('a tab takes the newer token of another instead of asking for one more', async () => {
  const all = world()
  const { session } = await signedIn(all)
  await all.clock.advance(1000)
  const newer = all.accounts.token('ada')
  all.storage.text = JSON.stringify({ token: newer, user: userOf('ada') })
  expect(await session.getToken('refused')).toBe(newer)
  expect(all.accounts.routes).not.toContain('refresh')
})

test('when the exchange is refused nobody is signed in; when the server is away it rejects', async () => {
  const all = world()
  const { session } = await signedIn(all)
  all.accounts.isDown = true
  await expect(session.getToken('refused')).rejects.toThrow('The server cannot be reached.')
  expect(session.getSnapshot().status).toBe('signedIn')
  all.accounts.isDown = false
  all.accounts.reply('refresh', { status: 401, body: { code: 'unauthorized', message: 'Invalid token' } })
  expect(await session.getToken('refused')).toBeUndefined()
  expect(session.getSnapshot().status).toBe('signedOut')
})

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
