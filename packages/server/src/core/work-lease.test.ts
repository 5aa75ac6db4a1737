import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../store/store.ts'
import { makeSqlitePlace, type Place } from '../test/place.ts'
import type { Fence } from './lease.ts'
import { WorkLease } from './work-lease.ts'

/** Source: reliability.md §8; the lease is taken over in this time, whatever the node that held it does. */
const TAKEN_WITHIN_MS = 15_000
const SYSTEM = { kind: 'system' } as const

let place: Place
let store: Store
beforeAll(async () => {
  place = await makeSqlitePlace({ isVolatile: true })
  store = await place.open({ features: new URL('../test/lease-features.ts', import.meta.url) })
})
afterAll(async () => {
  await store.close()
  await place.remove()
})

let count = 0
/** Nodes over one store that others may write to, with a clock of their own. */
function open({ isShared = true } = {}) {
  const time = { now: 0 }
  const name = `work ${count++}`
  const errors: unknown[] = []
  const state = { isDown: false }
  const asked: string[] = []
  const watched: Pick<Store, 'read' | 'transact' | 'isShared'> = {
    isShared,
    read: (query, input) => (state.isDown ? Promise.reject(new Error('away')) : store.read(query, input)),
    async transact(command, actor, input) {
      if (state.isDown) throw new Error('away')
      asked.push(command)
      return store.transact(command, actor, input)
    },
  }
  const onError = (error: unknown) => void errors.push(error)
  const start = () => new WorkLease({ store: watched, name, clock: () => time.now, onError })
  return {
    ...{ state, errors, asked, start, time },
    /** Lets time pass for those nodes that live. */
    async pass(ms: number, ...living: WorkLease[]) {
      for (const end = time.now + ms; time.now < end; time.now += 1000)
        for (const one of living) await one.tick()
    },
  }
}

const work = (fence: Fence, more: object = {}) => store.transact('doWork', SYSTEM, { fence, ...more })
const done = async (fence: Fence) => (await store.read('workOf', { name: fence.name })) as number

describe('the lease of the regular work', () => {
  it('is held by one of several nodes', async () => {
    const { start, pass } = open()
    const nodes = [start(), start(), start()]
    await Promise.all(nodes.map((node) => node.tick()))
    await pass(60_000, ...nodes)
    expect(nodes.filter(({ fence }) => fence)).toHaveLength(1)
  })

  it('goes to another node within 15 s when its holder was killed, and at once when it was released', async () => {
    const { start, pass } = open()
    const [a, b, c] = [start(), start(), start()]
    await pass(10_000, a, b, c)
    expect(a.fence).toBeDefined()
    await pass(TAKEN_WITHIN_MS, b, c)
    const [next, last] = b.fence ? [b, c] : [c, b]
    expect(next.fence?.fence).toBeGreaterThan(a.fence?.fence ?? Number.NaN)
    await next.release()
    await pass(3000, last)
    expect(last.fence).toBeDefined()
    await pass(3000, next)
    expect(next.fence).toBeUndefined()
  })

  it('is not taken from one who lives, however long', async () => {
    const { start, pass } = open()
    const [a, b] = [start(), start()]
    await pass(2000, a)
    await pass(600_000, a, b)
    expect([a.fence?.fence, b.fence]).toEqual([1, undefined])
  })

  it('X29: work of one who stood still, and whose lease is another’s by now, is refused and changes nothing', async () => {
    const { start, pass } = open()
    const [a, b] = [start(), start()]
    await pass(2000, a)
    const stale = a.fence as Fence
    await work(stale)
    await pass(60_000, b)
    await expect(work(stale)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await done(stale)).toBe(1)
    await work(b.fence as Fence)
    expect(await done(stale)).toBe(2)
    // Its timers run before it has noticed.
    await a.run((fence) => work(fence))
    expect(a.fence).toBeUndefined()
    await pass(10_000, a, b)
    expect([a.fence, await done(stale)]).toEqual([undefined, 2])
  })

  it('is given up by one who cannot renew it, before another may take it', async () => {
    const { start, pass, state, errors } = open()
    const a = start()
    await pass(2000, a)
    state.isDown = true
    await pass(9000, a)
    expect(a.fence).toBeUndefined()
    expect(errors.length).toBeGreaterThan(0)
    state.isDown = false
    await pass(15_000, a)
    expect(a.fence).toBeDefined()
  })

  it('passes on what goes wrong with the work itself', async () => {
    const { start, pass } = open()
    const a = start()
    await pass(2000, a)
    await expect(a.run((fence) => work(fence, { isBroken: true }))).rejects.toThrow('a defect')
    expect(a.fence).toBeDefined()
  })

  it('is taken at once where nobody else can be, and costs nothing from then on', async () => {
    const { start, pass, asked } = open({ isShared: false })
    await start().tick()
    const next = start()
    await next.tick()
    expect(next.fence?.fence).toBe(2)
    await pass(600_000, next)
    expect(asked).toEqual(['claimLease', 'claimLease'])
  })

  it('is not asked for by work that finds nothing to do', async () => {
    const { start, pass } = open()
    const [a, b] = [start(), start()]
    await pass(2000, a)
    await pass(60_000, b)
    await expect(work(a.fence as Fence, { isIdle: true })).resolves.toEqual({ isDone: false })
  })
})
