import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { ChatFactsCache } from './chat-facts.ts'
import type { ChatFacts } from './queries.ts'

function open() {
  const facts: ChatFacts = {
    ...{ state: 'open', memberCount: 2, blocks: [] },
    members: ['ann', 'bob'].map((userId) => ({ userId, name: userId, isWriter: true, mutedUntil: null })),
  }
  const world = { facts: facts as ChatFacts | undefined, reads: 0, whileReading: () => {} }
  const cache = new ChatFactsCache(async () => {
    world.reads += 1
    const read = world.facts && structuredClone(world.facts)
    world.whileReading()
    return read
  })
  const code = async (user: string, now: number) => {
    const error: unknown = await cache.assertWriter('x', user, now).catch((thrown: unknown) => thrown)
    return error === undefined ? 'may' : (error as { code: string }).code
  }
  /** Entries cannot be written in full here; the cache looks at kind and topic. */
  const entry = (kind: string, topic: string) =>
    cache.onEntry({ kind, topic, data: {}, offset: 1, at: '' } as LogEntry)
  return { facts, world, cache, code, entry }
}

describe('what is known of a chat', () => {
  it('lets members write who may, while the chat is open to writing', async () => {
    const { facts, code } = open()
    expect(await code('ann', 0)).toBe('may')
    expect(await code('eve', 0)).toBe('not_found')
    Object.assign(facts.members[0] ?? {}, { mutedUntil: 20_000 })
    Object.assign(facts.members[1] ?? {}, { isWriter: false })
    expect(await code('ann', 10_000)).toBe('forbidden')
    expect(await code('bob', 10_000)).toBe('forbidden')
    expect(await code('ann', 20_000)).toBe('may')
    for (const state of ['readonly', 'locked', 'closed']) {
      facts.state = state
      expect(await code('ann', Number.MAX_SAFE_INTEGER)).toBe('forbidden')
    }
  })

  it('is read again after 5 s, or when the log says that it has changed', async () => {
    const { world, code, entry } = open()
    for (const now of [0, 1000, 4999]) await code('ann', now)
    expect(world.reads).toBe(1)
    await code('ann', 5000)
    expect(world.reads).toBe(2)
    for (const [kind, topic] of [
      ['member.left', 'room:x'],
      ['member.updated', 'room:x'],
      ['room.updated', 'room:x'],
      ['user.blocked', 'user:bob'],
      ['user.unblocked', 'user:ann'],
    ] as const) {
      const before = world.reads
      entry(kind, topic)
      entry(kind, 'room:y')
      await code('ann', 5000)
      await code('ann', 5000)
      expect({ kind, reads: world.reads - before }).toEqual({ kind, reads: 1 })
    }
  })

  it('is not kept when it changed while it was read', async () => {
    const { world, code, entry } = open()
    world.whileReading = () => {
      world.whileReading = () => {}
      world.facts = undefined
      entry('member.left', 'room:x')
    }
    expect(await code('ann', 0)).toBe('may')
    expect(await code('ann', 0)).toBe('not_found')
  })

  it('is kept while it is used, and forgotten after a minute', async () => {
    const { cache, code } = open()
    await code('ann', 0)
    cache.tick(60_000, () => true)
    expect(cache.nameOf('x', 'ann')).toBe('ann')
    cache.tick(59_999, () => false)
    expect(cache.nameOf('x', 'ann')).toBe('ann')
    cache.tick(60_000, () => false)
    expect(cache.nameOf('x', 'ann')).toBeUndefined()
  })
})
