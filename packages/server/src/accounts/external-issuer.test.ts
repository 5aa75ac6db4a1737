import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import type { ExternalIssuer } from '../config.ts'
import { ExternalVerifier } from './external-issuer.ts'
import { refusal } from './test/with-people.ts'
import { Tokens } from './tokens.ts'

const NOW_S = 1_800_000_000
const SHARED = 'a-secret-shared-with-another-issuer-01234'
const BASE: ExternalIssuer = {
  issuer: 'https://id.example',
  audience: 'app',
  jwksUrl: undefined,
  secret: undefined,
  roleClaim: 'roles',
  roleMap: undefined,
}
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const
const pairs = new Map(
  await Promise.all(
    ALGORITHMS.map(async (alg) => [alg, await generateKeyPair(alg, { extractable: true })] as const),
  ),
)
const pair = (alg: (typeof ALGORITHMS)[number]) => {
  const found = pairs.get(alg)
  if (!found) throw new Error(alg)
  return found
}
const publicJwk = async (alg: (typeof ALGORITHMS)[number], more: JWK = {}) => ({
  ...(await exportJWK(pair(alg).publicKey)),
  kid: alg,
  ...more,
})

/** A key source whose answer a test may change, and which counts how often it is asked. */
const source = { status: 200, body: '', asked: 0, isHanging: false }
const server = createServer((_, reply) => {
  source.asked += 1
  if (source.isHanging) return
  reply
    .writeHead(source.status, { 'content-type': 'application/json', location: '/elsewhere' })
    .end(source.body)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function setUp(settings: Partial<ExternalIssuer> = { jwksUrl }) {
  const keys = await Promise.all(ALGORITHMS.map((alg) => publicJwk(alg)))
  Object.assign(source, { status: 200, body: JSON.stringify({ keys }), asked: 0, isHanging: false })
  const time = { now: NOW_S * 1000 }
  const clock = () => time.now
  const external = new ExternalVerifier({ ...BASE, ...settings }, clock)
  return { time, tokens: new Tokens({ secret: 'x'.repeat(40), clock, external }) }
}

interface Forgery {
  alg?: string
  header?: Record<string, unknown>
  payload?: Record<string, unknown>
  key?: Parameters<SignJWT['sign']>[0]
}

function forge({ alg = 'ES256', header = {}, payload = {}, key }: Forgery = {}): Promise<string> {
  const claims = {
    sub: 'eve',
    iss: BASE.issuer,
    aud: BASE.audience,
    iat: NOW_S,
    exp: NOW_S + 3600,
    ...payload,
  }
  const own = pairs.get(alg as 'ES256')?.privateKey
  return new SignJWT(claims)
    .setProtectedHeader({ alg, kid: alg, ...header })
    .sign(key ?? own ?? Buffer.from(SHARED))
}

const INVALID = { code: 'unauthorized', message: 'Invalid token' }

describe('tokens of an external issuer', () => {
  for (const alg of ALGORITHMS) {
    it(`signed with ${alg} are accepted, and have no session of ours`, async () => {
      const { tokens } = await setUp()
      expect(await tokens.verify(await forge({ alg }))).toMatchObject({
        userId: 'eve',
        sessionId: undefined,
        roles: undefined,
        expiresAtMs: (NOW_S + 3600) * 1000,
      })
    })
  }

  it('may be signed with a shared secret, in HS256 alone', async () => {
    const { tokens } = await setUp({ secret: SHARED })
    await tokens.verify(await forge({ alg: 'HS256' }))
    for (const alg of ['HS384', 'HS512'])
      expect(
        await refusal(tokens.verify(await forge({ alg, key: Buffer.from(SHARED.repeat(2)) }))),
      ).toMatchObject(INVALID)
    expect(
      await refusal(tokens.verify(await forge({ alg: 'HS256', key: Buffer.from('x'.repeat(40)) }))),
    ).toMatchObject(INVALID)
  })

  it('leave our own tokens what they are', async () => {
    const { tokens } = await setUp()
    const own = await tokens.sign({ userId: 'ada', sessionId: 's-1', expiresAtMs: (NOW_S + 60) * 1000 })
    expect(await tokens.verify(own)).toMatchObject({ userId: 'ada', sessionId: 's-1' })
    expect(source.asked).toBe(0)
  })

  it('B3 are refused when HS256 is made with our public key', async () => {
    const { tokens } = await setUp()
    for (const name of ['RS256', 'ES256'] as const) {
      const key = Buffer.from(await exportSPKI(pair(name).publicKey))
      expect(
        await refusal(tokens.verify(await forge({ alg: 'HS256', header: { kid: name }, key }))),
      ).toMatchObject(INVALID)
    }
  })

  const refused: [string, Forgery][] = [
    ['for another audience', { payload: { aud: 'other' } }],
    ['of another issuer', { payload: { iss: 'https://evil.example' } }],
    ['that claim to be ours', { payload: { iss: 'belfry', aud: 'belfry', sid: 's-1' } }],
    ['without a subject', { payload: { sub: undefined } }],
    ['with a subject that is no id', { payload: { sub: 'a:b' } }],
    ['without an end', { payload: { exp: undefined } }],
    ['without a beginning', { payload: { iat: undefined } }],
    ['of more than 7 days', { payload: { exp: NOW_S + 7 * 86_400 + 1 } }],
    ['expired 61 s ago', { payload: { iat: NOW_S - 600, exp: NOW_S - 61 } }],
    ['for another purpose', { header: { typ: 'rt+jwt' } }],
    ['with a key id that is no text', { header: { kid: 7 as unknown as string } }],
    ['with the key of another algorithm', { header: { kid: 'RS256' } }],
    ['without a key id, among several keys', { header: { kid: undefined } }],
    ['with a critical extension', { header: { crit: ['x'], x: 1 } }],
  ]
  for (const [name, forgery] of refused) {
    it(`are refused ${name}`, async () => {
      const { tokens } = await setUp()
      // The signer itself refuses to make some of them; the header is then exchanged under the signature.
      const token = await forge(forgery).catch(async () => {
        const [, ...rest] = (await forge()).split('.')
        return [
          Buffer.from(JSON.stringify({ alg: 'ES256', ...forgery.header })).toString('base64url'),
          ...rest,
        ].join('.')
      })
      expect(await refusal(tokens.verify(token))).toMatchObject(INVALID)
    })
  }
})

describe('roles of an external issuer', () => {
  const roleMap = new Map([
    ['ops', 'user'],
    ['boss', 'admin'],
  ])
  const rolesOf = async (settings: Partial<ExternalIssuer>, payload: Record<string, unknown>) => {
    const { tokens } = await setUp({ jwksUrl, ...settings })
    return (await tokens.verify(await forge({ payload }))).roles
  }

  it('count for nothing without a map, whatever they are called', async () => {
    expect(await rolesOf({}, { roles: ['admin'], role: 'admin' })).toBeUndefined()
  })

  it('get our names by the map, and only by the map', async () => {
    expect(await rolesOf({ roleMap }, { roles: ['ops', 'boss', 'admin', 'toString', 7] })).toEqual([
      'admin',
      'user',
    ])
    expect(await rolesOf({ roleMap }, { roles: 'ops other' })).toEqual(['user'])
    expect(await rolesOf({ roleMap }, { roles: ['admin'] })).toEqual([])
    expect(await rolesOf({ roleMap }, { roles: { boss: true } })).toEqual([])
    expect(await rolesOf({ roleMap }, {})).toEqual([])
  })

  it('are found along a path, or under a name with dots', async () => {
    const payload = { realm_access: { roles: ['boss'] }, 'https://x.example/roles': ['ops'] }
    expect(await rolesOf({ roleMap, roleClaim: 'realm_access.roles' }, payload)).toEqual(['admin'])
    expect(await rolesOf({ roleMap, roleClaim: 'https://x.example/roles' }, payload)).toEqual(['user'])
    expect(await rolesOf({ roleMap, roleClaim: 'realm_access.constructor.name' }, payload)).toEqual([])
  })
})

describe('keys of an external issuer', () => {
  const UNAVAILABLE = { code: 'unavailable', details: { retryAfterMs: expect.any(Number) } }
  const fresh = (number: number) => forge({ payload: { jti: String(number) } })
  const unknown = (number: number) => forge({ header: { kid: `unknown-${number}` } })

  it('are loaded once for many tokens, and again after 10 minutes', async () => {
    const { tokens, time } = await setUp()
    await Promise.all([1, 2, 3, 4].map(async (number) => tokens.verify(await fresh(number))))
    expect(source.asked).toBe(1)
    time.now += 599_000
    await tokens.verify(await fresh(5))
    expect(source.asked).toBe(1)
    time.now += 1000
    await tokens.verify(await fresh(6))
    expect(source.asked).toBe(2)
  })

  it('are loaded for an unknown id at most every 30 s', async () => {
    const { tokens, time } = await setUp()
    await tokens.verify(await fresh(1))
    for (const number of [1, 2, 3])
      expect(await refusal(tokens.verify(await unknown(number)))).toMatchObject(INVALID)
    expect(source.asked).toBe(1)
    time.now += 30_000
    for (const number of [4, 5, 6])
      expect(await refusal(tokens.verify(await unknown(number)))).toMatchObject(INVALID)
    expect(source.asked).toBe(2)
    source.body = JSON.stringify({ keys: [await publicJwk('ES256', { kid: 'unknown-7' })] })
    time.now += 30_000
    await tokens.verify(await unknown(7))
  })

  it('that one is withdrawn end the tokens that were made with it', async () => {
    const { tokens, time } = await setUp()
    const token = await fresh(1)
    await tokens.verify(token)
    source.body = JSON.stringify({ keys: [] })
    time.now += 600_000
    expect(await refusal(tokens.verify(token))).toMatchObject(INVALID)
  })

  const broken: [string, Partial<typeof source>][] = [
    ['answers 500', { status: 500 }],
    ['sends elsewhere', { status: 302 }],
    ['answers no JSON', { body: '<html>' }],
    ['answers another shape', { body: '{"keys":{}}' }],
    ['answers more than 64 KiB', { body: JSON.stringify({ keys: [], pad: 'x'.repeat(65_536) }) }],
  ]
  for (const [name, change] of broken) {
    it(`are unavailable, not wrong, when their source ${name}; it is asked at most every 2 s and heals`, async () => {
      const { tokens, time } = await setUp()
      const { body } = source
      Object.assign(source, change)
      for (const number of [1, 2, 3])
        expect(await refusal(tokens.verify(await fresh(number)))).toMatchObject(UNAVAILABLE)
      expect(source.asked).toBe(1)
      Object.assign(source, { status: 200, body })
      time.now += 2000
      await tokens.verify(await fresh(4))
    })
  }

  it('are unavailable when their source never answers, after 5 s', async () => {
    const { tokens } = await setUp()
    source.isHanging = true
    const begin = performance.now()
    expect(await refusal(tokens.verify(await fresh(1)))).toMatchObject(UNAVAILABLE)
    expect(performance.now() - begin).toBeGreaterThan(4500)
  })

  it('of a kind or strength that is not wanted are passed over', async () => {
    const { tokens, time } = await setUp()
    const { publicKey } = await generateKeyPair('ES384')
    const odd = [
      { kty: 'oct', k: Buffer.from(SHARED).toString('base64url'), kid: 'HS256' },
      { ...(await exportJWK(publicKey)), kid: 'ES384' },
      await publicJwk('ES256', { kid: 'for encryption', use: 'enc' }),
      await publicJwk('ES256', { kid: 'of another algorithm', alg: 'ES512' }),
      { kty: 'RSA', kid: 'short', n: 'x'.repeat(172), e: 'AQAB' },
      { kty: 'EC', crv: 'P-256', kid: 'broken', x: '!', y: '!' },
    ]
    source.body = JSON.stringify({ keys: [...odd, await publicJwk('ES256')] })
    await tokens.verify(await fresh(1))
    for (const { kid } of odd) {
      time.now += 1
      expect(await refusal(tokens.verify(await forge({ header: { kid } })))).toMatchObject(INVALID)
    }
    expect(
      await refusal(tokens.verify(await forge({ alg: 'HS256', key: Buffer.from(SHARED) }))),
    ).toMatchObject(INVALID)
  })

  it('need no id when there is one alone', async () => {
    const { tokens } = await setUp()
    const { kid: _, ...jwk } = await publicJwk('ES256')
    source.body = JSON.stringify({ keys: [jwk] })
    await tokens.verify(await forge({ header: { kid: undefined } }))
  })
})
