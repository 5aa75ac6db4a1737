import { describe, expect, it } from 'vitest'
import { ADMIN, PASSWORD, refusal, withPeople } from './test/with-people.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
const { run, freshEmail, login, person, people, dump, logged } = open

describe('register', () => {
  it('makes an account with an empty inbox that hears itself, everyone and its role', async () => {
    const email = freshEmail()
    const { user } = await run('register', { email, password: PASSWORD, role: 'patient' })
    expect(user).toEqual({ id: expect.stringMatching(/^[\w-]{36}$/), email, role: 'patient' })
    const { actor } = await login(email)
    expect(actor).toMatchObject({ kind: 'user', id: user.id, roles: ['patient'] })
    expect(await run('countNotifications', {}, actor)).toMatchObject({ unread: 0 })
    const { actor: admin } = await open.admin()
    for (const audience of [{ user: user.id }, { all: true }, { role: 'patient' }]) {
      await run('notify', { audience, message: 'hello' }, admin)
    }
    expect(await run('countNotifications', {}, actor)).toMatchObject({ unread: 3 })
  })

  it('gives the first of SIGNUP_ROLES when none is asked for', async () => {
    const { user } = await run('register', { email: freshEmail(), password: PASSWORD })
    expect(user.role).toBe('user')
  })

  it('makes one account of 20 at once', async () => {
    const input = { email: freshEmail(), password: PASSWORD }
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => run('register', input)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'email_in_use', message: 'Email in use' })
    }
  })

  it('takes passwords of 8, 64 and 73 characters, and the 73rd counts', async () => {
    for (const password of ['zq8-Rx1v', 'x'.repeat(64), `${'x'.repeat(72)}1`]) {
      const email = freshEmail()
      await run('register', { email, password })
      await login(email, password)
      if (password.length === 73)
        expect(await refusal(login(email, `${'x'.repeat(72)}2`))).toMatchObject({ code: 'unauthorized' })
    }
  })

  const refused: [string, object, string][] = [
    ['C1 role admin', { role: 'admin' }, 'role_not_allowed'],
    ['C1 role ADMIN', { role: 'ADMIN' }, 'role_not_allowed'],
    ['C1 role superuser', { role: 'superuser' }, 'role_not_allowed'],
    ['C1 role as a list', { role: ['admin'] }, 'validation_failed'],
    ['C2 id', { id: 'me' }, 'validation_failed'],
    ['C2 isAdmin', { isAdmin: true }, 'validation_failed'],
    ['C2 createdAt', { createdAt: '2020-01-01' }, 'validation_failed'],
    ['C2 roles', { roles: ['admin'] }, 'validation_failed'],
    ['C3 e-mail as a query', { email: { $ne: null } }, 'validation_failed'],
    ['C3 e-mail as a list', { email: ['a@b.example'] }, 'validation_failed'],
    ['C3 e-mail as a number', { email: 7 }, 'validation_failed'],
    ['C3 e-mail null', { email: null }, 'validation_failed'],
    ['C3 e-mail true', { email: true }, 'validation_failed'],
    ['C4 e-mail of 300 characters', { email: `${'a'.repeat(290)}@b.example` }, 'validation_failed'],
    ['C4 e-mail with two @', { email: 'a@b@c.example' }, 'validation_failed'],
    ['C4 e-mail with CR LF', { email: 'a@b.example\r\nBcc: c' }, 'validation_failed'],
    ['C4 e-mail with NUL', { email: 'a\0@b.example' }, 'validation_failed'],
    ['C4 a known one in other letters', { email: ADMIN.ADMIN_EMAIL.toUpperCase() }, 'email_in_use'],
    ['C5 password of 7 characters', { password: 'zq8-Rx1' }, 'weak_password'],
    ['C5 password of 1 025 characters', { password: 'x'.repeat(1025) }, 'validation_failed'],
    ['C5 password of 600 characters and 1 200 bytes', { password: 'ä'.repeat(600) }, 'validation_failed'],
  ]
  for (const [name, change, code] of refused) {
    it(`${name} is refused and changes nothing`, async () => {
      const before = dump()
      const input = { email: freshEmail(), password: PASSWORD, ...change }
      expect(await refusal(run('register', input))).toMatchObject({ code })
      expect(dump()).toBe(before)
    })
  }
})

describe('login', () => {
  it('gives a token, its end and the account', async () => {
    const { email, id } = await person()
    const reply = await run('login', { email: email.toUpperCase(), password: PASSWORD })
    expect(reply).toMatchObject({
      user: { id, role: 'user' },
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
    const identity = await people.identify(reply.token)
    expect(identity.expiresAtMs).toBe(Date.parse(reply.expiresAt))
  })

  it('answers an unknown e-mail, a wrong password and a disabled account alike', async () => {
    const { email } = await person()
    const off = await person()
    const { actor: admin } = await open.admin()
    await run('updateUser', { id: off.id, disabled: true }, admin)
    const inputs = [
      { email, password: 'not this one' },
      { email: freshEmail(), password: PASSWORD },
      { email: off.email, password: PASSWORD },
      { email: `' OR 1=1--`, password: `"; DROP TABLE users;--` },
      { email: 'x'.repeat(1000), password: 'x'.repeat(4000) },
    ]
    for (const input of inputs) {
      const { code, message, details } = await refusal(run('login', input))
      expect({ code, message, details }).toEqual({
        code: 'unauthorized',
        message: 'Invalid credentials',
        details: { message: 'Invalid credentials' },
      })
    }
  })

  it('C9 refuses anything but two texts', async () => {
    for (const input of [
      [],
      {},
      { email: 'a@b.example' },
      { email: 'a', password: 'b', x: 1 },
      { email: 'a', password: 7 },
    ]) {
      expect(await refusal(run('login', input))).toMatchObject({ code: 'validation_failed' })
    }
  })

  it('hashes again when the cost has changed, without ending anything', async () => {
    const { email, id, token } = await person()
    const { hashSync } = await import('@node-rs/argon2')
    const old = hashSync(PASSWORD, { memoryCost: 4096 })
    const hashOf = async () => (await open.store.read('accountById', { id })) as { passwordHash: string }
    const { passwordHash: from } = await hashOf()
    await open.system('rehashPassword', { id, from, to: old })
    await login(email)
    expect((await hashOf()).passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456/)
    await people.identify(token)
  })

  it('opens no session for a password that was changed while it was checked', async () => {
    const { id } = await person()
    const opening = { userId: id, passwordHash: 'what it was', expiresAt: Date.now() + 1000 }
    expect(await refusal(open.system('openSession', opening))).toMatchObject({
      message: 'Invalid credentials',
    })
  })
})

describe('changePassword', () => {
  it('needs the old one, and a strong new one', async () => {
    const { actor, email } = await person()
    const change = (oldPassword: string, newPassword: string) =>
      run('changePassword', { oldPassword, newPassword }, actor)
    expect(await refusal(change('not this one', 'another one 9'))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(change(PASSWORD, 'short'))).toMatchObject({ code: 'weak_password' })
    await login(email)
  })
})

describe('refreshToken', () => {
  it('gives the same session a later end', async () => {
    const { actor, token, expiresAtMs } = await person()
    open.time.now += 60_000
    const reply = await run('refreshToken', {}, actor)
    const fresh = await people.identify(reply.token)
    expect(fresh.actor).toEqual(actor)
    expect(fresh.expiresAtMs).toBe((expiresAtMs ?? 0) + 60_000)
    await people.identify(token)
  })
})

describe('getMe', () => {
  it('tells who the token names, and no hash', async () => {
    const { id, actor, email } = await person()
    expect(await run('getMe', {}, actor)).toEqual({
      user: { id, email, role: 'user', roles: ['user'], disabled: false },
    })
  })
})

describe('the log', () => {
  it('names no e-mail, password, token or key', () => {
    const text = logged.join('')
    expect(text).toContain('"event":"login"')
    expect(text).not.toMatch(/example\.test|belfry\.test|correct horse|admin password|eyJ|bk_/i)
  })
})
