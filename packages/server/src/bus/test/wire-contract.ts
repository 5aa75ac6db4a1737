import type { Service } from '@belfry/testkit/services'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LogEntry } from '../../store/store.ts'
import { busContract } from '../contract.ts'
import type { Dial, Line } from '../line.ts'
import { Seal } from '../seal.ts'
import { WireBus } from '../wire-bus.ts'

const SECRET = 'a-secret-of-the-test-suite-0123456789abcdef'
/** Silence is noticed after 4 s, by a look twice a second. */
const NOTICED_MS = 6000
/** Retries are 2 s apart at most. */
const BACK_MS = 8000

const entry = (topic: string, offset: number, text = ''): LogEntry => ({
  ...{ topic, offset, kind: 'room.created', at: '2026-01-01T00:00:00.000Z' },
  data: { id: text },
})

export interface WireContractOptions {
  service(): Service
  dial(url: string): Dial
}

const log = pino({ level: 'silent' })

async function connect({ service, dial }: WireContractOptions, secret = SECRET): Promise<WireBus> {
  const bus = new WireBus({ dial: dial(service().url), secret, log })
  await vi.waitFor(() => expect(bus.isConnected).toBe(true), BACK_MS)
  return bus
}

/** Promises of `bus.ts`, of a bus over a real server. */
export function wireContract(name: string, options: WireContractOptions): void {
  busContract(name, {
    connect: async () => {
      const [sender, receiver] = await Promise.all([connect(options), connect(options)])
      return { sender, receiver }
    },
  })
}

/** The same with that server stopped, killed and frozen, and with a neighbour who makes messages up. */
export function wireFaults(name: string, options: WireContractOptions): void {
  const { service, dial } = options
  describe(`faults of ${name}`, () => {
    const open = new Set<WireBus>()
    const lines = new Set<Line>()
    const pair = async () => {
      const [sender, receiver] = await Promise.all([connect(options), connect(options)])
      open.add(sender).add(receiver)
      const heard: LogEntry[] = []
      receiver.subscribe({ onEntries: (entries) => void heard.push(...entries), onHeads: () => {} })
      let connected = 0
      receiver.onConnected(() => {
        connected += 1
      })
      const listened: string[] = []
      receiver.onListening((topics) => void listened.push(...topics))
      receiver.listen('room:a')
      await vi.waitFor(() => expect(listened).toContain('room:a'), BACK_MS)
      return { sender, receiver, heard, connected: () => connected }
    }
    afterEach(async () => {
      for (const line of lines) line.close()
      for (const bus of open) await bus.close()
      open.clear()
      lines.clear()
    })

    const isBack = async ({ sender, receiver, heard }: Awaited<ReturnType<typeof pair>>) => {
      await vi.waitFor(
        () => expect([sender.isConnected, receiver.isConnected]).toEqual([true, true]),
        BACK_MS,
      )
      heard.length = 0
      sender.publish([entry('room:a', 1000)])
      await vi.waitFor(() => expect(heard).toEqual([entry('room:a', 1000)]), 2000)
    }

    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'drops what is published while the server is gone after %s, and hears again when it is back',
      async (signal) => {
        const ends = await pair()
        await service().stop(signal)
        await vi.waitFor(() => expect(ends.sender.isConnected).toBe(false), NOTICED_MS)
        const before = ends.sender.stats().dropped
        for (let offset = 1; offset <= 1000; offset++) ends.sender.publish([entry('room:a', offset)])
        expect(ends.sender.stats().dropped - before).toBe(1000)
        ends.receiver.listen('room:b')
        await service().start()
        if ('command' in service()) await clusterIsUp(service())
        await isBack(ends)
        expect(ends.connected()).toBe(1)
        ends.heard.length = 0
        ends.sender.publish([entry('room:b', 1)])
        await vi.waitFor(() => expect(ends.heard).toEqual([entry('room:b', 1)]), 2000)
      },
      30_000,
    )

    it('notices a server that is frozen, holds little meanwhile, and hears again when it answers', async () => {
      const ends = await pair()
      const text = 'x'.repeat(7000)
      service().freeze()
      try {
        const startedAt = performance.now()
        for (let offset = 1; offset <= 20_000; offset++) ends.sender.publish([entry('room:a', offset, text)])
        expect(performance.now() - startedAt).toBeLessThan(2000)
        expect(ends.sender.stats().dropped).toBeGreaterThan(15_000)
        await vi.waitFor(() => expect(ends.receiver.isConnected).toBe(false), NOTICED_MS)
      } finally {
        service().thaw()
      }
      await isBack(ends)
      expect(ends.connected()).toBeGreaterThan(0)
    }, 30_000)

    it('starts without a server, and joins it when it comes', async () => {
      await service().stop()
      const bus = new WireBus({ dial: dial(service().url), secret: SECRET, log })
      open.add(bus)
      bus.listen('all')
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(bus.isConnected).toBe(false)
      await service().start()
      await vi.waitFor(() => expect(bus.isConnected).toBe(true), BACK_MS)
    }, 30_000)

    it('refuses what a neighbour makes up, repeats elsewhere, or makes too large', async () => {
      const { sender, receiver, heard } = await pair()
      const stolen: { subject: string; text: string }[] = []
      const { prefix } = new Seal(SECRET)
      const line = await dial(service().url)({
        onText: (subject, text) => void stolen.push({ subject, text }),
        onLost: () => {},
      })
      lines.add(line)
      const subjects = Array.from({ length: 16_384 }, (_, bucket) => `${prefix}b${bucket}`)
      await line.subscribe(subjects)
      sender.publish([entry('room:a', 1)])
      await vi.waitFor(() => expect([heard.length, stolen.length]).toEqual([1, 1]), 2000)
      const [{ subject, text } = { subject: '', text: '' }] = stolen
      const made = { from: 'x', entries: [entry('room:a', 2)] }
      await line.send([
        { subject, text: new Seal('another secret').close(subject, JSON.stringify(made)) },
        { subject, text: text.replace('"offset":1', '"offset":2') },
        { subject: `${prefix}control`, text },
        { subject, text: '' },
        { subject, text: 'x'.repeat(600_000) },
        // Signed by one of us, and yet not of the right form.
        { subject, text: new Seal(SECRET).close(subject, '{"from":"x","entries":[{"topic":"room:a"}]}') },
      ])
      await vi.waitFor(() => expect(receiver.stats().refused).toBe(6), 2000)
      expect(heard).toEqual([entry('room:a', 1)])
      // Again, as it was: it is a repeat, which a bus may do.
      await line.send([{ subject, text }])
      await vi.waitFor(() => expect(heard).toEqual([entry('room:a', 1), entry('room:a', 1)]), 2000)
    }, 20_000)

    it('does not meet nodes with another secret', async () => {
      const { receiver, heard } = await pair()
      const stranger = await connect(options, 'another-secret-of-the-test-suite-0123456789')
      open.add(stranger)
      stranger.publish([entry('room:a', 1)])
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(heard).toEqual([])
      expect(receiver.stats().refused).toBe(0)
    })
  })
}

/** A cluster of one node needs a moment before it takes anything. */
async function clusterIsUp(service: Service & { command?(...args: string[]): string }): Promise<void> {
  if (!service.url.startsWith('redis-cluster:')) return
  await vi.waitFor(() => expect(service.command?.('cluster', 'info')).toContain('cluster_state:ok'), 10_000)
}
