import { Failure } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { LoginLimiter, RegisterLimiter } from './limits.ts'
import { networkOf } from './network.ts'

const MINUTE = 60_000

function setUp() {
  const time = { now: 1_000_000 }
  const limiter = new LoginLimiter({ clock: () => time.now })
  const tried: string[] = []
  const attempt = (result: 'right' | 'wrong') => async () => {
    tried.push(result)
    return result === 'right' ? result : undefined
  }
  const wrong = (account = 'a', address = '10.0.0.1') => limiter.run(account, address, attempt('wrong'))
  const right = (account = 'a', address = '10.0.0.1') => limiter.run(account, address, attempt('right'))
  return { time, limiter, tried, wrong, right }
}

async function refusal(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Failure)) throw new Error(`not refused: ${String(error)}`)
  expect(error.code).toBe('rate_limited')
  return error
}

describe('LoginLimiter', () => {
  it('lets 10 failures through, then refuses even the right password, until a minute after the first', async () => {
    const { time, wrong, right, tried } = setUp()
    for (let number = 0; number < 10; number++) {
      expect(await wrong()).toBeUndefined()
      time.now += 1000
    }
    expect((await refusal(right())).details.retryAfterMs).toBe(MINUTE - 10_000)
    expect(tried).toHaveLength(10)
    time.now += MINUTE - 10_001
    await refusal(right())
    time.now += 1
    expect(await right()).toBe('right')
  })

  it('refuses after 100 failures in an hour, however slowly they came', async () => {
    const { time, wrong } = setUp()
    for (let number = 0; number < 100; number++) {
      expect(await wrong()).toBeUndefined()
      time.now += 30_000
    }
    const { details } = await refusal(wrong())
    expect(details.retryAfterMs).toBe(10 * MINUTE)
    time.now += 10 * MINUTE
    expect(await wrong()).toBeUndefined()
    await refusal(wrong())
  })

  it('keeps accounts apart', async () => {
    const { wrong, right } = setUp()
    for (let number = 0; number < 10; number++) await wrong('a')
    await refusal(wrong('a'))
    expect(await right('b')).toBe('right')
  })

  it('a success does not take failures back', async () => {
    const { wrong, right } = setUp()
    for (let number = 0; number < 9; number++) await wrong()
    expect(await right()).toBe('right')
    await wrong()
    await refusal(right())
  })

  it('refuses the 101st attempt within a minute from one address, right or wrong, and nobody elsewhere', async () => {
    const { time, wrong, right } = setUp()
    for (let number = 0; number < 100; number++) await wrong(`account-${number}`)
    await refusal(right('another'))
    expect(await right('another', '10.0.0.2')).toBe('right')
    time.now += MINUTE
    expect(await right('another')).toBe('right')
  })

  it('refused attempts do not make the wait longer', async () => {
    const { time, wrong, right } = setUp()
    for (let number = 0; number < 10; number++) await wrong()
    for (let number = 0; number < 50; number++) await refusal(wrong())
    time.now += MINUTE
    expect(await right()).toBe('right')
  })

  it('never refuses 20 successful sign-ins at once from one address, to one account', async () => {
    const { right } = setUp()
    const results = await Promise.all(Array.from({ length: 20 }, () => right()))
    expect(results).toEqual(Array.from({ length: 20 }, () => 'right'))
  })

  it('tries no more than 10 passwords of 60 that come at once', async () => {
    const { wrong, tried } = setUp()
    await Promise.allSettled(Array.from({ length: 60 }, () => wrong()))
    expect(tried).toHaveLength(10)
  })

  it('counts no failure when the attempt itself could not be made', async () => {
    const { limiter, right } = setUp()
    const broken = () => Promise.reject(new Failure('unavailable'))
    for (let number = 0; number < 30; number++) {
      await expect(limiter.run('a', '10.0.0.1', broken)).rejects.toThrow(Failure)
    }
    expect(await right()).toBe('right')
  })

  it('remembers a bounded number of accounts and addresses', async () => {
    const { limiter, wrong } = setUp()
    for (let number = 0; number < 21_000; number++) {
      await wrong(`account-${number}`, `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`)
    }
    expect(limiter.size).toBe(40_000)
  })
})

describe('RegisterLimiter', () => {
  it('lets 30 a minute through from one address', () => {
    const time = { now: 0 }
    const limiter = new RegisterLimiter({ clock: () => time.now })
    for (let number = 0; number < 30; number++) limiter.count('10.0.0.1')
    expect(() => limiter.count('10.0.0.1')).toThrow(Failure)
    limiter.count('10.0.0.2')
    time.now += MINUTE
    limiter.count('10.0.0.1')
  })
})

describe('networkOf', () => {
  const cases = [
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['not an address', 'not an address'],
  ] as const
  for (const [address, network] of cases) {
    it(`${address} is ${network}`, () => expect(networkOf(address)).toBe(network))
  }
})
