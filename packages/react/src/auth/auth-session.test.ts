import { FakeClock, settled } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { userOf } from '../../test/fake-accounts.ts'
import { signedIn, tab, world } from '../../test/session-world.ts'
import { AuthSession } from './auth-session.ts'

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
