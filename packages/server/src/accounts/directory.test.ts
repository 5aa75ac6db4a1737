import type { Entry } from '@belfry/protocol'
import { Failure } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import type { Account } from './account-row.ts'
import type { Claims } from './claims.ts'
import { Directory } from './directory.ts'
import { refusal } from './test/with-people.ts'

const ADA: Account = { id: 'ada', email: null, roles: ['user'], isDisabled: false, passwordHash: 'hash' }
const INVALID = { code: 'unauthorized', message: 'Invalid token' }

/** A directory over a store that a test answers for, with tokens that say what they are. */
function setUp(options: { isOpen?: boolean } = {}) {
  const accounts = new Map<string, Account>([['ada', ADA]])
  const sessions = new Set(['s-1', 's-2'])
  const asked: string[] = []
  const errors: unknown[] = []
  const away = { error: undefined as Error | undefined }
  /** Runs between the store's look and its answer. */
  const meanwhile = { run: () => {} }
  const answer = (query: string, input: unknown): unknown => {
    const { id, sessionId } = input as { id: string; sessionId: string }
    return query === 'accountById' ? accounts.get(id) : sessions.has(sessionId)
  }
  const directory = new Directory({
    store: {
      async read(query, input) {
        asked.push(query)
        if (away.error) throw away.error
        const found = answer(query, input)
        meanwhile.run()
        return found
      },
      async transact(command, _, input) {
        asked.push(command)
        if (away.error) throw away.error
        const { ids = [], id, roles } = input as { ids?: string[]; id?: string; roles: string[] }
        for (const one of ids) accounts.set(one, { ...ADA, id: one, roles, passwordHash: undefined })
        if (id !== undefined) {
          accounts.set(id, { ...ADA, id, roles, passwordHash: undefined })
          directory.onEntry(entry(`user:${id}`, 'account.changed', { roles, disabled: false }))
        }
        return {}
      },
    },
    tokens: {
      async verify(token) {
        if (typeof token !== 'string' || !token.startsWith('{'))
          throw new Failure('unauthorized', { message: 'Invalid token' })
        return {
          sessionId: undefined,
          issuedAtMs: 0,
          expiresAtMs: 1,
          roles: undefined,
          ...JSON.parse(token),
        } as Claims
      },
    },
    log: { error: (line: unknown) => void errors.push(line) },
    isOpen: options.isOpen ?? false,
    defaultRole: 'user',
  })
  return { directory, accounts, sessions, asked, errors, away, meanwhile }
}

const entry = (topic: string, kind: Entry['kind'], data: object) =>
  ({ topic, kind, data, offset: 1, at: '2026-01-01T00:00:00.000Z' }) as Entry
const token = (claims: object) => JSON.stringify(claims)
const own = (sessionId = 's-1', userId = 'ada') => token({ userId, sessionId })

describe('Directory', () => {
  it('asks the store once, and then answers from memory', async () => {
    const { directory, asked } = setUp()
    const first = await directory.identify(own())
    expect(first).toEqual({
      actor: { kind: 'user', id: 'ada', roles: ['user'], sessionId: 's-1' },
      expiresAtMs: 1,
    })
    for (let times = 0; times < 10; times++) await directory.identify(own())
    await directory.recheck(first.actor)
    expect(asked).toEqual(['accountById', 'isSessionLive'])
  })

  it('B1 says "No token" when there is none', async () => {
    const { directory } = setUp()
    for (const nothing of [undefined, null, '']) {
      expect(await refusal(directory.identify(nothing))).toMatchObject({
        code: 'unauthorized',
        message: 'No token',
      })
    }
    expect(await refusal(directory.identify('Bearer'))).toMatchObject(INVALID)
    expect(await refusal(directory.identify({ token: own() }))).toMatchObject(INVALID)
  })

  it('refuses unknown users and sessions, and remembers neither', async () => {
    const { directory, sessions, accounts } = setUp()
    expect(await refusal(directory.identify(own('s-9')))).toMatchObject(INVALID)
    expect(await refusal(directory.identify(own('s-1', 'eve')))).toMatchObject(INVALID)
    sessions.add('s-9')
    accounts.set('eve', { ...ADA, id: 'eve' })
    await directory.identify(own('s-9'))
    await directory.identify(own('s-1', 'eve'))
  })

  it('follows the log without asking again', async () => {
    const { directory, sessions } = setUp()
    const { actor } = await directory.identify(own('s-1'))
    await directory.identify(own('s-2'))
    directory.onEntry(entry('user:ada', 'account.changed', { roles: ['nurse'], disabled: false }))
    expect(await directory.recheck(actor)).toEqual({ ...actor, roles: ['nurse'] })
    sessions.delete('s-1')
    directory.onEntry(entry('user:ada', 'session.revoked', { ids: ['s-1'] }))
    expect(await refusal(directory.recheck(actor))).toMatchObject(INVALID)
    await directory.identify(own('s-2'))
    directory.onEntry(entry('user:ada', 'account.changed', { roles: ['nurse'], disabled: true }))
    expect(await refusal(directory.identify(own('s-2')))).toMatchObject(INVALID)
  })

  it('forgets what another node has changed, and asks again', async () => {
    const { directory, sessions, accounts, asked } = setUp()
    const { actor } = await directory.identify(own('s-1'))
    sessions.delete('s-1')
    directory.forget('eve')
    await directory.recheck(actor)
    directory.forget('ada')
    expect(await refusal(directory.recheck(actor))).toMatchObject(INVALID)
    accounts.set('ada', { ...ADA, roles: ['nurse'] })
    directory.forget('ada')
    expect((await directory.identify(own('s-2'))).actor).toMatchObject({ roles: ['nurse'] })
    asked.length = 0
    await directory.identify(own('s-2'))
    expect(asked).toEqual([])
  })

  it('tells which sessions ended', () => {
    const { directory } = setUp()
    const told: string[][] = []
    directory.onRevoked((user, matches) => told.push([user, ...['s-1', 's-2', 'k-1'].filter(matches)]))
    directory.onEntry(entry('user:ada', 'session.revoked', { ids: ['s-1'] }))
    directory.onEntry(entry('user:ada', 'session.revoked', { keep: 's-1' }))
    directory.onEntry(entry('user:ada', 'session.revoked', {}))
    directory.onEntry(entry('user:ada', 'key.revoked', { id: 'k-1' }))
    directory.onEntry(entry('user:ada', 'account.changed', { roles: ['user'], disabled: true }))
    directory.onEntry(entry('user:ada', 'account.changed', { roles: ['user'], disabled: false }))
    directory.onEntry(entry('all', 'item.created', {}))
    expect(told).toEqual([
      ['ada', 's-1'],
      ['ada', 's-2', 'k-1'],
      ['ada', 's-1', 's-2', 'k-1'],
      ['ada', 'k-1'],
      ['ada', 's-1', 's-2', 'k-1'],
    ])
  })

  it('does not remember what ended while it was read', async () => {
    const { directory, sessions, accounts, meanwhile } = setUp()
    await directory.identify(own('s-2'))
    meanwhile.run = () => {
      sessions.delete('s-1')
      directory.onEntry(entry('user:ada', 'session.revoked', { ids: ['s-1'] }))
    }
    await directory.identify(own('s-1'))
    meanwhile.run = () => {}
    expect(await refusal(directory.identify(own('s-1')))).toMatchObject(INVALID)

    accounts.set('eve', { ...ADA, id: 'eve' })
    meanwhile.run = () => {
      accounts.set('eve', { ...ADA, id: 'eve', isDisabled: true })
      directory.onEntry(entry('user:eve', 'account.changed', { roles: ['user'], disabled: true }))
    }
    await directory.identify(own('s-2', 'eve'))
    meanwhile.run = () => {}
    expect(await refusal(directory.identify(own('s-2', 'eve')))).toMatchObject(INVALID)
  })

  for (const error of [new Error('gone'), new Failure('outcome_unknown'), new Failure('unavailable')]) {
    it(`is unavailable, never unauthorized, when the store answers ${error.message}`, async () => {
      const { directory, away, errors } = setUp()
      const { actor } = await directory.identify(own())
      away.error = error
      await directory.identify(own())
      await directory.recheck(actor)
      for (const work of [
        directory.identify(own('s-2')),
        directory.identify(own('s-1', 'eve')),
        directory.identify(`bk_${'x'.repeat(43)}`),
      ]) {
        expect(await refusal(work)).toMatchObject({ code: 'unavailable' })
      }
      expect(errors).toHaveLength(error.message === new Failure('unavailable').message ? 0 : 3)
    })
  }
})

describe('Directory with an external issuer', () => {
  const external = (userId: string, more: object = {}) => token({ userId, ...more })

  it('makes its users on their first token', async () => {
    const { directory, asked } = setUp()
    const { actor } = await directory.identify(external('eve'))
    expect(actor).toEqual({ kind: 'user', id: 'eve', roles: ['user'], sessionId: 'external' })
    expect(await directory.recheck(actor)).toEqual(actor)
    expect(asked).toEqual(['accountById', 'ensureUsers', 'accountById'])
  })

  it('lets it speak for nobody who has a password here', async () => {
    const { directory } = setUp()
    expect(await refusal(directory.identify(external('ada')))).toMatchObject(INVALID)
  })

  it('takes roles over from the newest token, and an older one brings none back', async () => {
    const { directory, accounts } = setUp()
    await directory.identify(external('eve', { roles: ['admin'], issuedAtMs: 1000 }))
    expect(accounts.get('eve')?.roles).toEqual(['admin'])
    const { actor } = await directory.identify(external('eve', { roles: ['nurse'], issuedAtMs: 2000 }))
    expect(actor).toMatchObject({ roles: ['nurse'] })
    expect(accounts.get('eve')?.roles).toEqual(['nurse'])
    const old = await directory.identify(external('eve', { roles: ['admin'], issuedAtMs: 1000 }))
    expect(old.actor).toMatchObject({ roles: ['nurse'] })
    expect(accounts.get('eve')?.roles).toEqual(['nurse'])
    const none = await directory.identify(external('eve', { roles: [], issuedAtMs: 3000 }))
    expect(none.actor).toMatchObject({ roles: ['user'] })
  })

  it('leaves roles to the store when there is no map', async () => {
    const { directory, accounts } = setUp()
    accounts.set('eve', { ...ADA, id: 'eve', roles: ['admin'], passwordHash: undefined })
    const { actor } = await directory.identify(external('eve', { issuedAtMs: 1000 }))
    expect(actor).toMatchObject({ roles: ['admin'] })
  })

  it('refuses who is disabled', async () => {
    const { directory, accounts } = setUp()
    accounts.set('eve', { ...ADA, id: 'eve', passwordHash: undefined, isDisabled: true })
    expect(await refusal(directory.identify(external('eve')))).toMatchObject(INVALID)
  })
})
