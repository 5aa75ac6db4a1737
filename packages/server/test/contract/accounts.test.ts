/** contract.md §3: registration and login. */
import { freshEmail, http, list, login, register, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectRefusal, expectSuccess, ID } from '../support/expect.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const PASSWORD = 'correct horse battery'
const post = (path: 'register' | 'login', body: unknown) =>
  http(context.server).post(`/api/auth/${path}`, body)

describe('POST /api/auth/register', () => {
  it('makes an account and gives id, e-mail and role', async () => {
    const email = freshEmail()
    const body = expectSuccess(await post('register', { email, password: PASSWORD }), 201)
    expect(body.user).toMatchObject({ id: expect.stringMatching(ID), email, role: 'user' })
  })

  it('refuses an e-mail that is in use with the text "Email in use", whatever the case of its letters', async () => {
    const email = freshEmail()
    await register(context.server, { email })
    for (const same of [email, email.toUpperCase(), email.replace('p-', 'P-')]) {
      expectRefusal(
        await post('register', { email: same, password: PASSWORD }),
        400,
        'email_in_use',
        'Email in use',
      )
    }
  })

  it('refuses a password under 8 characters as weak, and takes one of 8', async () => {
    const email = freshEmail()
    expectRefusal(await post('register', { email, password: 'zq8-Rx1' }), 400, 'weak_password')
    expectSuccess(await post('register', { email, password: 'zq8-Rx1v' }), 201)
  })

  it('refuses a role that nobody may give themselves, and makes no account', async () => {
    for (const role of ['admin', 'superuser']) {
      const email = freshEmail()
      expectRefusal(await post('register', { email, password: PASSWORD, role }), 403, 'role_not_allowed')
      expectRefusal(
        await post('login', { email, password: PASSWORD }),
        401,
        'unauthorized',
        'Invalid credentials',
      )
      expectSuccess(await post('register', { email, password: PASSWORD }), 201)
    }
  })

  it('makes one account of 50 registrations of the same e-mail at once', async () => {
    const email = freshEmail()
    const body = { email, password: PASSWORD }
    const replies = await Promise.all(Array.from({ length: 50 }, () => post('register', body)))
    const statuses = replies.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, ...Array.from({ length: 49 }, () => 400)])
    for (const reply of replies.filter(({ status }) => status === 400)) {
      expectRefusal(reply, 400, 'email_in_use', 'Email in use')
    }
  })

  for (const body of [
    {},
    { email: 'a@b.example' },
    { password: PASSWORD },
    { email: 'no at sign', password: PASSWORD },
  ]) {
    it(`refuses ${JSON.stringify(body)} as invalid`, async () => {
      expectRefusal(await post('register', body), 400, 'validation_failed')
    })
  }
})

describe('POST /api/auth/login', () => {
  it('gives a JWT and the account', async () => {
    const email = freshEmail()
    const { user } = (await post('register', { email, password: PASSWORD, role: 'patient' })).body
    const body = expectSuccess(await post('login', { email, password: PASSWORD }))
    expect(body.user).toMatchObject({ id: user?.id, email, role: 'patient' })
    expect(body.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  it('does not mind the case of the letters of the e-mail', async () => {
    const { email, password, id } = await register(context.server)
    expect(await login(context.server, email.toUpperCase(), password)).toMatchObject({ id })
  })

  it('answers an unknown e-mail and a wrong password with the same 401 "Invalid credentials"', async () => {
    const { email } = await register(context.server)
    const wrong = await post('login', { email, password: 'not this one' })
    const unknown = await post('login', { email: freshEmail(), password: 'not this one' })
    expectRefusal(wrong, 401, 'unauthorized', 'Invalid credentials')
    expect({ status: unknown.status, body: unknown.body }).toEqual({ status: wrong.status, body: wrong.body })
  })

  it('takes the password exactly as it was given', async () => {
    const { email } = await register(context.server, { password: ' pässwörd\u0301 ' })
    for (const password of ['pässwörd\u0301', ' PÄSSWÖRD\u0301 ', ' pässwörd ']) {
      expect((await post('login', { email, password })).status).toBe(401)
    }
    expect((await post('login', { email, password: ' pässwörd\u0301 ' })).status).toBe(200)
  })
})

describe('an account', () => {
  it('starts with an empty list and a count of 0', async () => {
    const person = await register(context.server)
    expect(await list(person)).toEqual([])
    expect(await unread(person)).toBe(0)
  })

  it('never shows its password or its hash in a reply', async () => {
    const email = freshEmail()
    const password = 'a password to look for'
    const replies = [
      await post('register', { email, password }),
      await post('register', { email, password }),
      await post('login', { email, password }),
      await post('login', { email, password: `${password}!` }),
    ]
    for (const { text } of replies) {
      expect(text).not.toContain(password)
      expect(text).not.toMatch(/argon2|scrypt|\$2[aby]\$|hash/i)
    }
  })
})
