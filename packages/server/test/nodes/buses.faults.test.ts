/** X13: the bus stopped, frozen and emptied under people who go on, on nodes that are processes over PostgreSQL. */
import { delay } from '@belfry/testkit'
import type { RedisService } from '@belfry/testkit/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useProcesses } from '../support/processes.ts'
import { LIVE_MS, LIVE_WITHOUT_BUS_MS, scenes, timeToHear } from './scenes.ts'

/** How long the bus is away. */
const AWAY_MS = 30_000

describe.each(['redis', 'redis-cluster', 'nats'] as const)('three nodes with %s', (bus) => {
  const processes = useProcesses({ bus, count: 3 })
  const isBack = async () => {
    await processes.busIs(true, 20_000)
    expect(await timeToHear(processes.servers, 6)).toBeLessThan(LIVE_MS)
  }

  describe('in order', () => {
    beforeAll(() => processes.busIs(true), 15_000)
    scenes({ nodes: processes.servers, withinMs: LIVE_MS, hasBus: true })
  })

  describe('frozen', () => {
    beforeAll(async () => {
      processes.nodes.bus?.freeze()
      await processes.busIs(false)
    }, 30_000)
    scenes({ nodes: processes.servers, withinMs: LIVE_WITHOUT_BUS_MS, hasBus: false })
    afterAll(() => processes.nodes.bus?.thaw())
  })

  it('hear each other at once when it answers again', isBack)

  it('go on while it is away for 30 s, and hear each other at once when it is back', async () => {
    await processes.nodes.bus?.stop()
    const until = performance.now() + AWAY_MS
    while (performance.now() < until) {
      expect(await timeToHear(processes.servers, 1)).toBeLessThan(LIVE_WITHOUT_BUS_MS)
      await delay(1000)
    }
    await processes.nodes.bus?.start()
    await isBack()
  }, 120_000)

  it.skipIf(bus === 'nats')('do not notice that it is emptied', async () => {
    const redis = processes.nodes.bus as RedisService
    redis.command('flushall')
    expect(await timeToHear(processes.servers, 6)).toBeLessThan(LIVE_MS)
    await processes.busIs(true)
  })
})

describe('two nodes without a bus', () => {
  const processes = useProcesses({ bus: 'none' })
  scenes({ nodes: processes.servers, withinMs: LIVE_WITHOUT_BUS_MS, hasBus: false })
})
