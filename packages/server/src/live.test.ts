import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryBus } from './bus/memory.ts'
import { JoinedBus } from './bus/test/joined-bus.ts'
import { readConfig } from './config.ts'
import { createLive, type Live } from './live.ts'
import type { LogEntry, Store } from './store/store.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const entryAt = (topic: string, offset: number): LogEntry => ({
  ...{ topic, offset, kind: 'room.created', at: '2026-01-01T00:00:00.000Z' },
  data: { id: String(offset) },
})

/** What is live over a log that the bus has brought nothing of. */
function liveOver(heads: Record<string, number>, bus = createMemoryBus()): Live {
  const answers: Record<string, (input: never) => unknown> = {
    headsPassed: ({ positions }: { positions: [string, number][] }) =>
      positions.flatMap(([topic, at]) => ((heads[topic] ?? 0) > at ? [[topic, heads[topic]]] : [])),
    entriesAfter: ({ topic, after }: { topic: string; after: number }) =>
      Array.from({ length: (heads[topic] ?? 0) - after }, (_, index) => entryAt(topic, after + index + 1)),
  }
  const store: Store = {
    ...{ epoch: 'e', isShared: true, isWritable: () => true },
    transact: async () => ({}),
    read: async (query, input) => answers[query]?.(input as never) ?? [],
    stats: () => ({ queued: 0, commits: 0, commands: 0, retries: 0 }),
    close: async () => {},
  }
  const live = createLive({
    context: { config: readConfig({}), store, clock: Date.now, log: pino({ level: 'silent' }) },
    ...{ bus, onEntry: () => {}, onRightsChanged: () => {} },
    onError: (error) => {
      throw error
    },
  })
  open.push(live)
  return live
}

function listen(live: Live, topic: string, head: number): number[] {
  const heard: number[] = []
  live.hub.add(
    'ann',
    {
      isNative: true,
      hear: (entries) => void heard.push(...entries.map(({ outgoing: { entry } }) => entry.offset)),
      ...{ hearCounts: () => {}, hearLive: () => {}, end: () => {} },
    },
    { [topic]: { head, since: 0 } },
  )
  return heard
}

describe('what somebody begins to hear', () => {
  it('is looked up once more when the bus brings it: what came in between is there at once', async () => {
    const heard = listen(liveOver({ 'room:r': 7 }), 'room:r', 5)
    await expect.poll(() => heard, { timeout: 500 }).toEqual([6, 7])
  })

  it('is looked up when the bus is back', async () => {
    const wire = new JoinedBus()
    open.push(wire)
    const heads = { 'room:r': 5 }
    const heard = listen(liveOver(heads, wire.join()), 'room:r', 5)
    wire.isDown = true
    // The first look, at what was committed while the topic was not heard, is over by then.
    await new Promise((resolve) => setTimeout(resolve, 50))
    heads['room:r'] = 8
    expect(heard).toEqual([])
    wire.isDown = false
    await expect.poll(() => heard, { timeout: 500 }).toEqual([6, 7, 8])
  })
})
