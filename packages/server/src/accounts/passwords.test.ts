import { Failure } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { isCommonPassword } from './common-passwords.ts'
import { Passwords } from './passwords.ts'

const passwords = new Passwords({ refusesCommon: false })
const codeOf = (work: () => void) => {
  try {
    work()
  } catch (error) {
    return error instanceof Failure ? error.code : error
  }
  return undefined
}

describe('Passwords', () => {
  it('hashes with Argon2id, 19 456 KiB, 2 passes, 1 lane, 16 bytes of salt and 32 of tag', async () => {
    const phc = await passwords.hash('correct horse battery')
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await passwords.hash('correct horse battery')).not.toBe(phc)
    expect(passwords.isOutdated(phc)).toBe(false)
    expect(passwords.isOutdated(phc.replace('19456', '4096'))).toBe(true)
  })

  it('uses a password exactly as sent, and all of it', async () => {
    const long = 'x'.repeat(72)
    const phc = await passwords.hash(`${long}1`)
    expect(await passwords.isRight(`${long}1`, phc)).toBe(true)
    expect(await passwords.isRight(`${long}2`, phc)).toBe(false)
    expect(await passwords.isRight(long, phc)).toBe(false)
    const odd = ' pässwörd\u0301\0 '
    const other = await passwords.hash(odd)
    expect(await passwords.isRight(odd, other)).toBe(true)
    expect(await passwords.isRight(odd.trim(), other)).toBe(false)
    expect(await passwords.isRight(odd.normalize('NFC'), other)).toBe(odd.normalize('NFC') === odd)
  })

  it('finds an unknown account wrong, at the cost of a known one', async () => {
    const phc = await passwords.hash('correct horse battery')
    const spentMs = { known: 0, unknown: 0 }
    const time = async (name: keyof typeof spentMs, hash: string | undefined) => {
      const begin = performance.now()
      expect(await passwords.isRight('wrong', hash)).toBe(false)
      spentMs[name] += performance.now() - begin
    }
    // Taken in turns, so that whatever else the machine does slows both.
    for (let round = 0; round < 6; round++) {
      await time('known', phc)
      await time('unknown', undefined)
    }
    expect(spentMs.unknown / spentMs.known).toBeGreaterThan(1 / 3)
    expect(spentMs.unknown / spentMs.known).toBeLessThan(3)
  })

  it('runs 2 at once, lets 50 wait, and refuses more', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.isRight('x', undefined)),
    )
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(8)
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'unavailable', details: { retryAfterMs: 1000 } })
    expect(await passwords.isRight('x', undefined)).toBe(false)
  })

  it('asks for 8 characters', () => {
    for (const weak of ['', '1234567', 'zq8-Rx1', '😀'.repeat(7)]) {
      expect(codeOf(() => passwords.assertStrong(weak))).toBe('weak_password')
    }
    for (const strong of ['zq8-Rx1v', 'x'.repeat(64), 'password', '😀'.repeat(8)]) {
      expect(codeOf(() => passwords.assertStrong(strong))).toBeUndefined()
    }
  })

  it('refuses the commonest in production', () => {
    const strict = new Passwords({ refusesCommon: true })
    for (const weak of ['password', 'Password1', 'qwertyuiop', '12345678', 'iloveyou', 'password123']) {
      expect(codeOf(() => strict.assertStrong(weak))).toBe('weak_password')
    }
    expect(codeOf(() => strict.assertStrong('zq8-Rx1v'))).toBeUndefined()
    expect(isCommonPassword('')).toBe(false)
  })
})
