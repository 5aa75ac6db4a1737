/** Two nodes over one store: with a bus in order, one that drops, repeats and reorders (X14), and none (X13). */
import { afterAll, describe } from 'vitest'
import { createMemoryBus } from '../../src/bus/memory.ts'
import { JoinedBus } from '../../src/bus/test/joined-bus.ts'
import { useNodes } from '../support/nodes.ts'
import { LIVE_MS, LIVE_WITHOUT_BUS_MS, scenes } from './scenes.ts'

const SEED = Number(process.env.SEED ?? 14)

describe('a bus in order', () => {
  const bus = new JoinedBus()
  afterAll(() => bus.close())
  scenes({ nodes: useNodes(2, () => bus.join()), withinMs: LIVE_MS, hasBus: true })
})

describe(`X14 a bus that drops, doubles and reorders 10 % (SEED=${SEED})`, () => {
  const bus = new JoinedBus({ seed: SEED, weather: { lost: 0.1, repeated: 0.1, lateMs: 50 } })
  afterAll(() => bus.close())
  scenes({ nodes: useNodes(2, () => bus.join()), withinMs: LIVE_WITHOUT_BUS_MS, hasBus: false })
})

describe('X13 without a bus', () => {
  scenes({ nodes: useNodes(2, createMemoryBus), withinMs: LIVE_WITHOUT_BUS_MS, hasBus: false })
})
