import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { HeadCheck } from './head-check.ts'
import { Hub } from './hub.ts'

const onError = (error: unknown) => {
  throw error
}

/** A hub over a log of `heads` entries per topic, none of which the bus has brought. */
function world(heads: Record<string, number>) {
  const listened: string[] = []
  const hub = new Hub({
    onError,
    entriesAfter: async (topic, after) =>
      Array.from({ length: (heads[topic] ?? 0) - after }, (_, index) => entryAt(topic, after + index + 1)),
    countsOf: async () => [],
    listen: (topic) => void listened.push(`+${topic}`),
    unlisten: (topic) => void listened.push(`-${topic}`),
  })
  const asked: [string, number][][] = []
  const headCheck = new HeadCheck({
    hub,
    onError,
    async readPassed(positions) {
      asked.push(positions)
      return positions.flatMap(([topic, at]) =>
        (heads[topic] ?? 0) > at ? [[topic, heads[topic] ?? 0]] : [],
      )
    },
  })
  return { hub, headCheck, asked, listened }
}

const entryAt = (topic: string, offset: number): LogEntry => ({
  ...{ topic, offset, kind: 'room.created', at: '2026-01-01T00:00:00.000Z' },
  data: { id: String(offset) },
})

function listener() {
  const heard: string[] = []
  return {
    heard,
    isNative: true,
    hear: (entries: readonly { outgoing: { entry: LogEntry } }[]) =>
      void heard.push(...entries.map(({ outgoing: { entry } }) => `${entry.topic} ${entry.offset}`)),
    hearCounts: () => {},
    hearLive: () => {},
    end: () => {},
  }
}

describe('a head check', () => {
  it('brings what was committed between the reading of the log and the first hearing of its topic', async () => {
    const { hub, headCheck, asked } = world({ 'user:ann': 3, 'room:r': 5 })
    const ann = listener()
    hub.add('ann', ann, { 'user:ann': { head: 3, since: 0 }, 'room:r': { head: 4, since: 0 } })
    headCheck.now(['room:r', 'room:gone'])
    await expect.poll(() => ann.heard).toEqual(['room:r 5'])
    expect(asked).toEqual([[['room:r', 4]]])
  })

  it('looks at all topics, and asks nothing when nobody is here', async () => {
    const { hub, headCheck, asked } = world({ 'user:ann': 3, 'room:r': 5 })
    await headCheck.all()
    expect(asked).toEqual([])
    const ann = listener()
    hub.add('ann', ann, { 'user:ann': { head: 2, since: 0 }, 'room:r': { head: 3, since: 0 } })
    await headCheck.all()
    await expect.poll(() => ann.heard.toSorted()).toEqual(['room:r 4', 'room:r 5', 'user:ann 3'])
  })
})

describe('a hub', () => {
  it('listens to a topic from its first hearer here to its last', () => {
    const { hub, listened } = world({})
    const [ann, bob] = [listener(), listener()]
    hub.add('ann', ann, { 'user:ann': { head: 0, since: 0 }, all: { head: 0, since: 0 } })
    hub.add('bob', bob, { 'user:bob': { head: 0, since: 0 }, all: { head: 0, since: 0 } })
    hub.remove('ann', ann)
    expect(listened).toEqual(['+user:ann', '+all', '+user:bob', '-user:ann'])
    hub.remove('bob', bob)
    expect(listened.slice(4)).toEqual(['-user:bob', '-all'])
    hub.counts.close()
  })
})
