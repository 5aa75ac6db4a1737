import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ConfigError, type Environment, readConfig, settings } from './config.ts'

const SECRET = 'kq8Zr2Vw'.repeat(4)

function problemsOf(env: Environment): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { setting, advice } of error.problems) expect(error.message).toContain(`${setting}: ${advice}`)
    return error.problems.map(({ setting }) => setting)
  }
}

describe('readConfig', () => {
  it('needs nothing at all', () => {
    const config = readConfig({})
    expect(config).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      auth: 'accounts',
      playground: true,
      rateLimit: true,
      transports: ['websocket', 'polling'],
      signupRoles: ['user', 'patient'],
      chatPolicy: 'default',
      maxChatMembers: 500,
      corsOrigins: [],
      tokenLifetimeMs: 604_800_000,
      logRetentionMs: 90 * 86_400_000,
      userRate: { perSecond: 60, burst: 300 },
    })
    expect(config.dataDir).toMatch(/^\/.*\/data$/)
    expect(config.external).toBeUndefined()
  })

  it('gives every setting a variable of its own and one sentence', () => {
    const rows = Object.values(settings)
    expect(new Set(rows.map(({ env }) => env)).size).toBe(rows.length)
    for (const { summary } of rows) expect(summary).toMatch(/^[^.]+\.?.*\.$/)
  })

  it('is frozen, lists too', () => {
    const config = readConfig({ CORS_ORIGINS: 'https://a.example' })
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError)
    expect(() => (config.corsOrigins as string[]).push('*')).toThrow(TypeError)
  })

  it('reads every kind of value', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '::1',
      TRANSPORTS: 'websocket',
      CORS_ORIGINS: 'https://a.example, http://localhost:5173',
      SIGNUP_ROLES: 'staff,guest',
      CHAT_POLICY: 'package.json',
      CHAT_EDIT_WINDOW_HOURS: '2',
      TRUST_PROXY: '10.0.0.0/8,::1',
      RATE_USER: '5/10',
      LOG_RETENTION_DAYS: '2',
      JWT_SECRET: SECRET,
      RATE_LIMIT: 'off',
    })
    expect(config).toMatchObject({
      port: 0,
      isLoopback: true,
      transports: ['websocket'],
      corsOrigins: ['https://a.example', 'http://localhost:5173'],
      signupRoles: ['staff', 'guest'],
      chatPolicy: pathToFileURL('package.json').href,
      chatEditWindowMs: 7_200_000,
      trustProxy: ['10.0.0.0/8', '::1'],
      userRate: { perSecond: 5, burst: 10 },
      logRetentionMs: 172_800_000,
      jwtSecret: SECRET,
      rateLimit: false,
    })
  })

  it('takes an empty text as unset, but never for a secret', () => {
    expect(problemsOf({ PORT: '', AUTH: '', CORS_ORIGINS: '', ADMIN_EMAIL: '' })).toEqual([])
    expect(problemsOf({ JWT_SECRET: '' })).toEqual(['JWT_SECRET'])
    expect(problemsOf({ METRICS_TOKEN: '' })).toEqual(['METRICS_TOKEN'])
  })

  it('names all problems at once, and never shows a secret', () => {
    const env = { PORT: '-1', JWT_SECRET: 'hunter2-hunter2', CORS_ORIGINS: '*' }
    expect(problemsOf(env)).toEqual(['PORT', 'JWT_SECRET', 'CORS_ORIGINS'])
    expect(() => readConfig(env)).toThrow(/^(?!.*hunter2)/s)
  })
})

describe('a setting is refused, by its name', () => {
  const refused: [string, string[]][] = [
    ['PORT', ['65536', '-1', '4e3', '80.5', 'http', ' 80']],
    ['HOST', ['a b', 'http://x', '*']],
    [
      'JWT_SECRET',
      ['x'.repeat(31), 'dev_super_secret_change_me', 'please-change-me-please-change-me-please'],
    ],
    ['JWT_SECRET', ['a-string-secret-at-least-256-bits-long']],
    ['TRANSPORTS', ['websocket,carrier-pigeon', ',']],
    [
      'CORS_ORIGINS',
      ['*', 'null', 'https://a.example/', 'https://a.example/path', 'a.example', 'ftp://a.example'],
    ],
    ['CORS_ORIGINS', ['https://a.example,*', 'https://*.example.com/']],
    ['SIGNUP_ROLES', ['admin', 'user,admin', 'user,,x', 'a:b']],
    ['TRUST_PROXY', ['true', '1', '10.0.0.0/33', 'proxy.local', '::1/129', '10.0.0.0/8/8']],
    ['AUTH', ['none', 'OPEN']],
    ['RATE_LIMIT', ['no', '0']],
    ['PLAYGROUND', ['yes']],
    ['LOG_LEVEL', ['loud']],
    ['RATE_USER', ['60', '0/0', '-1/5', 'a/b']],
    ['LOG_RETENTION_DAYS', ['0', '-5', 'forever']],
    ['METRICS_TOKEN', ['short']],
    ['DATABASE_URL', ['mysql://localhost/b', 'postgres://localhost', 'postgres://localhost/b?schema=a%20-c']],
    ['REDIS_URL', ['localhost:6379', 'http://localhost', 'redis://', 'nats://localhost']],
    ['NATS_URL', ['localhost:4222', 'ws://localhost', 'nats://', 'redis://localhost']],
    ['TOKEN_LIFETIME_SECONDS', ['604801', '1']],
  ]
  for (const [name, values] of refused) {
    for (const value of values) {
      it(`${name}=${value}`, () => expect(problemsOf({ [name]: value })).toEqual([name]))
    }
  }
})

describe('a bus', () => {
  const JWT_SECRET = 'x'.repeat(40)

  it('is refused without a store that nodes share', () => {
    for (const [name, url] of [
      ['REDIS_URL', 'redis://:secret@localhost:6379'],
      ['NATS_URL', 'nats://secret@localhost:4222'],
    ] as const) {
      expect(problemsOf({ [name]: url })).toEqual([name])
      expect(problemsOf({ [name]: url, DATABASE_URL: 'postgres://localhost/belfry' })).toEqual([])
    }
  })

  it('is one, and its password is never in what is said', () => {
    const env = { REDIS_URL: 'redis://:hush@localhost', NATS_URL: 'nats://hush@localhost', JWT_SECRET }
    expect(problemsOf(env)).toContain('NATS_URL')
    expect(() => readConfig(env)).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/hush/) }),
    )
  })
})

describe('what is only for this machine', () => {
  const risky = [{ AUTH: 'open' }, { PLAYGROUND: 'on' }, { RATE_LIMIT: 'off' }] as const
  for (const env of risky) {
    const [name] = Object.keys(env)
    for (const HOST of ['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.evil.example']) {
      it(`${name} is refused with HOST=${HOST}`, () => expect(problemsOf({ ...env, HOST })).toEqual([name]))
    }
    for (const HOST of ['127.0.0.1', '127.8.9.1', '::1', 'localhost']) {
      it(`${name} is taken with HOST=${HOST}`, () => expect(problemsOf({ ...env, HOST })).toEqual([]))
    }
  }

  it('the playground is on by default on loopback alone, and not in production', () => {
    expect(readConfig({ HOST: '0.0.0.0' }).playground).toBe(false)
    expect(readConfig({ NODE_ENV: 'production' }).playground).toBe(false)
    expect(readConfig({ NODE_ENV: 'production', PLAYGROUND: 'on' }).playground).toBe(true)
    expect(readConfig({ PLAYGROUND: 'off' }).playground).toBe(false)
  })
})

describe('settings that belong together', () => {
  const external = { JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'app' }

  it('an admin has both an address and a password', () => {
    expect(problemsOf({ ADMIN_EMAIL: 'a@b.example' })).toEqual(['ADMIN_PASSWORD'])
    expect(problemsOf({ ADMIN_PASSWORD: 'long enough' })).toEqual(['ADMIN_EMAIL'])
    expect(problemsOf({ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'long enough' })).toEqual([])
    expect(problemsOf({ ADMIN_EMAIL: 'a@b.example', ADMIN_PASSWORD: 'short' })).toEqual(['ADMIN_PASSWORD'])
  })

  it('an external issuer needs its names and exactly one kind of key', () => {
    const JWKS_URL = 'https://id.example/keys'
    expect(problemsOf({ JWKS_URL })).toEqual(['JWT_ISSUER', 'JWT_AUDIENCE'])
    expect(problemsOf(external)).toEqual(['JWT_ISSUER', 'JWT_AUDIENCE'])
    expect(problemsOf({ ...external, JWKS_URL, JWT_HS256_SECRET: SECRET })).toEqual(['JWT_HS256_SECRET'])
    expect(problemsOf({ ...external, JWT_ISSUER: 'belfry', JWKS_URL })).toEqual(['JWT_ISSUER'])
    expect(readConfig({ ...external, JWKS_URL }).external).toMatchObject({
      issuer: 'https://id.example',
      jwksUrl: JWKS_URL,
    })
  })

  it('keys come by https, or from this machine', () => {
    for (const JWKS_URL of [
      'http://id.example/keys',
      'ftp://x',
      'https://u:p@id.example',
      'keys',
      'file:///k',
    ]) {
      expect(problemsOf({ ...external, JWKS_URL })).toEqual(['JWKS_URL'])
    }
    expect(problemsOf({ ...external, JWKS_URL: 'http://127.0.0.1:9/keys' })).toEqual([])
  })

  it('the secret of an external issuer is as long as ours', () => {
    expect(problemsOf({ ...external, JWT_HS256_SECRET: 'x'.repeat(31) })).toEqual(['JWT_HS256_SECRET'])
  })

  it('roles of the other issuer get our names', () => {
    const env = { ...external, JWT_HS256_SECRET: SECRET, JWT_ROLE_MAP: 'ops=user, urn:x/boss=admin' }
    expect([...(readConfig(env).external?.roleMap ?? [])]).toEqual([
      ['ops', 'user'],
      ['urn:x/boss', 'admin'],
    ])
    expect(problemsOf({ ...env, JWT_ROLE_MAP: 'ops' })).toEqual(['JWT_ROLE_MAP'])
    expect(problemsOf({ ...env, JWT_ROLE_MAP: 'ops=a:b' })).toEqual(['JWT_ROLE_MAP'])
  })
})
