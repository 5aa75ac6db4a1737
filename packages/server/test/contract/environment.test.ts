/** contract.md §1: what an operator sets, and what the process refuses. */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ADMIN, admin, connect, freshEmail, http, login, register, runToEnd, tempDir } from '@belfry/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
const folders: string[] = []
const folder = () => {
  const path = tempDir()
  folders.push(path)
  return path
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
})

describe('readiness', () => {
  it('answers /api/health with 200 and exactly {"ok":true}', async () => {
    const server = await start()
    const reply = await http(server).get('/api/health')
    expect({ status: reply.status, body: reply.body }).toEqual({ status: 200, body: { ok: true } })
  })

  it('comes within 10 s, on a fresh folder and on one that is used', async () => {
    const server = await start({ readyWithinMs: 10_000 })
    await server.restart()
  })

  it('serves everything from its first answer on', async () => {
    const server = await start()
    expect(server.firstAnswer).toBe(200)
    // `startServer` returns at the first 200 of /api/health, so the very next requests must be served.
    const [health, person] = await Promise.all([http(server).get('/api/health'), admin(server)])
    expect(health.status).toBe(200)
    expectSuccess(await person.http.get('/api/notifications'))
  })
})

describe('DATA_DIR', () => {
  it('is created when it is missing', async () => {
    const dataDir = join(folder(), 'not', 'yet')
    await start({ dataDir })
    expect(readdirSync(dataDir).length).toBeGreaterThan(0)
  })

  it('makes a fresh installation when it is fresh', async () => {
    const first = await start()
    const { email, password } = await register(first)
    const second = await start()
    expect((await http(second).post('/api/auth/login', { email, password })).status).toBe(401)
  })

  it('is refused to a second process while the first one uses it', async () => {
    const first = await start()
    const second = await runToEnd({ dataDir: first.dataDir })
    expect(second).toMatchObject({ wasServed: false })
    expect(second.code).not.toBe(0)
    expect((await http(first).get('/api/health')).status).toBe(200)
  })
})

describe('JWT_SECRET', () => {
  it('is generated at first start, kept with mode 0600, and used again', async () => {
    const server = await start({ env: { JWT_SECRET: undefined } })
    const person = await register(server)
    const modes = readdirSync(server.dataDir).map((name) => statSync(join(server.dataDir, name)).mode & 0o777)
    expect(modes).toContain(0o600)
    await server.restart()
    expectSuccess(await person.http.get('/api/notifications'))
  })

  it('is refused when it is shorter than 32 characters', async () => {
    const ended = await runToEnd({ env: { JWT_SECRET: 'x'.repeat(31) } })
    expect(ended.code).not.toBe(0)
    expect(ended).toMatchObject({ wasServed: false, output: expect.stringContaining('JWT_SECRET') })
  })

  it('is taken with 32 characters, and another one makes the old tokens invalid', async () => {
    const server = await start({ env: { JWT_SECRET: 'kq8Zr2Vw'.repeat(4) } })
    const person = await register(server)
    await server.stop()
    await server.start({ JWT_SECRET: 'another-secret-of-the-test-suite-0123' })
    expectRefusal(await person.http.get('/api/notifications'), 401, 'unauthorized', 'Invalid token')
  })
})

describe('settings that are only for loopback', () => {
  const cases = [
    ['AUTH=open', { AUTH: 'open' }],
    ['PLAYGROUND=on', { PLAYGROUND: 'on' }],
    ['RATE_LIMIT=off', { RATE_LIMIT: 'off' }],
  ] as const
  for (const [name, env] of cases) {
    for (const HOST of ['0.0.0.0', '::']) {
      it(`${name} refuses to start when bound to ${HOST}, and nothing is served`, async () => {
        const ended = await runToEnd({ env: { RATE_LIMIT: undefined, ...env, HOST } })
        expect(ended.wasServed).toBe(false)
        expect(ended.code).not.toBe(0)
        expect(ended.code).not.toBeNull()
      })
    }
  }

  it('the default account mode may be bound to every address', async () => {
    const server = await start({ env: { HOST: '0.0.0.0', RATE_LIMIT: undefined, PLAYGROUND: undefined } })
    await admin(server)
  })
})

describe('ADMIN_EMAIL and ADMIN_PASSWORD', () => {
  it('name an account with role admin that exists once the server is ready', async () => {
    const server = await start()
    expect(await admin(server)).toMatchObject({ email: ADMIN.email, role: 'admin' })
  })

  it('never change an account that is present', async () => {
    const server = await start()
    await server.stop()
    await server.start({ ADMIN_PASSWORD: 'another-password-9' })
    expect(await admin(server)).toMatchObject({ role: 'admin' })
    const other = await http(server).post('/api/auth/login', {
      email: ADMIN.email,
      password: 'another-password-9',
    })
    expectRefusal(other, 401, 'unauthorized', 'Invalid credentials')
  })

  it('do not raise the role of a user who has that e-mail already', async () => {
    const server = await start()
    const person = await register(server)
    await server.stop()
    await server.start({ ADMIN_EMAIL: person.email, ADMIN_PASSWORD: 'another-password-9' })
    expect(await login(server, person.email, person.password)).toMatchObject({ role: person.role })
  })
})

describe('SIGNUP_ROLES', () => {
  const signUp = (role?: string) => ({
    email: freshEmail(),
    password: 'a-good-password',
    ...(role ? { role } : {}),
  })

  it('lets people give themselves user or patient by default, and user when they ask for none', async () => {
    const server = await start()
    expect((await http(server).post('/api/auth/register', signUp())).body.user?.role).toBe('user')
    expect((await http(server).post('/api/auth/register', signUp('patient'))).body.user?.role).toBe('patient')
  })

  it('replaces the roles when it is set', async () => {
    const server = await start({ env: { SIGNUP_ROLES: 'staff,guest' } })
    expect((await http(server).post('/api/auth/register', signUp())).body.user?.role).toBe('staff')
    expect((await http(server).post('/api/auth/register', signUp('guest'))).body.user?.role).toBe('guest')
    expectRefusal(await http(server).post('/api/auth/register', signUp('user')), 403, 'role_not_allowed')
  })
})

describe('TRANSPORTS', () => {
  it('set to websocket refuses polling and serves WebSocket', async () => {
    const server = await start({ env: { TRANSPORTS: 'websocket' } })
    const person = await register(server)
    await connect(server, person.auth, { transports: ['websocket'] }).connected()
    const polling = connect(server, person.auth, { transports: ['polling'], reconnection: false })
    expect(await polling.refused()).toBeInstanceOf(Error)
  })
})

describe('PLAYGROUND', () => {
  it('is a page at / by default on loopback', async () => {
    const server = await start({ env: { PLAYGROUND: undefined, NODE_ENV: undefined } })
    const page = await http(server).get('/')
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toContain('text/html')
  })

  it('is off by default in production', async () => {
    const server = await start({ env: { PLAYGROUND: undefined, NODE_ENV: 'production' } })
    const page = await http(server).get('/')
    expect(page.text.toLowerCase()).not.toContain('playground')
  })
})

describe('the console', () => {
  it('answers its other route with the same page, under the same policy', async () => {
    const server = await start()
    const [page, inbox] = [await http(server).get('/'), await http(server).get('/inbox')]
    expect(inbox.status).toBe(200)
    expect(inbox.text).toBe(page.text)
    for (const name of ['content-type', 'content-security-policy']) {
      expect(inbox.headers.get(name)).toBe(page.headers.get(name))
    }
    expect((await http(server).get('/inboxes')).status).toBe(404)
  })
})
