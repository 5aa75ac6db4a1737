import { describe, expect, it } from 'vitest'
import { PASSWORD, refusal, withPeople } from './test/with-people.ts'

const open = await withPeople({ RATE_LIMIT: 'off' })
const { run, login, person, people, dump } = open
const INVALID = { code: 'unauthorized', message: 'Invalid token' }

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
    expect(await open.work('forgetSessions', {})).toEqual({ forgotten: 0 })
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
    await open.work('expireItems', {})
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

  it('is in the log, with who did it and from where', async () => {
    const { id } = await person()
    const { actor: admin } = await open.admin()
    await run('updateUser', { id, roles: ['user'] }, admin)
    const principal = admin.kind === 'user' ? `user:${admin.id}` : ''
    expect(open.logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        ...{ event: 'admin', command: 'updateUser', actor: principal, address: '10.0.0.1' },
      }),
    )
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
