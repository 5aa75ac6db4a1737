/** security.md §12, B1–B8: tokens that must not be believed, over REST and at the handshake alike. */
import {
  connect,
  connected,
  flipBit,
  forgeToken,
  http,
  JWT_SECRET,
  list,
  rawHttp,
  readToken,
  register,
  requestText,
  unsignedToken,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const now = () => Math.floor(Date.now() / 1_000)

describe('B1: credentials that are none', () => {
  for (const [name, authorization] of [
    ['an empty header', ''],
    ['Bearer alone', 'Bearer'],
    ['Bearer and a blank', 'Bearer '],
    ['Basic', 'Basic YTpi'],
    ['two words', 'Bearer a b'],
  ] as const) {
    it(`${name} is 401`, async () => {
      const reply = await context.unchanged(() =>
        http(context.server).request('GET', '/api/notifications', { headers: { authorization } }),
      )
      expectRefusedWith(reply, 401)
    })
  }

  it('another scheme with a good token is 401', async () => {
    const headers = { authorization: `Token ${context.user.token}` }
    expectRefusedWith(await http(context.server).request('GET', '/api/notifications', { headers }), 401)
  })

  it('two Authorization headers are 401, also when both are good', async () => {
    const { port } = context.server
    const line = `Authorization: Bearer ${context.user.token}`
    for (const headers of [
      [line, line],
      [line, 'Authorization: Bearer x'],
      ['Authorization: Bearer x', line],
    ]) {
      const reply = await context.unchanged(() =>
        rawHttp(port, requestText(port, 'GET', '/api/notifications', { headers })),
      )
      expect([400, 401]).toContain(reply.status)
    }
  })

  it('a token in the address is not one', async () => {
    const { token } = context.user
    expectRefusedWith(await http(context.server).get(`/api/notifications?token=${token}`), 400, 401)
    const socket = connect(context.server, undefined, {
      url: `${context.server.url}?token=${token}`,
      reconnection: false,
    })
    expect((await socket.refused()).message).toBe('Missing token')
  })
})

/** Each makes a token from a genuine one; none may be believed. */
const FORGERIES: Record<string, (genuine: string) => string> = {
  'B2 alg none': (token) => unsignedToken(token, 'none'),
  'B2 alg None': (token) => unsignedToken(token, 'None'),
  'B2 alg nOnE': (token) => unsignedToken(token, 'nOnE'),
  'B2 an empty signature': (token) => `${token.split('.').slice(0, 2).join('.')}.`,
  'B2 no signature part': (token) => token.split('.').slice(0, 2).join('.'),
  'B3 another secret': (token) => forgeToken(token, { secret: 'x'.repeat(40) }),
  'B3 an empty secret': (token) => forgeToken(token, { secret: '' }),
  'B3 HS384': (token) => forgeToken(token, { secret: JWT_SECRET, hash: 'sha384', header: { alg: 'HS384' } }),
  'B3 RS256 signed by HMAC': (token) => forgeToken(token, { secret: JWT_SECRET, header: { alg: 'RS256' } }),
  'B3 an unknown crit': (token) => forgeToken(token, { secret: JWT_SECRET, header: { crit: ['x'], x: 1 } }),
  'B3 another typ': (token) => forgeToken(token, { secret: JWT_SECRET, header: { typ: 'refresh+jwt' } }),
  'B4 expired 61 s ago': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { exp: now() - 61 } }),
  'B4 nbf 61 s ahead': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { nbf: now() + 63 } }),
  'B4 iat 61 s ahead': (token) =>
    forgeToken(token, { secret: JWT_SECRET, payload: { iat: now() + 63, exp: now() + 999 } }),
  'B4 no exp': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { exp: undefined } }),
  'B4 no iat': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { iat: undefined } }),
  'B4 exp as text': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { exp: '9999999999' } }),
  'B4 a life of 8 days': (token) =>
    forgeToken(token, { secret: JWT_SECRET, payload: { iat: now() - 5, exp: now() + 8 * 86_400 } }),
  'B5 another iss': (token) =>
    forgeToken(token, { secret: JWT_SECRET, payload: { iss: 'https://evil.example' } }),
  'B5 no iss': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { iss: undefined } }),
  'B5 another aud': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { aud: 'evil' } }),
  'B5 no aud': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { aud: undefined } }),
  'B6 sub object': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: { $ne: null } } }),
  'B6 sub array': (token) =>
    forgeToken(token, { secret: JWT_SECRET, payload: { sub: [readToken(token).payload.sub] } }),
  'B6 sub number': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: 1 } }),
  'B6 sub empty': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: '' } }),
  'B6 sub of 5 KB': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: 'x'.repeat(5_000) } }),
  'B6 sub a:b': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: 'a:b' } }),
  'B6 sub with NUL': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: 'a\u0000b' } }),
  'B6 sub unknown': (token) =>
    forgeToken(token, { secret: JWT_SECRET, payload: { sub: 'nobody-has-this-id' } }),
  'B6 no sub': (token) => forgeToken(token, { secret: JWT_SECRET, payload: { sub: undefined } }),
  'B7 one bit of the header': (token) => flipBit(token, 0),
  'B7 one bit of the payload': (token) => flipBit(token, 1),
  'B7 one bit of the signature': (token) => flipBit(token, 2),
  'B7 an extra part': (token) => `${token}.x`,
  'B7 a leading dot': (token) => `.${token}`,
  'B7 half of it': (token) => token.slice(0, token.length / 2),
}

describe.each(Object.entries(FORGERIES))('%s', (_, forge) => {
  it('is 401 "Invalid token" over REST', async () => {
    const token = forge(context.user.token)
    const reply = await context.unchanged(() => http(context.server, token).get('/api/notifications'))
    expectRefusal(reply, 401, 'unauthorized', 'Invalid token')
  })

  it('is refused at the handshake with "Auth failed…"', async () => {
    const token = forge(context.user.token)
    const socket = connect(context.server, { token }, { reconnection: false, transports: ['websocket'] })
    const refusal = await socket.refused()
    expect(refusal.message).toMatch(/^Auth failed/)
    expect(refusal.data).toMatchObject({ code: 'unauthorized' })
  })
})

describe('a genuine token', () => {
  it('signed again with the same content is believed: the forgeries fail for what they change', async () => {
    const token = forgeToken(context.user.token, { secret: JWT_SECRET })
    expectSuccess(await http(context.server, token).get('/api/notifications'))
  })

  it('does not make an admin by a claim', async () => {
    const payload = { role: 'admin', roles: ['admin'], isAdmin: true, scope: 'admin' }
    const token = forgeToken(context.user.token, { secret: JWT_SECRET, payload })
    const reply = await http(context.server, token).post('/api/notifications/broadcast', { message: 'x' })
    expectRefusedWith(reply, 401, 403)
  })

  it('of 1 MB is refused', async () => {
    const { port } = context.server
    const headers = [`Authorization: Bearer ${'x'.repeat(1_000_000)}`]
    const reply = await context.unchanged(() =>
      rawHttp(port, requestText(port, 'GET', '/api/notifications', { headers })),
    )
    expect([0, 401, 413, 431]).toContain(reply.status)
  })
})

describe('B8: a token that has ended', () => {
  const endings: Record<string, (person: Awaited<ReturnType<typeof register>>) => Promise<unknown>> = {
    'by logout': (person) => person.http.post('/api/auth/logout', {}),
    'because its account was disabled': (person) =>
      context.admin.http.request('PATCH', `/api/users/${person.id}`, { json: { disabled: true } }),
    'because its account was deleted': (person) => context.admin.http.delete(`/api/users/${person.id}`),
  }
  for (const [name, end] of Object.entries(endings)) {
    it(`${name} is 401, and its sockets are closed within 5 s`, async () => {
      const person = await register(context.server)
      const socket = await connected(context.server, person.auth)
      await context.survive(() => end(person))
      await socket.turn('disconnect', 0, 5_000)
      expectRefusal(await person.http.get('/api/notifications'), 401, 'unauthorized', 'Invalid token')
      socket.close()
      const again = connect(context.server, person.auth, { reconnection: false })
      expect((await again.refused()).message).toMatch(/^Auth failed/)
    })
  }

  it('by a change of the password is 401, and the new password works', async () => {
    const person = await register(context.server)
    const other = await http(context.server).post('/api/auth/login', {
      email: person.email,
      password: person.password,
    })
    const change = { oldPassword: person.password, newPassword: 'another-good-password' }
    expectSuccess(await person.http.post('/api/auth/password', change))
    expectRefusal(await http(context.server, other.body.token).get('/api/notifications'), 401, 'unauthorized')
    const login = { email: person.email, password: 'another-good-password' }
    expectSuccess(await http(context.server).post('/api/auth/login', login))
    expect(await list(context.user)).toEqual([])
  })
})
