import { describe, expect, it } from 'vitest'
import { CALM, LossyWire } from '../bus/test/lossy-wire.ts'
import { createDraw } from '../test/random.ts'
import type { Lease } from './lease-messages.ts'
import { Leases } from './leases.ts'

const TICK_MS = 250
/** Source: reliability.md §8, without the grace of 15 s that comes on top. */
const DEAD_WITHIN_MS = 20_000

/** One node: what it has itself, and what it believes of the others. */
function startNode(name: string, bus: LossyWire, now: number) {
  const seen = new Map<string, Lease>()
  const own = new Map<string, Lease>()
  const clock = { now }
  const versions = { told: 0, heard: 0 }
  const leases = new Leases({
    node: name,
    boot: now,
    send: (message) => bus.send(message, clock.now),
    version: () => versions.told,
    onVersion: (version) => {
      versions.heard = Math.max(versions.heard, version)
    },
    onPut: (key, _, lease) => void seen.set(key, lease),
    onGone: (key) => void seen.delete(key),
  })
  bus.join(name, (message, at) => void leases.receive(message, at))
  leases.hello()
  return {
    ...{ name, own, seen, leases, versions },
    tick(at: number) {
      clock.now = at
      leases.tick(at)
    },
    put(lease: Lease) {
      own.set(lease.id, lease)
      leases.put(lease)
    },
    drop(id: string) {
      own.delete(id)
      leases.drop(id)
    },
  }
}
type Node = ReturnType<typeof startNode>

function createCluster(seed: number, names: string[]) {
  const draw = createDraw(seed)
  const bus = new LossyWire(draw)
  const nodes = new Map<string, Node>()
  let now = 1_000_000
  for (const name of names) nodes.set(name, startNode(name, bus, now))
  const pass = (ms: number) => {
    for (const end = now + ms; now < end; now += TICK_MS) {
      bus.deliver(now)
      for (const node of nodes.values()) node.tick(now)
    }
  }
  return {
    ...{ draw, bus, nodes, pass },
    node(name: string): Node {
      const node = nodes.get(name)
      if (!node) throw new Error(`no node ${name}`)
      return node
    },
    /** Without a word. */
    kill(name: string) {
      nodes.delete(name)
      bus.leave(name)
    },
    start: (name: string) => void nodes.set(name, startNode(name, bus, now)),
    expectAgreement() {
      for (const node of nodes.values()) {
        const others = [...nodes.values()].filter((other) => other !== node)
        const truth = others.flatMap((other) => [...other.own.values()])
        expect(sorted(node.seen.values())).toEqual(sorted(truth))
      }
    },
  }
}
type Cluster = ReturnType<typeof createCluster>

const sorted = (leases: Iterable<Lease>) => [...leases].map((lease) => JSON.stringify(lease)).sort()
const lease = (id: string, user = 'ann'): Lease => ({ id, user, isIdle: false, focus: null, wish: 0 })

function change({ draw, nodes }: Cluster, count: number): void {
  const node = draw.pick([...nodes.values()])
  const known = [...node.own.values()]
  const one = known.length > 0 ? draw.pick(known) : undefined
  const share = draw.int(0, 3)
  if (!one || share > 1) node.put(lease(`c${count}`, `u${draw.int(0, 20)}`))
  else if (share === 1) node.drop(one.id)
  else node.put({ ...one, isIdle: draw.chance(0.5), focus: draw.pick([null, 'chat']), wish: draw.int(0, 2) })
}

describe('leases', () => {
  it('are known to the other nodes within a tick, and gone as quickly', () => {
    const { node, pass, expectAgreement } = createCluster(1, ['a', 'b', 'c'])
    pass(TICK_MS * 4)
    node('a').put(lease('x'))
    pass(TICK_MS * 2)
    expect(node('b').seen.size).toBe(1)
    node('a').drop('x')
    pass(TICK_MS * 2)
    expect(node('b').seen.size).toBe(0)
    expectAgreement()
  })

  it('are told to a node that joins, however many they are', () => {
    const { node, pass, start, expectAgreement } = createCluster(1, ['a'])
    for (let index = 0; index < 3500; index++) node('a').put(lease(`c${index}`, `u${index}`))
    pass(1000)
    start('b')
    pass(3000)
    expect(node('b').seen.size).toBe(3500)
    expectAgreement()
  })

  it('of a killed node end within 20 s, on every node that is left', () => {
    const { node, pass, kill } = createCluster(1, ['a', 'b', 'c'])
    node('a').put(lease('x'))
    pass(5000)
    kill('a')
    pass(9000)
    expect(node('b').seen.size).toBe(1)
    pass(DEAD_WITHIN_MS - 9000)
    expect([node('b').seen.size, node('c').seen.size]).toEqual([0, 0])
  })

  it('of a node that says goodbye end at once, whatever comes late', () => {
    const { node, pass, kill, bus } = createCluster(1, ['a', 'b'])
    node('a').put(lease('x'))
    pass(1000)
    node('a').put(lease('y'))
    node('a').leases.bye()
    node('a').leases.tick(0)
    kill('a')
    pass(1000)
    expect(node('b').seen.size).toBe(0)
    expect(bus.sent).toBeGreaterThan(0)
  })

  it('of a node that starts anew take the place of those it had before', () => {
    const { node, pass, kill, start } = createCluster(1, ['a', 'b'])
    node('a').put(lease('old'))
    pass(1000)
    kill('a')
    pass(1000)
    start('a')
    node('a').put(lease('new'))
    pass(1000)
    expect([...node('b').seen.values()].map(({ id }) => id)).toEqual(['new'])
  })

  it('of others outlive a time in which this process stood still', () => {
    const { node, pass } = createCluster(1, ['a', 'b'])
    node('a').put(lease('x'))
    pass(1000)
    const b = node('b')
    b.leases.stoodStill(60_000)
    b.leases.tick(1_061_000)
    expect(b.seen.size).toBe(1)
  })

  it('are not brought back by what is late: neither of the same node, nor of its earlier start', () => {
    const { node, pass, bus } = createCluster(1, ['a'])
    const late = { kind: 'change', node: 'b', boot: 5, version: 0, seq: 1, put: [lease('x')], gone: [] }
    const beat = { kind: 'beat', node: 'b', boot: 5, version: 0, seq: 2, count: 0, digest: 0 }
    for (const message of [late, { ...late, seq: 2, put: [], gone: ['x'] }, late, beat]) {
      bus.send(message, 0)
      pass(TICK_MS * 2)
    }
    expect(node('a').seen.size).toBe(0)
    bus.send({ ...late, boot: 6, put: [lease('y')] }, 0)
    pass(TICK_MS * 2)
    bus.send({ ...late, seq: 3 }, 0)
    pass(TICK_MS * 2)
    expect([...node('a').seen.values()].map(({ id }) => id)).toEqual(['y'])
  })

  it('cannot be taken from another node, nor from this one', () => {
    const { node, pass, bus } = createCluster(1, ['a', 'b'])
    node('a').put(lease('x'))
    node('b').put(lease('y'))
    pass(1000)
    const forged = {
      kind: 'change',
      node: 'c',
      boot: 5,
      version: 0,
      seq: 1,
      put: [lease('x', 'eve')],
      gone: ['y'],
    }
    bus.send(forged, 0)
    pass(1000)
    const seen = [...node('b').seen.values()].map(({ id, user }) => `${id} ${user}`)
    expect(seen.sort()).toEqual(['x ann', 'x eve'])
  })

  it('come from messages only', () => {
    const { node } = createCluster(1, ['a'])
    const { leases } = node('a')
    for (const raw of [null, 1, 'x', {}, { kind: 'hello' }, { kind: 'change', node: 'b', boot: 1, seq: -1 }])
      expect(leases.receive(raw, 0)).toBe(false)
    const wrong = {
      kind: 'change',
      node: 'b',
      boot: 1,
      version: 0,
      seq: 1,
      put: [{ ...lease('x'), user: 'a:b' }],
      gone: [],
    }
    expect(leases.receive(wrong, 0)).toBe(false)
    expect(node('a').seen.size).toBe(0)
  })

  it.each([1, 2, 3, 4, 5, 6])(
    'agree 20 s after a storm of losses, repeats, disorder and kills, seed %i',
    (seed) => {
      const cluster = createCluster(seed, ['a', 'b', 'c'])
      const { draw, bus, pass, kill, start, expectAgreement } = cluster
      let count = 0
      for (let storm = 0; storm < 6; storm++) {
        bus.weather = { lost: 0.3, repeated: 0.3, lateMs: 3000 }
        for (let step = 0; step < 150; step++) {
          change(cluster, count++)
          pass(draw.pick([0, TICK_MS, 1000]))
          if (draw.chance(0.02)) {
            kill('c')
            pass(draw.pick([0, 5000, 30_000]))
            start('c')
          }
        }
        bus.weather = CALM
        pass(DEAD_WITHIN_MS)
        expectAgreement()
      }
    },
  )

  it('come with the highest version that their node has told, so that who moves to another one takes what it tells', () => {
    const { node, pass } = createCluster(1, ['a', 'b'])
    node('a').versions.told = 77
    node('a').put(lease('x'))
    pass(TICK_MS * 2)
    expect(node('b').versions.heard).toBe(77)
  })

  it('of a node that lives no more are the matter of the first one that does', () => {
    const { node, pass, kill } = createCluster(1, ['a', 'b', 'c'])
    const standIns = (of: string) => ['a', 'b', 'c'].filter((name) => node(name).leases.standsInFor(of))
    pass(6000)
    expect(standIns('b')).toEqual([])
    expect(standIns('nobody')).toEqual(['a'])
    const { leases } = node('b')
    kill('a')
    pass(DEAD_WITHIN_MS)
    expect([leases.standsInFor('a'), node('c').leases.standsInFor('a')]).toEqual([true, false])
  })

  it('that nothing happens to cost one message in 5 s for each node', () => {
    const { node, pass, bus } = createCluster(1, ['a', 'b'])
    node('a').put(lease('x'))
    pass(10_000)
    const before = bus.sent
    pass(60_000)
    expect(bus.sent - before).toBe(24)
  })
})
