import { describe, expect, it } from 'vitest'
import { createDraw } from '../test/random.ts'
import { NO_WISH } from './peer.ts'
import { Peers } from './peers.ts'
import { Oracle } from './test/oracle.ts'

const GRACE_MS = 15_000
const USERS = 1000
const DEVICES = 3
const STEPS = 10_000
const PAUSES_MS = [0, 0, 1000, 3000, 7000, 15_000, 60_000, 300_000]

/** Peers and the naive definition side by side, under the same fate. */
function createWorld(seed: number) {
  const draw = createDraw(seed)
  const oracle = new Oracle(GRACE_MS)
  const told = new Map<string, string>()
  const versions = new Map<string, number>()
  const unknown: string[] = []
  const live = new Map<string, string>()
  const ended: string[] = []
  let now = Date.parse('2026-11-28T12:00:00.000Z')
  let count = 0
  const peers: Peers = new Peers({
    graceMs: GRACE_MS,
    now,
    onUnknown: (user) => void unknown.push(user),
    onChanged(user, before) {
      expect(before.status).toBe(told.get(user) ?? 'offline')
      const sight = peers.sight(user, now)
      expect(sight?.version).toBeGreaterThan(versions.get(user) ?? 0)
      told.set(user, sight?.status ?? 'offline')
      versions.set(user, sight?.version ?? 0)
    },
  })
  const leave = (id: string, user: string) => {
    oracle.leave(user, id, now)
    peers.leave(id, now)
    live.delete(id)
    ended.push(id)
  }
  const enter = (user: string) => {
    const id = `c${count++}`
    const isIdle = draw.pick([true, false, undefined])
    oracle.enter(user, id, isIdle, now)
    peers.enter({ id, user, isIdle }, now)
    for (const one of unknown.splice(0)) peers.learn(one, { wish: NO_WISH, lastActive: null }, now)
    live.set(id, user)
  }
  return {
    draw,
    pass() {
      now += draw.pick(PAUSES_MS)
      peers.tick(now)
      peers.notes.take()
    },
    /** A user does one thing on one device, and some connection that ended long ago ends once more. */
    act(user: string) {
      const own = [...live].filter(([, owner]) => owner === user).map(([id]) => id)
      const id = own.length > 0 ? draw.pick(own) : undefined
      if (id === undefined || (own.length < DEVICES && draw.chance(0.3))) enter(user)
      else if (draw.chance(0.5)) leave(id, user)
      else {
        const isIdle = draw.chance(0.7)
        oracle.setIdle(user, id, isIdle, now)
        peers.setIdle(id, isIdle, now)
      }
      if (ended.length > 0) peers.leave(draw.pick(ended), now)
    },
    /** A node is killed: part of the connections vanish together. */
    kill() {
      for (const [id, user] of live) if (draw.chance(0.3)) leave(id, user)
    },
    shown: (user: string) => told.get(user) ?? 'offline',
    expected: (user: string) => oracle.statusAt(user, now),
  }
}

describe('1,000 users with 3 devices each that flap, idle, vanish and end late', () => {
  it.each([1, 2, 3, 4])('are shown as the definition says, seed %i', (seed) => {
    const world = createWorld(seed)
    const seen = new Set<string>()
    for (let step = 0; step < STEPS; step++) {
      world.pass()
      if (world.draw.chance(0.005)) world.kill()
      // Few of them do most, so that they meet their own timers.
      const user = `u${world.draw.int(0, world.draw.chance(0.7) ? 20 : USERS - 1)}`
      world.act(user)
      const other = `u${world.draw.int(0, USERS - 1)}`
      for (const one of [user, other]) {
        seen.add(world.shown(one))
        expect({ step, one, is: world.shown(one) }).toEqual({ step, one, is: world.expected(one) })
      }
    }
    for (let user = 0; user < USERS; user++) expect(world.shown(`u${user}`)).toBe(world.expected(`u${user}`))
    expect(seen).toEqual(new Set(['online', 'away', 'offline']))
  })
})
