import { describe, expect, it } from 'vitest'
import { DurableNotes } from './durable-notes.ts'
import { NO_WISH } from './peer.ts'
import { Peers } from './peers.ts'
import { SteadyTime } from './steady-time.ts'

const WALL_AHEAD_MS = 3_600_000

function open() {
  const time = { now: 1_000_000 }
  const steady = new SteadyTime(
    () => time.now + WALL_AHEAD_MS,
    () => time.now,
  )
  const store = { isDown: false, reads: [] as string[][], notes: [] as unknown[] }
  const errors: unknown[] = []
  const peers: Peers = new Peers({
    ...{ graceMs: 15_000, now: time.now },
    onChanged: () => {},
    onUnknown: (user) => notes.want(user),
  })
  const notes: DurableNotes = new DurableNotes({
    ...{ peers, time: steady },
    onError: (error) => void errors.push(error),
    store: {
      async read(_, input) {
        if (store.isDown) throw new Error('away')
        const { users } = input as { users: string[] }
        store.reads.push(users)
        return users.map(() => ({ wish: NO_WISH, lastActive: 500_000 + WALL_AHEAD_MS }))
      },
      async transact(_, __, input) {
        if (store.isDown) throw new Error('away')
        store.notes.push(...(input as { active: unknown[] }).active)
        return {}
      },
    },
  })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  return {
    ...{ peers, store, errors, notes, time },
    enter: (user: string) => peers.enter({ id: user, user, isIdle: false }, time.now),
    async pass(ms: number) {
      time.now += ms
      peers.tick(time.now)
      notes.tick(time.now)
      await settle()
    },
    settle,
  }
}

describe('between the peers and the store', () => {
  it('users who come together are read together', async () => {
    const { enter, store, settle, peers, time } = open()
    for (const user of ['ann', 'bob', 'carl']) enter(user)
    await settle()
    expect(store.reads).toEqual([['ann', 'bob', 'carl']])
    expect(peers.sight('ann', time.now)).toMatchObject({ status: 'online' })
  })

  it('times of the last activity are written as the clock on the wall has them', async () => {
    const { enter, peers, pass, store, settle, time } = open()
    enter('ann')
    await settle()
    peers.leave('ann', time.now)
    await pass(15_000)
    expect(store.notes).toEqual([['ann', 1_000_000 + WALL_AHEAD_MS]])
  })

  it('a store that is away is asked again after a pause, and nothing is lost', async () => {
    const { enter, peers, pass, store, settle, errors, time } = open()
    store.isDown = true
    enter('ann')
    await settle()
    expect(peers.sight('ann', time.now)).toBeUndefined()
    await pass(100)
    expect(errors).toHaveLength(1)
    store.isDown = false
    await pass(2000)
    expect(peers.sight('ann', time.now)).toMatchObject({ status: 'online' })
    store.isDown = true
    peers.leave('ann', time.now)
    const left = time.now
    await pass(15_000)
    expect(store.notes).toEqual([])
    store.isDown = false
    await pass(5000)
    expect(store.notes).toEqual([['ann', left + WALL_AHEAD_MS]])
  })
})
