import { describe, expect, it } from 'vitest'
import { ADMIN, PASSWORD, refusal, withPeople } from './with-people.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
const { run, freshEmail, login, person, people, dump, logged } = open
const INVALID = { code: 'unauthorized', message: 'Invalid token' }

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

describe('B8 a token ends at once', () => {
  it('with its session', async () => {
    const { email, token, actor, id } = await person()
    const other = await login(email)
    const revoked: boolean[][] = []
    people.onRevoked((user, matches) => {
      if (user === id)
        revoked.push([actor, other.actor].map((one) => one.kind === 'user' && matches(one.sessionId)))
    })
    await run('logout', {}, actor)
    expect(await refusal(people.identify(token))).toMatchObject(INVALID)
    expect(await refusal(people.recheck(actor))).toMatchObject(INVALID)
    await people.identify(other.token)
    expect(revoked).toEqual([[true, false]])
    expect(await refusal(run('refreshToken', {}, actor))).toMatchObject(INVALID)
  })

  it('with all sessions', async () => {
    const { email, token, actor } = await person()
    const other = await login(email)
    await run('logout', { everywhere: true }, actor)
    for (const gone of [token, other.token])
      expect(await refusal(people.identify(gone))).toMatchObject(INVALID)
    await people.identify((await login(email)).token)
  })

  it('with a change of the password, but for the session that changed it', async () => {
    const { email, token, actor } = await person()
    const other = await login(email)
    await run('changePassword', { oldPassword: PASSWORD, newPassword: 'another one 9' }, actor)
    await people.identify(token)
    expect(await refusal(people.identify(other.token))).toMatchObject(INVALID)
    expect(await refusal(login(email))).toMatchObject({ message: 'Invalid credentials' })
    await login(email, 'another one 9')
  })

  it('with the account, whose e-mail is free again and whose id is not', async () => {
    const { email, token, actor, id } = await person()
    const { actor: admin } = await open.admin()
    await run('notify', { audience: { user: id }, message: 'soon gone' }, admin)
    await run('deleteUser', { id }, admin)
    expect(await refusal(people.identify(token))).toMatchObject(INVALID)
    expect(await refusal(people.recheck(actor))).toMatchObject(INVALID)
    for (const name of ['deleteUser', 'updateUser'] as const) {
      expect(await refusal(run(name, { id }, admin))).toMatchObject({ code: 'not_found' })
    }
    expect(await refusal(run('notify', { audience: { user: id }, message: 'x' }, admin))).toMatchObject({
      code: 'not_found',
    })
    expect(await refusal(open.system('ensureUsers', { ids: [id], roles: ['user'] }))).toMatchObject({
      code: 'not_found',
    })
    const { user } = await run('register', { email, password: PASSWORD })
    expect(user.id).not.toBe(id)
    expect(dump()).not.toContain('soon gone')
  })

  it('with the account disabled, and does not come back with it', async () => {
    const { email, token, id } = await person()
    const { actor: admin } = await open.admin()
    await run('updateUser', { id, disabled: true }, admin)
    expect(await refusal(people.identify(token))).toMatchObject(INVALID)
    await run('updateUser', { id, disabled: false }, admin)
    expect(await refusal(people.identify(token))).toMatchObject(INVALID)
    await login(email)
  })

  it('but not by forgetting expired sessions of others', async () => {
    const { token } = await person()
    expect(await open.system('forgetSessions', {})).toEqual({ forgotten: 0 })
    await people.identify(token)
  })
})

describe('a deleted recipient of a shared text', () => {
  it('takes nothing from the others', async () => {
    const [first, second] = [await person(), await person()]
    const { actor: admin } = await open.admin()
    await run('notify', { audience: { users: [first.id, second.id] }, message: 'for both' }, admin)
    await run('deleteUser', { id: first.id }, admin)
    const { notifications } = await run('listNotifications', {}, second.actor)
    expect(notifications).toMatchObject([{ message: 'for both' }])
    await open.system('expireItems', {})
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

describe('updateUser', () => {
  it('changes roles at once: in tokens, on open sockets, and in what is heard', async () => {
    const { id, token, actor } = await person()
    const { actor: admin } = await open.admin()
    const heard: string[][] = []
    people.onRolesChanged((user, roles) => user === id && heard.push(roles))
    const { user } = await run('updateUser', { id, roles: ['nurse', 'admin', 'nurse'] }, admin)
    expect(user).toEqual({
      id,
      email: expect.any(String),
      role: 'admin',
      roles: ['nurse', 'admin'],
      disabled: false,
    })
    expect((await people.identify(token)).actor).toMatchObject({ roles: ['nurse', 'admin'] })
    expect(await people.recheck(actor)).toMatchObject({ roles: ['nurse', 'admin'] })
    expect(heard).toEqual([['nurse', 'admin']])
    await run('notify', { audience: { role: 'nurse' }, message: 'for nurses' }, admin)
    await run('notify', { audience: { role: 'user' }, message: 'for users' }, admin)
    const { notifications } = await run('listNotifications', {}, actor)
    expect(notifications.map(({ message }: { message: string }) => message)).toEqual(['for nurses'])
    await run('updateUser', { id, roles: ['user'] }, admin)
    expect(await people.recheck(actor)).toMatchObject({ roles: ['user'] })
  })

  it('writes nothing when nothing changes', async () => {
    const { id } = await person()
    const { actor: admin } = await open.admin()
    const before = dump()
    await run('updateUser', { id, roles: ['user'], disabled: false }, admin)
    expect(dump()).toBe(before)
  })

  it('leaves one admin', async () => {
    const { actor: admin } = await open.admin()
    const id = admin.kind === 'user' ? admin.id : ''
    for (const change of [{ roles: ['user'] }, { disabled: true }]) {
      expect(await refusal(run('updateUser', { id, ...change }, admin))).toMatchObject({ code: 'forbidden' })
    }
    expect(await refusal(run('deleteUser', { id }, admin))).toMatchObject({ code: 'forbidden' })
    const second = await person()
    await run('updateUser', { id: second.id, roles: ['admin'] }, admin)
    await run('deleteUser', { id: second.id }, admin)
  })

  it('is for admins', async () => {
    const { actor, id } = await person()
    expect(await refusal(run('updateUser', { id, roles: ['admin'] }, actor))).toMatchObject({
      code: 'forbidden',
    })
  })

  it('of an unknown user is not_found', async () => {
    const { actor: admin } = await open.admin()
    expect(await refusal(run('updateUser', { id: 'nobody', disabled: true }, admin))).toMatchObject({
      code: 'not_found',
    })
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

describe('API keys', () => {
  const makeKey = async (scopes: string[], owner = open.admin) => {
    const { actor } = await owner()
    return (await run('createKey', { name: 'backend', scopes }, actor)).key
  }

  it('show their secret once, stand for their scopes, and end at once', async () => {
    const key = await makeKey(['notifications:send'])
    expect(key).toMatchObject({
      name: 'backend',
      scopes: ['notifications:send'],
      revokedAt: null,
      secret: expect.stringMatching(/^bk_[\w-]{43}$/),
    })
    const { actor, expiresAtMs } = await people.identify(key.secret)
    expect(actor).toMatchObject({ kind: 'key', id: key.id, scopes: ['notifications:send'] })
    expect(expiresAtMs).toBeUndefined()
    await run('broadcast', { message: 'from a key' }, actor)
    expect(dump()).not.toContain(key.secret)
    const { actor: admin } = await open.admin()
    const { keys } = await run('listKeys', {}, admin)
    expect(keys.find(({ id }: { id: string }) => id === key.id)).toEqual({ ...key, secret: undefined })
    expect(JSON.stringify(keys)).not.toMatch(/secret|hash/)
    await run('revokeKey', { id: key.id }, admin)
    await run('revokeKey', { id: key.id }, admin)
    for (const gone of [people.identify(key.secret), people.recheck(actor)])
      expect(await refusal(gone)).toMatchObject(INVALID)
    expect(await refusal(run('revokeKey', { id: 'nothing' }, admin))).toMatchObject({ code: 'not_found' })
  })

  it('J2 without the scope are refused', async () => {
    const { secret } = await makeKey(['rooms:manage'])
    const { actor } = await people.identify(secret)
    expect(await refusal(run('broadcast', { message: 'x' }, actor))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(run('getMe', {}, actor))).toMatchObject({ code: 'forbidden' })
    expect(await refusal(run('createKey', { name: 'x', scopes: ['admin'] }, actor))).toMatchObject({
      code: 'forbidden',
    })
  })

  it('J2 rest while their owner is disabled or no admin, and end with the owner', async () => {
    const owner = await person()
    const { actor: admin } = await open.admin()
    await run('updateUser', { id: owner.id, roles: ['admin'] }, admin)
    const { secret } = await makeKey(['admin'], () => login(owner.email))
    const { actor } = await people.identify(secret)
    await run('updateUser', { id: owner.id, roles: ['user'] }, admin)
    expect(await refusal(people.identify(secret))).toMatchObject(INVALID)
    expect(await refusal(people.recheck(actor))).toMatchObject(INVALID)
    await run('updateUser', { id: owner.id, roles: ['admin'], disabled: true }, admin)
    expect(await refusal(people.identify(secret))).toMatchObject(INVALID)
    await run('updateUser', { id: owner.id, disabled: false }, admin)
    expect(await people.recheck(actor)).toEqual(actor)
    await run('deleteUser', { id: owner.id }, admin)
    expect(await refusal(people.identify(secret))).toMatchObject(INVALID)
  })

  it('that manage users do not make admins, nor touch them', async () => {
    const { secret } = await makeKey(['users:manage'])
    const { actor } = await people.identify(secret)
    const { id } = await person()
    await run('updateUser', { id, roles: ['nurse'] }, actor)
    expect(await refusal(run('updateUser', { id, roles: ['admin'] }, actor))).toMatchObject({
      code: 'forbidden',
    })
    const { actor: admin } = await open.admin()
    await run('updateUser', { id, roles: ['admin'] }, admin)
    for (const change of [{ roles: ['nurse'] }, { disabled: true }]) {
      expect(await refusal(run('updateUser', { id, ...change }, actor))).toMatchObject({ code: 'forbidden' })
    }
    expect(await refusal(run('deleteUser', { id }, actor))).toMatchObject({ code: 'forbidden' })
    await run('deleteUser', { id }, admin)
  })

  it('of other shapes are refused', async () => {
    for (const key of ['bk_', `bk_${'x'.repeat(43)}`, `bk_${'x'.repeat(44)}`, `bk_${'='.repeat(43)}`]) {
      expect(await refusal(people.identify(key))).toMatchObject(INVALID)
    }
  })

  it('belong to a person', async () => {
    expect(
      await refusal(open.store.transact('storeKey', { kind: 'open' }, { name: 'x', scopes: [], hash: 'h' })),
    ).toMatchObject({
      code: 'forbidden',
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
