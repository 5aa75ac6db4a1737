/** The tools against a real server: what they print, and how they end. */
import {
  ADMIN,
  admin,
  type BelfryServer,
  freePort,
  listAll,
  type Person,
  register,
  startServer,
} from '@belfry/testkit'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { registerCommands } from './index.ts'

let server: BelfryServer
let boss: Person
beforeAll(async () => {
  server = await startServer()
  boss = await admin(server)
})
afterAll(() => server.close())
afterEach(() => {
  process.exitCode = 0
  vi.unstubAllEnvs()
})

/** One command as a shell would run it. */
async function belfry(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' }
  const keep = (name: 'out' | 'err') => (text: unknown) => {
    written[name] += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
  process.exitCode = 0
  // Before the commands are made: they take it over.
  const program = new Command('belfry').exitOverride()
  registerCommands(program)
  let code = 0
  try {
    await program.parseAsync(args, { from: 'user' })
    code = Number(process.exitCode)
  } catch (error) {
    code = (error as { exitCode: number }).exitCode
  }
  vi.restoreAllMocks()
  return { code, ...written }
}

const as = (token: string) => ['--url', server.url, '--token', token]

describe('belfry send', () => {
  it('prints the id of what it has sent, and nothing else', async () => {
    const ada = await register(server)
    const extras = [
      '--title',
      'Ship',
      '--type',
      'order:new',
      '--priority',
      'high',
      '--url-link',
      '/orders/17',
    ]
    const ended = await belfry(
      ...['send', ...as(boss.token), '--user', ada.id, '--message', 'Done', '--meta', '{"a":[1]}', ...extras],
    )
    expect(ended).toMatchObject({ code: 0, err: '' })
    const [note] = await listAll(ada)
    expect(ended.out).toBe(`${note?.id}\n`)
    expect(note).toMatchObject({
      title: 'Ship',
      message: 'Done',
      type: 'order:new',
      priority: 'high',
      meta: { a: [1] },
    })
    expect(note).toMatchObject({ url: '/orders/17' })
  })

  it.each([
    ['several users', (ada: Person, bob: Person) => ['--user', ada.id, bob.id]],
    ['a role', () => ['--role', 'user']],
    ['everyone', () => ['--all']],
  ])('reaches %s', async (_, audience) => {
    const [ada, bob] = [await register(server), await register(server)]
    const ended = await belfry('send', ...as(boss.token), '--message', 'All hands', ...audience(ada, bob))
    expect(ended.code).toBe(0)
    expect((await listAll(ada)).map(({ message }) => message)).toContain('All hands')
    expect((await listAll(bob)).map(({ message }) => message)).toContain('All hands')
  })

  it('takes address and token from the environment, and sends once for one key', async () => {
    const ada = await register(server)
    vi.stubEnv('BELFRY_URL', server.url)
    vi.stubEnv('BELFRY_TOKEN', boss.token)
    const command = ['send', '--user', ada.id, '--message', 'Once', '--idempotency-key', 'a key']
    const first = await belfry(...command)
    expect(first.code).toBe(0)
    expect(await belfry(...command)).toEqual(first)
    expect(await listAll(ada)).toHaveLength(1)
  })

  it('ends with 1 and the server’s reason when it is refused', async () => {
    const ada = await register(server)
    const refused = await belfry('send', ...as(ada.token), '--all', '--message', 'Spam')
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^belfry: forbidden: .+\n$/),
    })
    const unknown = await belfry('send', ...as(boss.token), '--room', 'nowhere', '--message', 'Hm')
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('not_found') })
  })

  it.each([
    [['--message', 'x'], 'Name exactly one of'],
    [['--message', 'x', '--all', '--role', 'user'], 'Name exactly one of'],
    [['--all'], "required option '--message"],
    [['--all', '--message', 'x', '--meta', '[1]'], '--meta must be a JSON object'],
    [['--all', '--message', 'x', '--meta', '{'], '--meta must be a JSON object'],
    [['--all', '--message', 'x', '--priority', 'loud'], 'Allowed choices'],
  ])('with %j ends with 1 and says why', async (args, reason) => {
    const ended = await belfry('send', ...as(boss.token), ...args)
    expect(ended).toMatchObject({ code: 1, out: '', err: expect.stringContaining(reason) })
  })

  it('ends with 75 when it may be tried again', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`
    const ended = await belfry('send', '--url', nobody, '--all', '--message', 'Hello?')
    expect(ended).toMatchObject({ code: 75, err: expect.stringContaining(`Nobody answers at ${nobody}`) })
  })

  it('ends with 1 where somebody else answers', async () => {
    const ended = await belfry('send', '--url', `${server.url}/nothing`, '--all', '--message', 'Hello?')
    expect(ended.code).toBe(1)
    const bad = await belfry('send', '--url', 'nonsense', '--all', '--message', 'Hello?')
    expect(bad).toMatchObject({ code: 1, err: expect.stringContaining('is no http(s) address') })
  })
})

describe('belfry keys', () => {
  it('makes a key that works, shows its secret once, and ends it', async () => {
    const made = await belfry('keys', 'create', 'ci', ...as(boss.token))
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^bk_[\w-]{43}\n$/) })
    const secret = made.out.trim()
    expect((await belfry('send', ...as(secret), '--all', '--message', 'By key')).code).toBe(0)

    const listed = await belfry('keys', 'list', ...as(boss.token))
    expect(listed.out).not.toContain(secret)
    const line = listed.out.split('\n').find((one) => one.endsWith('\tci')) ?? ''
    const [id = '', state, , scopes] = line.split('\t')
    expect([state, scopes]).toEqual(['live', 'notifications:send'])

    expect((await belfry('keys', 'revoke', id, ...as(boss.token))).code).toBe(0)
    expect((await belfry('send', ...as(secret), '--all', '--message', 'Late')).err).toContain('unauthorized')
    expect((await belfry('keys', 'list', ...as(boss.token))).out).toContain(`${id}\tended`)
  })

  it('signs in with e-mail and password, and out again', async () => {
    const login = ['--url', server.url, '--email', ADMIN.email, '--password', ADMIN.password]
    const made = await belfry('keys', 'create', 'rooms', ...login, '--scope', 'rooms:manage', 'users:manage')
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('rooms:manage, users:manage') })
    expect((await belfry('keys', 'list', ...login.slice(0, 4))).err).toContain('both --email and --password')
    const wrong = await belfry('keys', 'list', ...login.slice(0, 5), 'wrong')
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Invalid credentials') })
  })

  it('is for admins', async () => {
    const ada = await register(server)
    expect((await belfry('keys', 'list', ...as(ada.token))).err).toContain('forbidden')
    expect((await belfry('keys', 'create', 'x', ...as(boss.token), '--scope', 'everything')).code).toBe(1)
  })
})
