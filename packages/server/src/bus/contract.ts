import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import type { Bus } from './bus.ts'

/** How long a bus may take on one machine. */
const WITHIN_MS = 2000

const entry = (topic: string, offset: number, text = ''): LogEntry => ({
  topic,
  offset,
  kind: 'room.created',
  data: { id: text },
  at: '2026-01-01T00:00:00.000Z',
})

/** Promises of `bus.ts`. `connect` gives another node's end of the same bus; one node's bus gives its own. */
export function busContract(name: string, connect: () => Promise<{ sender: Bus; receiver: Bus }>): void {
  describe(`bus contract: ${name}`, () => {
    const open: Bus[] = []
    const begin = async () => {
      const ends = await connect()
      open.push(ends.sender, ends.receiver)
      const heard: LogEntry[] = []
      ends.receiver.subscribe((entries) => void heard.push(...entries))
      return { ...ends, heard }
    }
    afterEach(async () => {
      for (const bus of open.splice(0)) await bus.close()
    })

    it('brings entries as they were, whatever text they hold and whoever they are not for', async () => {
      const { sender, heard } = await begin()
      const sent = [entry('user:ann', 1, 'ü😀\u2028"\\'), { ...entry('all', 7), except: ['bob'] }]
      sender.publish(sent)
      await vi.waitFor(() => expect(heard).toHaveLength(2), WITHIN_MS)
      expect(heard).toEqual(sent)
    })

    it('invents nothing: all it brings was published', async () => {
      const { sender, heard } = await begin()
      const sent = Array.from({ length: 500 }, (_, index) => entry(`room:${index % 7}`, index, String(index)))
      for (let at = 0; at < sent.length; at += 10) sender.publish(sent.slice(at, at + 10))
      await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), WITHIN_MS)
      const published = new Set(sent.map((one) => JSON.stringify(one)))
      for (const one of heard) expect(published).toContain(JSON.stringify(one))
    })

    it('takes what nobody listens to, and nothing at all', async () => {
      const { sender } = await connect()
      open.push(sender)
      expect(() => sender.publish([entry('all', 1)])).not.toThrow()
      expect(() => sender.publish([])).not.toThrow()
    })

    it('is silent once it is closed, and closes twice', async () => {
      const { sender, receiver, heard } = await begin()
      await receiver.close()
      await receiver.close()
      expect(() => sender.publish([entry('all', 1)])).not.toThrow()
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(heard).toEqual([])
    })
  })
}
