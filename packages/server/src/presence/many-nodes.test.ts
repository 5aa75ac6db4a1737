import { describe, expect, it } from 'vitest'
import { NO_WISH, type Wish } from './peer.ts'
import { Peers } from './peers.ts'

const GRACE_MS = 15_000
const MINUTE = 60_000
const INVISIBLE: Wish = { status: 'invisible', text: null, until: null }

/** What node b knows of a user; node a is the other one. */
function open() {
  const time = { now: 1_000_000 }
  const asked: string[] = []
  const dead = new Set<string>()
  const statuses: string[] = []
  const peers: Peers = new Peers({
    ...{ graceMs: GRACE_MS, now: time.now, node: 'b' },
    standsInFor: (node) => dead.has(node),
    onUnknown: (user) => void asked.push(user),
    onChanged: (user) => void statuses.push(String(peers.sight(user, time.now)?.status)),
  })
  return {
    ...{ peers, time, asked, dead, statuses },
    enter: (id: string, node: string) => peers.enter({ id, user: 'ann', node, isIdle: false }, time.now),
    leave: (id: string) => peers.leave(id, time.now),
    learn: (wish = NO_WISH) => peers.learn('ann', { wish, lastActive: null }, time.now),
    pass(ms: number) {
      time.now += ms
      peers.tick(time.now)
    },
    written: () => peers.notes.take().map(([user]) => user),
  }
}

describe('a user on several nodes', () => {
  it('is one user: online while a connection lives anywhere', () => {
    const { enter, leave, learn, pass, statuses } = open()
    enter('x', 'a')
    enter('y', 'b')
    learn()
    leave('y')
    pass(MINUTE)
    leave('x')
    pass(GRACE_MS)
    expect(statuses).toEqual(['online', 'offline'])
  })

  it('is written down by the first of the nodes where it is', () => {
    const { enter, leave, learn, pass, written } = open()
    enter('x', 'c')
    enter('y', 'b')
    learn()
    pass(MINUTE)
    expect(written()).toEqual(['ann'])
    enter('z', 'a')
    pass(MINUTE)
    expect(written()).toEqual([])
    leave('z')
    leave('y')
    leave('x')
    pass(GRACE_MS)
    expect(written()).toEqual([])
  })

  it('is written down at the end where it was last, or by the node that stands in for that one', () => {
    for (const isDead of [false, true]) {
      const { enter, leave, learn, pass, written, dead } = open()
      enter('x', 'a')
      enter('y', 'b')
      learn()
      leave('y')
      if (isDead) dead.add('a')
      leave('x')
      pass(GRACE_MS)
      expect(written()).toEqual(isDead ? ['ann'] : [])
    }
  })

  it('at the end of this process is written down if it was here', () => {
    const { peers, enter, learn, time, written } = open()
    enter('x', 'a')
    learn()
    peers.noteAll(time.now)
    expect(written()).toEqual([])
    enter('y', 'b')
    peers.noteAll(time.now)
    expect(written()).toEqual(['ann'])
  })

  it('whose wish another node knows of is asked for, once for each wish, and shown by it', () => {
    const { peers, enter, learn, asked, statuses, time } = open()
    enter('x', 'a')
    learn()
    peers.hearOfWish('ann', 7)
    peers.hearOfWish('ann', 7)
    peers.hearOfWish('ann', 6)
    expect(asked).toEqual(['ann', 'ann'])
    learn(INVISIBLE)
    expect(statuses).toEqual(['online', 'offline'])
    peers.wish('ann', { ...NO_WISH, offset: 8 }, time.now)
    peers.hearOfWish('ann', 8)
    expect([asked.length, statuses.at(-1)]).toEqual([2, 'online'])
  })

  it('keeps the wish that the log told while the store was asked', () => {
    const { peers, enter, learn, statuses, time } = open()
    enter('x', 'a')
    learn()
    peers.hearOfWish('ann', 7)
    peers.wish('ann', { ...INVISIBLE, offset: 8 }, time.now)
    learn(NO_WISH)
    expect(statuses).toEqual(['online', 'offline'])
  })

  it('has versions above those that another node told', () => {
    const { peers, enter, learn, time } = open()
    peers.versions.riseTo(time.now + 5000)
    enter('x', 'a')
    learn()
    expect(peers.sight('ann', time.now)?.version).toBeGreaterThan(time.now + 5000)
  })

  it('is counted where it is', () => {
    const { peers, enter } = open()
    for (const [id, node] of [
      ['x', 'a'],
      ['y', 'b'],
      ['z', 'c'],
    ] as const)
      enter(id, node)
    expect([peers.elsewhere('ann'), peers.elsewhere('nobody')]).toEqual([2, 0])
  })
})
