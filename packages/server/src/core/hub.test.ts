import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import type { Hearing } from './heads.ts'
import type { Listener } from './hearing.ts'
import { Hub } from './hub.ts'

const AT = '2026-01-01T00:00:00.000Z'
const room = 'room:r'
const said = (offset: number) =>
  // Of a message the hub looks at the topic and the offset alone.
  ({
    topic: room,
    offset,
    kind: 'message.posted',
    data: { content: `${offset}` },
    at: AT,
  }) as unknown as LogEntry
const left = (offset: number, userIds: string[]): LogEntry => ({
  ...{ topic: room, offset, kind: 'member.left', at: AT },
  data: { userIds },
})
const joined = (user: string, offset: number, since: number): LogEntry => ({
  ...{ topic: `user:${user}`, offset, kind: 'topic.joined', at: AT },
  data: { topic: room, offset: since },
})

/** A hub whose bus is the test, over a log that holds `written`. */
function world(written: LogEntry[] = []) {
  const hub = new Hub({
    entriesAfter: async (topic, after) => written.filter((one) => one.topic === topic && one.offset > after),
    countsOf: async () => [],
    onError: (error) => {
      throw error
    },
  })
  const listen = (user: string, hearing: Hearing) => {
    const offsets: number[] = []
    const listener: Listener = {
      isNative: true,
      hear: (entries) => {
        for (const { outgoing, isWithheld } of entries)
          if (outgoing.entry.topic === room && !isWithheld) offsets.push(outgoing.entry.offset)
      },
      hearCounts: () => {},
      hearLive: () => {},
      end: () => {},
    }
    hub.add(user, listener, { [`user:${user}`]: { head: 0, since: 0 }, ...hearing })
    return offsets
  }
  return { hub, listen }
}

it('tells what is kept nowhere beside the entry that it is about, and by itself otherwise', () => {
  const told: string[] = []
  const hub = new Hub({
    entriesAfter: async () => [],
    countsOf: async () => [],
    onError: (error) => {
      throw error
    },
    onShown: ({ offset }) => hub.tellLive('ann', 'notice', { offset }),
    onGone: (user) => told.push(`${user} is gone`),
  })
  const listener: Listener = {
    isNative: true,
    hear: (entries, _, live) => told.push(`${entries.length} entries, ${live.map(({ json }) => json)}`),
    hearCounts: () => {},
    hearLive: ({ event, json }) => told.push(`${event} ${json}`),
    end: () => {},
  }
  hub.add('ann', listener, { [room]: { head: 0, since: 0 } })
  hub.receive([said(1), said(2)])
  hub.tellLive('ann', 'chatCounts', {})
  hub.receive([said(3)])
  hub.remove('ann', listener)
  hub.tellLive('ann', 'chatCounts', {})
  expect(told).toEqual([
    '2 entries, {"offset":1},{"offset":2}',
    'chatCounts {}',
    '1 entries, {"offset":3}',
    'ann is gone',
  ])
  hub.counts.close()
})

describe('a hub over a bus that loses hints', () => {
  it('shows a newcomer nothing from before the join, though others are shown what they missed', async () => {
    const { hub, listen } = world([said(1), said(2), said(3)])
    const ann = listen('ann', { [room]: { head: 0, since: 0 } })
    const bob = listen('bob', {})
    hub.receive([joined('bob', 1, 2)])
    hub.receive([said(3)])
    await expect.poll(() => ann).toEqual([1, 2, 3])
    expect(bob).toEqual([3])
    hub.counts.close()
  })

  it('drops a member at the offset of the removal, and not one who is back', () => {
    const { hub, listen } = world()
    const ann = listen('ann', { [room]: { head: 0, since: 0 } })
    const bob = listen('bob', { [room]: { head: 0, since: 0 } })
    hub.receive([said(1), left(2, ['bob']), said(3)])
    expect(bob).toEqual([1, 2])
    hub.receive([joined('bob', 1, 5), said(4), left(5, ['bob']), said(6)])
    expect(bob).toEqual([1, 2, 6])
    expect(ann).toEqual([1, 2, 3, 4, 5, 6])
    hub.counts.close()
  })
})
