import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LoginLimiter, RegisterLimiter } from '../accounts/limits.ts'
import { JoinedBus } from '../bus/test/joined-bus.ts'
import { SharedLimits } from './shared-limits.ts'

// One for each test: what is on its way when one ends would count in the next.
let wire: JoinedBus
beforeEach(() => {
  wire = new JoinedBus()
})
afterEach(() => wire.close())
const HEARD_MS = 40
const heard = () => new Promise((resolve) => setTimeout(resolve, HEARD_MS))

function startNodes(count: number, time = { now: 1_000_000 }) {
  const clock = () => time.now
  const buses = Array.from({ length: count }, () => wire.join())
  const shared = buses.map((bus) => new SharedLimits(bus, clock))
  return { time, clock, buses, shared }
}

const wrong = async () => undefined
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'tried',
    (error: { code: string }) => error.code,
  )

describe('limits over several nodes', () => {
  it('let an attacker guess a password ten times a minute, not ten times on each node', async () => {
    const { clock, shared, time } = startNodes(3)
    const nodes = shared.map((one) => new LoginLimiter({ clock, shared: one }))
    const guess = async (at: number) => {
      const result = await outcome((nodes[at % 3] as LoginLimiter).run('mail a@b', `10.0.${at}.1`, wrong))
      await heard()
      return result
    }
    const outcomes: string[] = []
    for (let at = 0; at < 15; at++) outcomes.push(await guess(at))
    expect(outcomes.filter((one) => one === 'tried')).toHaveLength(10)
    expect(outcomes.at(-1)).toBe('rate_limited')
    time.now += 60_000
    expect(await guess(15)).toBe('tried')
  })

  it('let one more per node through when all are asked in the same moment', async () => {
    const { clock, shared } = startNodes(3)
    const nodes = shared.map((one) => new LoginLimiter({ clock, shared: one }))
    const slowly = async () => void (await heard())
    const all = Array.from({ length: 60 }, (_, at) =>
      outcome((nodes[at % 3] as LoginLimiter).run('mail a@b', `10.0.${at}.1`, slowly)),
    )
    const tried = (await Promise.all(all)).filter((one) => one === 'tried').length
    expect(tried).toBeGreaterThanOrEqual(10)
    expect(tried).toBeLessThanOrEqual(12)
  })

  it('count registrations of an address wherever they come, and by themselves while the bus is down', async () => {
    const { clock, shared } = startNodes(2)
    const [a, b] = shared.map((one) => new RegisterLimiter({ clock, shared: one }))
    wire.isDown = true
    for (let time = 0; time < 15; time++) a?.count('10.0.0.1')
    await heard()
    wire.isDown = false
    for (let time = 0; time < 30; time++) b?.count('10.0.0.1')
    expect(() => b?.count('10.0.0.1')).toThrow(expect.objectContaining({ code: 'rate_limited' }))
    await heard()
    expect(() => a?.count('10.0.0.1')).toThrow(expect.objectContaining({ code: 'rate_limited' }))
    expect(() => a?.count('10.0.0.2')).not.toThrow()
  })

  it('hold a rate over all nodes, within an eighth for each further one', async () => {
    const buses = Array.from({ length: 3 }, () => wire.join())
    const rate = { perSecond: 100, burst: 50 }
    const clock = () => performance.now()
    const shared = buses.map((bus) => new SharedLimits(bus, clock))
    const nodes = shared.map((one) => one.rate('user', rate))
    let taken = 0
    const until = performance.now() + 4000
    let from = 0
    while (performance.now() < until) {
      for (const node of nodes) for (let time = 0; time < 5; time++) if (node.take('ann') === 0) taken += 1
      // The first second is the burst of each.
      if (performance.now() < until - 3000) [taken, from] = [0, performance.now()]
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const perSecond = (taken * 1000) / (performance.now() - from)
    expect(perSecond).toBeLessThan(rate.perSecond * 1.5)
    expect(perSecond).toBeGreaterThan(rate.perSecond * 0.5)
    for (const one of shared) one.close()
  })

  it('take nothing but counts', async () => {
    const { shared, buses } = startNodes(2)
    const rate = shared[0]?.rate('user', { perSecond: 1, burst: 1 })
    for (const message of [
      null,
      'x',
      { counts: [['user', 'ann', 1.5]] },
      { counts: [['user', 'ann', -1]] },
      { counts: [['nothing', 'ann', 1]] },
      { counts: [['user', 'ann', 1]], more: 1 },
    ])
      buses[1]?.tell('limits', message)
    await heard()
    expect(rate?.take('ann')).toBe(0)
  })
})
