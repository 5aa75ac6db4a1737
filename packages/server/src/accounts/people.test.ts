import { beforeEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../config.ts'
import { createPeople } from './people.ts'
import { ADMIN, PASSWORD, refusal, withPeople } from './test/with-people.ts'

const [limited, byName] = [await withPeople(), await withPeople({ AUTH: 'open', RATE_LIMIT: 'off' })]
const HOUR = 3_600_000
beforeEach(() => {
  limited.time.now += HOUR
})

describe('ADMIN_EMAIL', () => {
  it('names an admin that exists from the start and is never changed', async () => {
    const again = { ...limited.config, adminPassword: 'another password 9' }
    await createPeople({ ...limited.context, config: again })
    expect((await limited.admin()).actor).toMatchObject({ roles: ['admin'] })
    const other = limited.login(ADMIN.ADMIN_EMAIL, 'another password 9')
    expect(await refusal(other)).toMatchObject({ code: 'unauthorized' })
  })

  it('does not raise the role of who has the address', async () => {
    const { email } = await limited.person()
    await createPeople({ ...limited.context, config: { ...limited.config, adminEmail: email } })
    expect((await limited.login(email)).actor).toMatchObject({ roles: ['user'] })
    expect(limited.logged.join('')).toContain('without the role admin')
  })

  it('with a common password does not start in production', async () => {
    const config = {
      ...limited.config,
      isProduction: true,
      adminEmail: 'new@example.test',
      adminPassword: 'password123',
    }
    const starting = createPeople({ ...limited.context, config })
    await expect(starting).rejects.toThrow(ConfigError)
    await expect(starting).rejects.toThrow('ADMIN_PASSWORD')
  })
})

describe('limits', () => {
  it('C7 10 wrong passwords close one account for a while, and nothing else', async () => {
    const { email, token } = await limited.person()
    const other = await limited.person()
    const attempt = (password: string) => limited.run('login', { email, password })
    for (let number = 0; number < 10; number++) {
      expect(await refusal(attempt('not this one'))).toMatchObject({ message: 'Invalid credentials' })
    }
    const { code, details } = await refusal(attempt(PASSWORD))
    expect(code).toBe('rate_limited')
    expect(details.retryAfterMs).toBeGreaterThan(0)
    const louder = limited.run('login', { email: email.toUpperCase(), password: PASSWORD })
    expect(await refusal(louder)).toMatchObject({ code })
    await limited.people.identify(token)
    await limited.login(other.email)
    limited.time.now += 60_000
    await attempt(PASSWORD)
  })

  it('a disabled account tells nobody that the password is right, not even by its limit', async () => {
    const { id, email } = await limited.person()
    const { actor: admin } = await limited.admin()
    await limited.run('updateUser', { id, disabled: true }, admin)
    const attempt = () => limited.run('login', { email, password: PASSWORD })
    for (let number = 0; number < 10; number++)
      expect(await refusal(attempt())).toMatchObject({ code: 'unauthorized' })
    expect(await refusal(attempt())).toMatchObject({ code: 'rate_limited' })
  })

  it('C8 100 attempts close one address', async () => {
    const attempt = (account: number, address = '10.9.9.9') =>
      limited.run(
        'login',
        { email: `nobody-${account % 10}@example.test`, password: 'no' },
        undefined,
        address,
      )
    for (let number = 0; number < 100; number++) {
      const { code } = await refusal(attempt(number))
      // Ten accounts of ten failures: none is closed before the address is.
      expect(code).toBe('unauthorized')
    }
    expect(await refusal(attempt(100))).toMatchObject({ code: 'rate_limited' })
    expect(await refusal(limited.login('somebody@example.test'))).toMatchObject({ code: 'unauthorized' })
  }, 60_000)

  it('30 registrations a minute from one address are enough', async () => {
    const attempt = () => limited.run('register', { email: limited.freshEmail(), password: 'short' })
    for (let number = 0; number < 30; number++)
      expect(await refusal(attempt())).toMatchObject({ code: 'weak_password' })
    expect(await refusal(attempt())).toMatchObject({ code: 'rate_limited' })
  })

  it('an old password is guessed no faster with a token', async () => {
    const { actor } = await limited.person()
    const attempt = () =>
      limited.run('changePassword', { oldPassword: 'no', newPassword: 'another one 9' }, actor)
    for (let number = 0; number < 10; number++)
      expect(await refusal(attempt())).toMatchObject({ code: 'forbidden' })
    expect(await refusal(attempt())).toMatchObject({ code: 'rate_limited' })
  })

  it('are lifted with RATE_LIMIT=off', async () => {
    const attempt = () => byName.run('login', { email: 'nobody@example.test', password: 'no' })
    for (let number = 0; number < 12; number++)
      expect(await refusal(attempt())).toMatchObject({ code: 'unauthorized' })
  })
})

describe('open mode', () => {
  const { people, dump, run } = byName

  it('makes whoever is named a user, once', async () => {
    const { actor, expiresAtMs } = await people.name('ada')
    expect(actor).toEqual({ kind: 'user', id: 'ada', roles: ['user'], sessionId: 'open' })
    expect(expiresAtMs).toBeUndefined()
    const before = dump()
    await people.name('ada')
    await people.ensure(['ada', 'ada'])
    expect(dump()).toBe(before)
    await people.ensure(['grace', 'ada'])
    const after = dump()
    await people.ensure(['grace'])
    expect(dump()).toBe(after)
    expect(await people.recheck(actor)).toEqual(actor)
    await run('notify', { audience: { users: ['ada', 'grace', 'new'] }, message: 'hello' }, { kind: 'open' })
    expect(await run('countNotifications', {}, (await people.name('new')).actor)).toMatchObject({ unread: 1 })
    expect(await refusal(run('logout', {}, actor))).toMatchObject({ code: 'forbidden' })
  })

  it('refuses names outside the grammar, and those of disabled or deleted users', async () => {
    for (const name of ['a:b', '', 'x'.repeat(129), 'a b', '../x']) {
      expect(await refusal(people.name(name))).toMatchObject({ code: 'unauthorized' })
    }
    await people.ensure(['off', 'gone'])
    await run('updateUser', { id: 'off', disabled: true }, { kind: 'open' })
    await run('deleteUser', { id: 'gone' }, { kind: 'open' })
    for (const name of ['off', 'gone'])
      expect(await refusal(people.name(name))).toMatchObject({ code: 'unauthorized' })
    expect(await refusal(people.ensure(['gone']))).toMatchObject({ code: 'not_found' })
  })

  it('is not to be had in account mode', async () => {
    const { id } = await limited.person()
    expect(await refusal(limited.people.name(id))).toMatchObject({ code: 'unauthorized' })
  })
})

describe('a sample person', () => {
  it('signs in without a password, and nobody signs in with one', async () => {
    const wanted = { email: 'ada@playground.invalid', roles: ['admin', 'user'] }
    const { id, openSession } = await limited.people.sample(wanted)
    expect((await limited.people.sample(wanted)).id).toBe(id)
    const { token } = await openSession()
    expect((await limited.people.identify(token)).actor).toMatchObject({ id, roles: ['admin', 'user'] })
    for (const password of ['', 'null', 'undefined']) {
      const attempt = limited.run('login', { email: wanted.email, password })
      expect(await refusal(attempt)).toMatchObject({ message: 'Invalid credentials' })
    }
  })
})
