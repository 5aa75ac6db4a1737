import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import type { Bus, BusListener } from './bus.ts'

/** How long a bus may take on one machine. */
const WITHIN_MS = 2000
/** What was to come would have come by then. */
const SILENCE_MS = 100

const entry = (topic: string, offset: number, text = ''): LogEntry => ({
  topic,
  offset,
  kind: 'room.created',
  data: { id: text },
  at: '2026-01-01T00:00:00.000Z',
})

const hearingTo = (heard: LogEntry[], heads: [string, number][] = []): BusListener => ({
  onEntries: (entries) => void heard.push(...entries),
  onHeads: (passed) => void heads.push(...passed),
})

const silence = () => new Promise((resolve) => setTimeout(resolve, SILENCE_MS))

/** Listens, and waits until what is published from then on can be heard. */
async function listening(bus: Bus, ...topics: string[]): Promise<void> {
  const heard = new Set<string>()
  bus.onListening((some) => {
    for (const topic of some) heard.add(topic)
  })
  for (const topic of topics) bus.listen(topic)
  await vi.waitFor(() => expect(heard).toEqual(new Set(topics)), WITHIN_MS)
}

export interface ContractOptions {
  /** Two nodes' ends of the same bus; a bus of one node gives its own. */
  connect(): Promise<{ sender: Bus; receiver: Bus }>
  isAlone?: boolean
}

/** Promises of `bus.ts`. */
export function busContract(name: string, { connect, isAlone = false }: ContractOptions): void {
  describe(`bus contract: ${name}`, () => {
    const open = new Set<Bus>()
    const begin = async (...topics: string[]) => {
      const ends = await connect()
      open.add(ends.sender).add(ends.receiver)
      const [heard, heads]: [LogEntry[], [string, number][]] = [[], []]
      ends.receiver.subscribe(hearingTo(heard, heads))
      await listening(ends.receiver, ...topics)
      return { ...ends, heard, heads }
    }
    afterEach(async () => {
      for (const bus of open) await bus.close()
      open.clear()
    })

    it('brings entries as they were, whatever text they hold and whoever they are not for', async () => {
      const { sender, heard } = await begin('user:ann', 'all')
      const sent = [entry('user:ann', 1, 'ü😀\u2028"\\'), { ...entry('all', 7), except: ['bob'] }]
      sender.publish(sent)
      await vi.waitFor(() => expect(heard).toHaveLength(2), WITHIN_MS)
      expect(heard.toSorted((a, b) => a.offset - b.offset)).toEqual(sent)
    })

    it('invents nothing: all it brings was published', async () => {
      const rooms = Array.from({ length: 7 }, (_, index) => `room:${index}`)
      const { sender, heard } = await begin(...rooms)
      const sent = Array.from({ length: 500 }, (_, index) => entry(`room:${index % 7}`, index, String(index)))
      for (let at = 0; at < sent.length; at += 10) sender.publish(sent.slice(at, at + 10))
      await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), WITHIN_MS)
      const published = new Set(sent.map((one) => JSON.stringify(one)))
      for (const one of heard) expect(published).toContain(JSON.stringify(one))
    })

    it('shows the sender its own entries in the same tick, listened to or not, and once', async () => {
      const { sender } = await begin()
      const heard: LogEntry[] = []
      sender.subscribe(hearingTo(heard))
      await listening(sender, 'room:a')
      sender.publish([entry('room:a', 1), entry('room:b', 1)])
      expect(heard).toEqual([entry('room:a', 1), entry('room:b', 1)])
      await silence()
      expect(heard).toHaveLength(2)
    })

    it('takes what nobody listens to, and nothing at all', async () => {
      const { sender } = await begin()
      expect(() => sender.publish([entry('all', 1)])).not.toThrow()
      expect(() => sender.publish([])).not.toThrow()
    })

    it('says of every topic that it is listened to, also when others are already', async () => {
      const { receiver } = await begin('room:a')
      await listening(receiver, 'room:b', 'room:c')
    })

    it('is silent once it is closed, and closes twice', async () => {
      const { sender, receiver, heard } = await begin('all')
      await receiver.close()
      await receiver.close()
      expect(() => sender.publish([entry('all', 1)])).not.toThrow()
      expect(() => receiver.tell('control', {})).not.toThrow()
      await silence()
      expect(heard).toEqual([])
    })

    describe.skipIf(isAlone)('between nodes', () => {
      it('brings nothing of a topic that is no longer listened to', async () => {
        const { sender, receiver, heard } = await begin('room:a', 'room:b')
        receiver.unlisten('room:a')
        await silence()
        sender.publish([entry('room:a', 1), entry('room:b', 1)])
        await vi.waitFor(() => expect(heard).toEqual([entry('room:b', 1)]), WITHIN_MS)
      })

      it('brings a large entry, or says that it is in the log', async () => {
        const { sender, heard, heads } = await begin('room:a')
        const large = entry('room:a', 1, 'x'.repeat(100_000))
        const sent = [large, entry('room:a', 2)]
        sender.publish(sent)
        await vi.waitFor(() => expect(heard).toContainEqual(entry('room:a', 2)), WITHIN_MS)
        if (heard.length === 1) expect(heads).toEqual([['room:a', 1]])
        else expect(heard.toSorted((a, b) => a.offset - b.offset)).toEqual(sent)
      })

      it('counts what it does', async () => {
        const { sender, receiver, heard } = await begin('room:a')
        const before = receiver.stats().received
        sender.publish([entry('room:a', 1), entry('room:a', 2)])
        await vi.waitFor(() => expect(heard).toHaveLength(2), WITHIN_MS)
        expect(sender.stats()).toMatchObject({ published: 2, dropped: 0, refused: 0 })
        expect(receiver.stats().received - before).toBe(2)
      })

      it('tells the other nodes and not the one that speaks', async () => {
        const { sender, receiver } = await begin()
        const [here, there]: [unknown[], unknown[]] = [[], []]
        sender.onTold('presence', (message) => void here.push(message))
        receiver.onTold('presence', (message) => void there.push(message))
        await vi.waitFor(() => {
          sender.tell('presence', { text: 'ü😀\u2028"\\' })
          expect(there).toContainEqual({ text: 'ü😀\u2028"\\' })
        }, WITHIN_MS)
        expect(here).toEqual([])
      })

      it('keeps what is told of different things apart', async () => {
        const { sender, receiver } = await begin()
        const heard: string[] = []
        receiver.onTold('presence', (message) => void heard.push(`presence ${message}`))
        receiver.onTold('control', (message) => void heard.push(`control ${message}`))
        sender.tell('presence', 1)
        sender.tell('control', 2)
        await vi.waitFor(() => expect(heard.toSorted()).toEqual(['control 2', 'presence 1']), WITHIN_MS)
      })

      it('is connected', async () => {
        const { sender, receiver } = await begin()
        await vi.waitFor(
          () => expect([sender.isConnected, receiver.isConnected]).toEqual([true, true]),
          WITHIN_MS,
        )
      })
    })
  })
}
