/** Two processes over PostgreSQL and Redis, and what goes on while Redis is gone. */
import { beforeAll, describe, expect, it } from 'vitest'
import { useProcesses } from '../support/processes.ts'
import { LIVE_MS, scenes, timeToHear } from './scenes.ts'

const processes = useProcesses({ bus: 'redis' })

describe('two nodes with Redis', () => {
  beforeAll(() => processes.busIs(true), 15_000)
  scenes({ nodes: processes.servers, withinMs: LIVE_MS, hasBus: true })
})

describe('X13 Redis is stopped', () => {
  it('and what others accept is there within 6 s, and within 1 s when it is back', async () => {
    await processes.nodes.bus?.stop('SIGKILL')
    await processes.busIs(false)
    expect(await timeToHear(processes.servers, 6)).toBeLessThan(6000)
    await processes.nodes.bus?.start()
    await processes.busIs(true)
    expect(await timeToHear(processes.servers, 6)).toBeLessThan(1000)
  })
})
