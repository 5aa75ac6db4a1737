import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { refusal } from './test/with-people.ts'
import { Tokens } from './tokens.ts'

const SECRET = 'a-secret-of-the-tests-of-tokens-0123456789'
const NOW_S = 1_800_000_000
const WEEK_S = 7 * 86_400
type Fields = Record<string, unknown>

function setUp() {
  const time = { now: NOW_S * 1000 }
  return { time, tokens: new Tokens({ secret: SECRET, clock: () => time.now }) }
}
const { tokens } = setUp()
const subject = { userId: 'ada', sessionId: 's-1', expiresAtMs: (NOW_S + 3600) * 1000 }
const HEADER = { alg: 'HS256', typ: 'at+jwt' }
const PAYLOAD = { sub: 'ada', sid: 's-1', iss: 'belfry', aud: 'belfry', iat: NOW_S, exp: NOW_S + 3600 }
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token signed by hand, as anyone with the secret could. */
function forge(
  payload: unknown = {},
  header: Fields = {},
  secret: string | Buffer = SECRET,
  hash = 'sha256',
): string {
  const claims = typeof payload === 'object' && !Array.isArray(payload) ? { ...PAYLOAD, ...payload } : payload
  const signed = `${encode({ ...HEADER, ...header })}.${encode(claims)}`
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
}

const refused = async (token: unknown) =>
  expect(await refusal(tokens.verify(token))).toMatchObject({
    code: 'unauthorized',
    message: 'Invalid token',
  })

function flipBit(token: string, part: number): string {
  const parts = token.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
  parts[part] = bytes.toString('base64url')
  return parts.join('.')
}

describe('Tokens', () => {
  it('verify what they sign', async () => {
    expect(await tokens.verify(await tokens.sign(subject))).toEqual({
      userId: 'ada',
      sessionId: 's-1',
      issuedAtMs: NOW_S * 1000,
      expiresAtMs: subject.expiresAtMs,
      roles: undefined,
    })
  })

  it('are readable by hand: the forged one of these tests is accepted', async () => {
    expect(await tokens.verify(forge())).toMatchObject({ userId: 'ada', sessionId: 's-1' })
  })

  it('need a secret of 32 bytes', () => {
    expect(() => new Tokens({ secret: 'x'.repeat(31), clock: Date.now })).toThrow('32 bytes')
  })

  it('are remembered once verified, but not beyond their end', async () => {
    const { time, tokens: own } = setUp()
    const token = await own.sign({ ...subject, expiresAtMs: (NOW_S + 30) * 1000 })
    expect(await own.verify(token)).toBe(await own.verify(token))
    time.now += 89_000
    await own.verify(token)
    time.now += 1000
    expect(await refusal(own.verify(token))).toMatchObject({ message: 'Invalid token' })
  })
})

describe('a token is refused', () => {
  const unsigned = (alg: string) => `${encode({ ...HEADER, alg })}.${encode(PAYLOAD)}.`

  it('B2 with alg none in any spelling, or without a signature', async () => {
    for (const alg of ['none', 'None', 'nOnE', 'NONE', 'HS256']) await refused(unsigned(alg))
    for (const alg of ['none', 'None', 'hs256', '', null, 7, ['HS256']]) await refused(forge({}, { alg }))
  })

  it('B2 of another algorithm, although the secret is right', async () => {
    await refused(forge({}, { alg: 'HS384' }, SECRET, 'sha384'))
    await refused(forge({}, { alg: 'HS512' }, SECRET, 'sha512'))
    await refused(forge({}, { alg: 'RS256' }))
  })

  it('of another secret', async () => {
    await refused(forge({}, {}, 'another-secret-of-the-tests-0123456789-abc'))
    await refused(forge({}, {}, ''))
  })

  it('B4 expired 61 s ago, or issued or valid 61 s ahead', async () => {
    await refused(forge({ iat: NOW_S - 100, exp: NOW_S - 61 }))
    await refused(forge({ iat: NOW_S + 61 }))
    await refused(forge({ nbf: NOW_S + 61 }))
    await tokens.verify(forge({ iat: NOW_S - 100, exp: NOW_S - 59 }))
    await tokens.verify(forge({ iat: NOW_S + 59, nbf: NOW_S + 59 }))
  })

  it('with a life of more than 7 days, or none at all', async () => {
    await refused(forge({ exp: NOW_S + WEEK_S + 1 }))
    await refused(forge({ exp: NOW_S, iat: NOW_S }))
    await refused(forge({ exp: NOW_S - 30, iat: NOW_S }))
    await tokens.verify(forge({ exp: NOW_S + WEEK_S }))
  })

  it('with times that are no numbers', async () => {
    for (const value of [String(NOW_S), null, true, [NOW_S], {}, '1e999']) {
      await refused(forge({ iat: value }))
      await refused(forge({ exp: value }))
      await refused(forge({ nbf: value }))
    }
    await refused(forge(JSON.stringify(PAYLOAD).replace(String(NOW_S + 3600), '1e999')))
  })

  for (const name of ['sub', 'sid', 'iss', 'aud', 'iat', 'exp']) {
    it(`B5 without ${name}`, () => refused(forge({ [name]: undefined })))
  }

  it('B5 of another issuer, for another audience', async () => {
    for (const iss of ['Belfry', 'https://evil.example', '', null, ['belfry'], {}])
      await refused(forge({ iss }))
    for (const aud of ['other', '', null, ['other'], [], {}, 7]) await refused(forge({ aud }))
  })

  it('B6 with a subject that is no user id', async () => {
    for (const sub of [
      {},
      ['ada'],
      7,
      '',
      'x'.repeat(129),
      'x'.repeat(5000),
      'a:b',
      'a\0b',
      'a b',
      null,
      true,
      '../x',
    ]) {
      await refused(forge({ sub }))
    }
  })

  it('with a session that is no text', async () => {
    for (const sid of [7, null, '', {}, ['s-1']]) await refused(forge({ sid }))
  })

  it('with a payload that is no object', async () => {
    for (const payload of [[PAYLOAD], '"text"', '7', 'null', '{', '']) await refused(forge(payload))
  })

  it('of another purpose', async () => {
    for (const typ of [undefined, 'JWT', 'rt+jwt', 'access', '', null, 7]) await refused(forge({}, { typ }))
  })

  it('with a critical extension that is unknown, empty or unsigned', async () => {
    for (const crit of [['exp'], ['x'], ['b64', 'x'], [], 'x', ['alg'], {}])
      await refused(forge({}, { crit, x: 1, b64: true }))
    await refused(forge({}, { crit: ['b64'], b64: false }))
    await refused(forge({}, { crit: ['x'] }))
  })

  it('that brings a key of its own, which is not looked at', async () => {
    const key = Buffer.from('a key that the attacker has chosen himself')
    const jwk = { kty: 'oct', k: key.toString('base64url') }
    for (const header of [
      { jwk },
      { jku: 'http://127.0.0.1:1/' },
      { x5u: 'http://127.0.0.1:1/' },
      { kid: '../../dev/null' },
    ]) {
      await refused(forge({}, header, key))
      await tokens.verify(forge({}, header))
    }
  })

  it('B7 with one bit changed in any part, a part too many, or a signature spelled otherwise', async () => {
    const token = await tokens.sign(subject)
    for (const part of [0, 1, 2]) await refused(flipBit(token, part))
    for (const odd of [
      `${token}.`,
      `.${token}`,
      `${token}.x`,
      `${token}=`,
      ` ${token}`,
      token.replace('.', '..'),
      `${token}\0`,
    ]) {
      await refused(odd)
    }
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const sibling = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
    expect(Buffer.from(token, 'base64url')).toEqual(Buffer.from(token, 'base64url'))
    await refused(token.slice(0, -1) + sibling)
  })

  it('B7 of more than 8 KiB', async () => {
    await refused(forge({ pad: 'x'.repeat(8192) }))
    await refused('x'.repeat(1_000_000))
    await refused(`${'x.'.repeat(500_000)}x`)
  })

  it('that is no text', async () => {
    for (const token of [undefined, null, 7, {}, [], ['a.b.c'], '', 'abc', 'a.b', 'a.b.c', '..'])
      await refused(token)
  })

  it('that is an ordinary JWT of somebody else', async () => {
    const key = new TextEncoder().encode(SECRET)
    await refused(
      await new SignJWT({ id: 1 }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(key),
    )
  })
})
