import { expect, test } from 'vitest'
import { fakeToken } from '../../test/fake-accounts.ts'
import { claimsOf, halfLifeMs, userKeyOf } from './token-claims.ts'

test('a token tells whose it is and how long it holds', () => {
  const token = fakeToken({ sub: 'ada~Ü?', email: 'ada@example.test', iat: 100, exp: 160 })
  expect(claimsOf(token)).toMatchObject({ email: 'ada@example.test', issuedAt: 100_000, expiresAt: 160_000 })
  expect(halfLifeMs(token)).toBe(30_000)
})

test('what is no token is a user of its own and holds for ever', () => {
  for (const text of ['', 'opaque', 'a.b.c', 'a..c', `${'x'.repeat(40)}.bnVsbA.x`]) {
    expect(claimsOf(text)).toEqual({})
    expect(userKeyOf(text)).toBe(text)
    expect(halfLifeMs(text)).toBe(Number.POSITIVE_INFINITY)
  }
})

test('claims of another shape are left out', () => {
  expect(claimsOf(fakeToken({ sub: 7, email: null, iat: 'soon', exp: {} }))).toEqual({})
})
