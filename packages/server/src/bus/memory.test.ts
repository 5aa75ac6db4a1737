import { describe, expect, it, vi } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { busContract } from './contract.ts'
import { createMemoryBus } from './memory.ts'
import { JoinedBus } from './test/joined-bus.ts'

busContract('memory', {
  isAlone: true,
  async connect() {
    const bus = createMemoryBus()
    return { sender: bus, receiver: bus }
  },
})

busContract('joined, for tests', {
  async connect() {
    const bus = new JoinedBus()
    return { sender: bus.join(), receiver: bus.join() }
  },
})

describe('a joined bus in bad weather', () => {
  it('drops and repeats, the same for the same seed, and tells when it is back', async () => {
    const run = async () => {
      const bus = new JoinedBus({ seed: 7, weather: { lost: 0.3, repeated: 0.3, lateMs: 5 } })
      const [sender, receiver] = [bus.join(), bus.join()]
      const heard: number[] = []
      receiver.subscribe({
        onEntries: (entries) => void heard.push(...entries.map(({ offset }) => offset)),
        onHeads: () => {},
      })
      receiver.listen('all')
      for (let offset = 1; offset <= 100; offset++)
        sender.publish([{ topic: 'all', offset, kind: 'room.created', data: { id: '' }, at: '' } as LogEntry])
      await vi.waitFor(() => expect(new Set(heard).size).toBeGreaterThan(50), 1000)
      await new Promise((resolve) => setTimeout(resolve, 30))
      let isBack = false
      receiver.onConnected(() => {
        isBack = true
      })
      bus.isDown = true
      expect(receiver.isConnected).toBe(false)
      bus.isDown = false
      expect(isBack).toBe(true)
      bus.close()
      return heard.toSorted((a, b) => a - b)
    }
    const heard = await run()
    expect(new Set(heard).size).toBeLessThan(heard.length)
    expect(new Set(heard).size).toBeLessThan(100)
    expect(await run()).toEqual(heard)
  })
})
