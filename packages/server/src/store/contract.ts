import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MakePlace } from '../test/place.ts'
import { ann, bob, codeOf, type Note, StoreBench, system } from '../test/store-bench.ts'

/** Promises of `store.ts`, for every store. */
export function storeContract(name: string, makePlace: MakePlace): void {
  let bench: StoreBench
  beforeAll(async () => {
    bench = await StoreBench.open(makePlace)
  })
  beforeEach(() => bench.begin())
  afterAll(() => bench.close())
  const current = () => bench

  describe(`store contract: ${name}`, () => {
    describe('atomicity', () => atomicity(current))
    describe('the log', () => theLog(current))
    describe('idempotency', () => idempotency(current))
    describe('reads', () => reads(current))
    describe('opening, closing', () => lifetime(current, makePlace))
  })
}

function atomicity(bench: () => StoreBench): void {
  it('keeps nothing of a command that refuses, and hands out nothing of it', async () => {
    const refusal = bench().note('a', { command: 'noteAndRefuse' })
    await expect(refusal).rejects.toMatchObject({
      code: 'forbidden',
      message: 'Refused.',
      details: { field: 'text' },
    })
    expect(await bench().notes()).toEqual([])
    expect(bench().committed).toEqual([])
  })

  it('keeps nothing of a command with a defect, tells the defect, and lives on', async () => {
    await expect(bench().note('a', { command: 'noteAndBreak' })).rejects.toThrow('a defect')
    await expect(bench().store.transact('no such command', ann, {})).rejects.toThrow()
    await expect(bench().store.read('no such query', {})).rejects.toThrow()
    await expect(bench().store.read('breakQuery', {})).rejects.toThrow('a defect in a query')
    await bench().note('b')
    expect(await bench().texts()).toEqual(['b'])
    expect(bench().errors).toEqual([])
  })

  it('lets no failing command harm those that share its commit', async () => {
    const commands = ['note', 'noteAndRefuse', 'note', 'noteAndBreak', 'noteTwice', 'noteAndRefuse', 'note']
    const codes = await Promise.all(
      commands.map((command, index) => codeOf(bench().note(String(index), { command }))),
    )
    expect(codes).toEqual(['ok', 'forbidden', 'ok', 'error', 'ok', 'forbidden', 'ok'])
    expect(await bench().texts()).toEqual(['0', '2', '4', '4', '6'])
    expect(bench().committed.map((entry) => entry.offset)).toEqual([1, 2, 3, 4, 5])
  })

  it('refuses a command whose write fails, though nobody waited for it, and keeps the others', async () => {
    const commands = ['note', 'noteAndWriteWrongly', 'note', 'noteAndReadAfterAWrongWrite', 'note']
    const notes = commands.map((command, index) => codeOf(bench().note(String(index), { command })))
    expect(await Promise.all(notes)).toEqual(['ok', 'error', 'ok', 'error', 'ok'])
    expect(await codeOf(bench().note('5', { command: 'noteAndWriteWrongly' }))).toBe('error')
    expect(await bench().texts()).toEqual(['0', '2', '4'])
    expect(bench().committed.map((entry) => entry.offset)).toEqual([1, 2, 3])
    expect(bench().errors).toEqual([])
  })

  it('survives a reply that cannot be handed over, and answers the others', async () => {
    const all = [bench().note('a'), bench().note('b', { command: 'noteAndReplyBadly' }), bench().note('c')]
    expect(await Promise.all(all.map(codeOf))).toEqual(['ok', 'error', 'ok'])
    expect(await codeOf(bench().note('d'))).toBe('ok')
    expect(bench().errors).toEqual([])
  })

  it('refuses with `unavailable` what it cannot queue, and does none of that', async () => {
    const texts = Array.from({ length: 6000 }, (_, index) => String(index))
    const codes = await Promise.all(texts.map((text) => codeOf(bench().note(text))))
    expect(new Set(codes)).toEqual(new Set(['ok', 'unavailable']))
    const done = texts.filter((_, index) => codes[index] === 'ok')
    expect((await bench().texts()).sort()).toEqual(done.sort())
    expect(await codeOf(bench().note('later'))).toBe('ok')
  })
}

function theLog(bench: () => StoreBench): void {
  it('gives offsets without holes in every topic, and reports every entry once and in that order', async () => {
    const topics = ['a', 'b', 'c', 'd'].map((letter) => `${bench().topic} ${letter}`)
    await Promise.all(topics.map((topic) => bench().store.transact('addTopic', system, { topic })))
    const commands = ['note', 'note', 'noteTwice', 'noteAndRefuse']
    const work = Array.from({ length: 200 }, (_, index) => {
      const topic = topics[index % 4] ?? ''
      return codeOf(bench().note(String(index), { topic, command: commands[(index >> 2) % 4] ?? 'note' }))
    })
    await Promise.all(work)
    for (const topic of topics) {
      const notes = await bench().notes(topic)
      const reported = bench().committed.filter((entry) => entry.topic === topic)
      expect(notes.map((note) => note.offset)).toEqual(notes.map((_, index) => index + 1))
      expect(reported.map(({ offset, data }) => ({ offset, text: 'id' in data && data.id }))).toEqual(notes)
    }
  })

  it('reports entries before the caller learns of them', async () => {
    const seen = Array.from({ length: 50 }, async (_, index) => {
      const { offset } = (await bench().note(String(index))) as Note
      return bench().committed.some((entry) => entry.offset === offset)
    })
    expect(new Set(await Promise.all(seen))).toEqual(new Set([true]))
  })

  it('gives ids that only grow, also to commands that run side by side', async () => {
    const newIds = () => bench().store.transact('newIds', system, { count: 500 }) as Promise<string[]>
    const ids = (await Promise.all([newIds(), newIds(), newIds()])).flat()
    expect(ids).toEqual([...new Set(ids)].sort())
  })
}

function idempotency(bench: () => StoreBench): void {
  it('gives a repeat the first reply and does nothing', async () => {
    const first = await bench().note('a', { idempotencyKey: 'k' })
    await bench().note('b')
    expect(await bench().note('a', { idempotencyKey: 'k' })).toEqual(first)
    expect(await bench().texts()).toEqual(['a', 'b'])
    expect(bench().committed).toHaveLength(2)
  })

  it('gives fifty in parallel one effect and one reply', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => bench().note('a', { idempotencyKey: 'k' })),
    )
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(await bench().texts()).toEqual(['a'])
    expect(bench().committed).toHaveLength(1)
  })

  it('refuses another body under the same key', async () => {
    await bench().note('a', { idempotencyKey: 'k' })
    expect(await codeOf(bench().note('b', { idempotencyKey: 'k' }))).toBe('idempotency_conflict')
    expect(await bench().texts()).toEqual(['a'])
  })

  it('keeps the keys of principals and of commands apart', async () => {
    await bench().note('a', { idempotencyKey: 'k' })
    await bench().note('b', { idempotencyKey: 'k', actor: bob })
    await bench().note('c', { idempotencyKey: 'k', command: 'noteTwice' })
    expect(await bench().texts()).toEqual(['a', 'b', 'c', 'c'])
  })

  it('stores nothing of a command that failed, so that the key is free for a better body', async () => {
    await codeOf(bench().note('a', { idempotencyKey: 'k', command: 'noteAndRefuse' }))
    await codeOf(bench().note('a', { idempotencyKey: 'k', command: 'noteAndBreak' }))
    expect(await bench().keys()).toEqual([])
    await bench().note('b', { idempotencyKey: 'k' })
    expect(await bench().texts()).toEqual(['b'])
  })

  it('remembers keys after it was opened again', async () => {
    const first = await bench().note('a', { idempotencyKey: 'k' })
    await bench().reopen()
    expect(await bench().note('a', { idempotencyKey: 'k' })).toEqual(first)
    expect(await bench().texts()).toEqual(['a'])
  })
}

function reads(bench: () => StoreBench): void {
  it('shows every commit that was resolved before the call', async () => {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await bench().note(`n${index}`)
        expect(await bench().texts()).toContain(`n${index}`)
      }),
    )
  })

  it('sees one snapshot, whatever is written meanwhile', async () => {
    await bench().note('before')
    const twice = bench().store.read('notesTwice', { topic: bench().topic })
    const writes = Promise.all(Array.from({ length: 20 }, (_, index) => bench().note(String(index))))
    const [first, second] = (await twice) as [Note[], Note[]]
    expect(second).toEqual(first)
    await writes
  })
}

function lifetime(bench: () => StoreBench, makePlace: MakePlace): void {
  it('keeps everything and its epoch when it is opened again', async () => {
    const { epoch } = bench().store
    await bench().note('a')
    await bench().reopen()
    expect(bench().store.epoch).toBe(epoch)
    expect(await bench().note('b')).toMatchObject({ offset: 2 })
    expect(await bench().texts()).toEqual(['a', 'b'])
  })

  it('gives every place an epoch of its own', async () => {
    const other = await StoreBench.open(makePlace)
    expect(other.store.epoch).not.toBe(bench().store.epoch)
    await other.close()
  })

  it('finishes what was asked before it closes, and refuses what comes later', async () => {
    const before = Array.from({ length: 300 }, (_, index) => codeOf(bench().note(String(index))))
    const closed = bench().store.close()
    const meanwhile = codeOf(bench().note('meanwhile'))
    expect(new Set(await Promise.all(before))).toEqual(new Set(['ok']))
    await closed
    expect(await meanwhile).toBe('unavailable')
    expect(await codeOf(bench().note('afterwards'))).toBe('unavailable')
    await bench().store.close()
    await bench().reopen()
    expect(await bench().notes()).toHaveLength(300)
  })
}
