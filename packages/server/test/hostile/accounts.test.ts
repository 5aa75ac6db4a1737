/** security.md §12, C1–C6, C9: registration and login with what people should not send. */
import { freshEmail, http, register } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const PASSWORD = 'a-good-password'
const post = (path: 'register' | 'login', json: unknown) =>
  http(context.server).request('POST', `/api/auth/${path}`, { json })
const withPassword = (password: unknown) => ({ email: freshEmail(), password })

describe('C1: a role that nobody may give themselves', () => {
  for (const role of [
    'admin',
    'ADMIN',
    'Admin',
    ' admin',
    'admin\u0000',
    ['admin'],
    { $ne: 'user' },
    1,
    true,
    null,
    '',
  ]) {
    it(`${JSON.stringify(role)} is refused, and no account is made`, async () => {
      const email = freshEmail()
      const reply = await context.unchanged(() => post('register', { email, password: PASSWORD, role }))
      expectRefusedWith(reply, 400, 403)
      expectRefusedWith(await post('login', { email, password: PASSWORD }), 401)
    })
  }
})

describe('C2: fields that the server owns', () => {
  for (const extra of [
    { id: 'chosen' },
    { _id: 'chosen' },
    { isAdmin: true },
    { createdAt: '2020-01-01' },
    { roles: ['admin'] },
    { disabled: false },
  ]) {
    it(`${JSON.stringify(extra)} is refused with 400`, async () => {
      const body = { ...withPassword(PASSWORD), ...extra }
      expectRefusedWith(await context.unchanged(() => post('register', body)), 400)
    })
  }

  it('__proto__ is refused with 400', async () => {
    const raw = `{"email":"${freshEmail()}","password":"${PASSWORD}","__proto__":{"role":"admin"}}`
    const options = { raw, headers: { 'content-type': 'application/json' } }
    expectRefusedWith(
      await context.unchanged(() => http(context.server).request('POST', '/api/auth/register', options)),
      400,
    )
  })
})

describe('C3 C4: an e-mail that is none', () => {
  const emails = [
    { $ne: null },
    { $gt: '' },
    ['a@b.example'],
    1,
    null,
    true,
    '',
    'plain',
    `${'x'.repeat(300)}@example.test`,
    'a@@b.example',
    'a@b@c.example',
    'a@b.example\r\nBcc: c@d.example',
    'a\u0000@b.example',
    'a b@c.example',
    '@b.example',
    'a@',
  ]
  for (const email of emails) {
    it(`${JSON.stringify(email).slice(0, 40)} is refused with 400 at registration, and at login with 400 or 401`, async () => {
      const body = { email, password: PASSWORD }
      expectRefusedWith(await context.unchanged(() => post('register', body)), 400)
      expectRefusedWith(await context.unchanged(() => post('login', body)), 400, 401)
    })
  }

  it('in other letters of a known one is in use', async () => {
    const { email } = await register(context.server)
    const reply = await context.unchanged(() =>
      post('register', { email: email.toUpperCase(), password: PASSWORD }),
    )
    expectRefusal(reply, 400, 'email_in_use', 'Email in use')
  })
})

describe('C5: passwords', () => {
  const letters = (length: number) => 'Zq8-'.repeat(300).slice(0, length)

  it('of 7 characters is weak, of 8 and 64 are taken', async () => {
    expectRefusal(
      await context.unchanged(() => post('register', withPassword(letters(7)))),
      400,
      'weak_password',
    )
    for (const length of [8, 64]) expectSuccess(await post('register', withPassword(letters(length))), 201)
  })

  it('of 73 is taken, and its 73rd character counts', async () => {
    const { email } = await register(context.server, { password: letters(73) })
    expectRefusedWith(await post('login', { email, password: letters(72) }), 401)
    expectRefusedWith(await post('login', { email, password: `${letters(72)}!` }), 401)
    expectSuccess(await post('login', { email, password: letters(73) }))
  })

  it('of 1,024 bytes is taken, of 1,025 refused', async () => {
    expectSuccess(await post('register', withPassword(letters(1_024))), 201)
    expectRefusedWith(await context.unchanged(() => post('register', withPassword(letters(1_025)))), 400)
    expectRefusedWith(await context.unchanged(() => post('register', withPassword('ä'.repeat(513)))), 400)
  })

  for (const password of [null, 12_345_678, true, ['a-good-password'], { length: 20 }, '']) {
    it(`${JSON.stringify(password)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => post('register', withPassword(password))), 400)
      expectRefusedWith(await context.unchanged(() => post('login', withPassword(password))), 400, 401)
    })
  }
})

describe('C6: SQL in fields', () => {
  for (const text of [
    "' OR 1=1--",
    '"; DROP TABLE users;--',
    "admin@belfry.test' --",
    "') OR ('1'='1",
    '%',
    '_',
  ]) {
    it(`${text} logs nobody in`, async () => {
      await context.unchanged(async () => {
        expectRefusedWith(await post('login', { email: text, password: text }), 400, 401)
        expectRefusedWith(await post('login', { email: context.admin.email, password: text }), 400, 401)
        expectRefusedWith(await post('register', { email: text, password: PASSWORD, role: text }), 400, 403)
      })
    })
  }
})

describe('C9: a login body', () => {
  for (const json of [
    [],
    {},
    { email: 'a@b.example' },
    { password: PASSWORD },
    { email: 'a@b.example', password: PASSWORD, otp: 1 },
  ]) {
    it(`${JSON.stringify(json)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => post('login', json)), 400)
    })
  }

  it('with a password of 1 MB is refused before it is hashed', async () => {
    const startedAt = performance.now()
    const reply = await context.unchanged(() =>
      post('login', { email: 'a@b.example', password: 'x'.repeat(1_000_000) }),
    )
    expectRefusedWith(reply, 413)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

describe('the time of a failed login', () => {
  it('does not tell whether the account exists', async () => {
    const { email } = await register(context.server)
    const times = async (address: () => string) => {
      const all: number[] = []
      for (let round = 0; round < 7; round++) {
        const startedAt = performance.now()
        await post('login', { email: address(), password: 'wrong-password' })
        all.push(performance.now() - startedAt)
      }
      return all.sort((a, b) => a - b)[3] ?? 0
    }
    const [known, unknown] = [await times(() => email), await times(freshEmail)]
    // Without a hash for unknown accounts the ratio is 10 and more; noise of a shared machine stays under 3.
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(3)
  })
})
