import { describe, expect, it } from 'vitest'
import { NO_WISH, type Wish } from './peer.ts'
import { Peers } from './peers.ts'

const GRACE_MS = 15_000
const MINUTE = 60_000
const START = Date.parse('2026-11-28T12:00:00.000Z')
const INVISIBLE: Wish = { status: 'invisible', text: null, until: null }

function open({ wish = NO_WISH, lastActive = null as number | null, isKnown = true } = {}) {
  const changes: string[] = []
  const unknown: string[] = []
  const time = { now: START }
  const peers: Peers = new Peers({
    graceMs: GRACE_MS,
    now: START,
    onChanged(user, before) {
      changes.push(`${user} ${before.status} ${peers.sight(user, time.now)?.status}`)
    },
    onUnknown: (user) => void unknown.push(user),
  })
  const learn = () => {
    for (const user of unknown.splice(0)) peers.learn(user, { wish, lastActive }, time.now)
  }
  return {
    ...{ peers, changes, time, learn },
    pass(ms: number) {
      time.now += ms
      peers.tick(time.now)
    },
    enter(id: string, isIdle?: boolean, user = 'ann') {
      peers.enter({ id, user, isIdle }, time.now)
      if (isKnown) learn()
    },
    leave: (id: string) => peers.leave(id, time.now),
    status: (user = 'ann') => peers.sight(user, time.now)?.status,
    seen: (user = 'ann') => peers.sight(user, time.now)?.lastActive,
  }
}

describe('a user', () => {
  it('is online with the first connection at once, and offline 15 s after the last one', () => {
    const { enter, leave, pass, changes } = open()
    enter('a')
    enter('b')
    leave('a')
    pass(MINUTE)
    leave('b')
    pass(GRACE_MS - 1)
    expect(changes).toEqual(['ann offline online'])
    pass(1)
    expect(changes).toEqual(['ann offline online', 'ann online offline'])
  })

  it('stays online through ten outages of 3 s', () => {
    const { enter, leave, pass, changes } = open()
    enter('c0')
    for (let outage = 0; outage < 10; outage++) {
      leave(`c${outage}`)
      pass(3000)
      enter(`c${outage + 1}`)
      pass(3000)
    }
    expect(changes).toEqual(['ann offline online'])
  })

  it('has the grace again when the process stood still, since nobody could come back', () => {
    const { peers, enter, leave, pass, changes } = open()
    enter('a')
    leave('a')
    pass(5000)
    peers.stoodStill(60_000)
    pass(60_000 + 9999)
    expect(changes).toEqual(['ann offline online'])
    pass(1)
    expect(changes.at(-1)).toBe('ann online offline')
  })

  it('is not touched by the late end of an old connection', () => {
    const { enter, leave, pass, changes } = open()
    enter('old')
    enter('new')
    leave('old')
    leave('old')
    pass(MINUTE)
    expect(changes).toEqual(['ann offline online'])
  })

  it('is away when nobody was active for 5 min on any device, and online with the first sign of life', () => {
    const { peers, enter, pass, time, status } = open()
    enter('a')
    enter('b', true)
    pass(10 * MINUTE)
    expect(status()).toBe('online')
    peers.setIdle('a', true, time.now)
    pass(5 * MINUTE - 1)
    expect(status()).toBe('online')
    pass(1)
    expect(status()).toBe('away')
    peers.setIdle('b', false, time.now)
    expect(status()).toBe('online')
  })

  it('who is away does not come online by coming back, whether the connection says that it is idle or nothing', () => {
    for (const isIdle of [true, undefined]) {
      const { enter, leave, pass, status } = open()
      enter('a', true)
      pass(6 * MINUTE)
      leave('a')
      pass(3000)
      enter('b', isIdle)
      expect(status()).toBe('away')
      enter('c', false)
      expect(status()).toBe('online')
    }
  })

  it('who comes from nowhere with an idle device is away', () => {
    const { enter, changes } = open()
    enter('a', true)
    expect(changes).toEqual(['ann offline away'])
  })

  it('is dnd, away or invisible as wished, across reconnects, until the wish is taken back', () => {
    const { peers, enter, leave, pass, time, status } = open()
    enter('a')
    for (const [wished, shown] of [
      ['dnd', 'dnd'],
      ['away', 'away'],
      ['invisible', 'offline'],
    ] as const) {
      peers.wish('ann', { ...NO_WISH, status: wished, offset: 1 }, time.now)
      expect(status()).toBe(shown)
      leave('a')
      pass(3000)
      enter('a')
      expect(status()).toBe(shown)
    }
    peers.wish('ann', { ...NO_WISH, offset: 1 }, time.now)
    expect(status()).toBe('online')
  })

  it('is shown as before when the time of the wish is over', () => {
    const { peers, enter, pass, time, changes } = open()
    enter('a')
    peers.wish('ann', { offset: 1, status: 'dnd', text: 'lunch', until: time.now + MINUTE }, time.now)
    pass(MINUTE - 1)
    expect(changes.at(-1)).toBe('ann online dnd')
    pass(1)
    expect(changes.at(-1)).toBe('ann dnd online')
    expect(peers.sight('ann', time.now)?.text).toBeNull()
  })

  it('is shown as nothing at all until the store has said how', () => {
    const { enter, learn, changes, status, peers, time } = open({ wish: INVISIBLE, isKnown: false })
    enter('a')
    expect(status()).toBeUndefined()
    learn()
    expect(status()).toBe('offline')
    expect(changes).toEqual([])
    peers.wish('ann', { ...NO_WISH, offset: 1 }, time.now)
    expect(changes).toEqual(['ann offline online'])
  })

  it('is shown as wished last, also when the store answers with an older wish', () => {
    const { enter, learn, peers, time, changes } = open({ isKnown: false })
    enter('a')
    peers.wish('ann', { ...INVISIBLE, offset: 1 }, time.now)
    learn()
    expect(changes).toEqual([])
  })

  it('keeps the text to himself while he looks offline', () => {
    const { peers, enter, time } = open()
    enter('a')
    peers.wish('ann', { ...INVISIBLE, text: 'secret', offset: 1 }, time.now)
    expect(peers.sight('ann', time.now)).toMatchObject({ status: 'offline', text: null })
  })
})

describe('the time of the last activity', () => {
  it('is now while somebody is active, and stands still afterwards', () => {
    const { enter, leave, pass, time, seen } = open({ lastActive: START - MINUTE })
    enter('a')
    pass(1000)
    expect(seen()).toBe(time.now)
    const left = time.now
    leave('a')
    pass(10_000)
    expect(seen()).toBe(left)
  })

  it('stands still while the user is invisible, and what was seen before the store said so does not count', () => {
    const { enter, learn, pass, seen, leave, peers } = open({
      ...{ wish: INVISIBLE, lastActive: START - MINUTE, isKnown: false },
    })
    enter('a')
    pass(500)
    enter('b')
    learn()
    pass(MINUTE)
    expect(seen()).toBe(START - MINUTE)
    leave('a')
    leave('b')
    pass(MINUTE)
    expect(peers.notes.take()).toEqual([])
  })

  it('is noted once a minute and at the end', () => {
    const { enter, leave, pass, peers, time } = open()
    const taken: number[] = []
    const take = () => void taken.push(...peers.notes.take().map(([, at]) => at - START))
    enter('a')
    for (let second = 0; second < 150; second++) {
      pass(1000)
      take()
    }
    leave('a')
    const left = time.now
    pass(GRACE_MS)
    take()
    expect(taken).toEqual([MINUTE, 2 * MINUTE, left - START])
  })

  it('is not lost when the user has left before the store answered', () => {
    const { enter, leave, pass, learn, peers } = open({ isKnown: false })
    enter('a')
    pass(100)
    leave('a')
    pass(GRACE_MS)
    learn()
    expect(peers.notes.take()).toEqual([['ann', START + 100]])
  })
})

describe('versions', () => {
  it('rise with every change, also over an absence in which the user was forgotten', () => {
    const { enter, leave, pass, peers, time } = open()
    const versions: number[] = [peers.absent(null).version]
    for (let round = 0; round < 3; round++) {
      enter(`a${round}`)
      versions.push(peers.sight('ann', time.now)?.version ?? 0)
      leave(`a${round}`)
      pass(GRACE_MS)
      peers.notes.take()
      versions.push(peers.sight('ann', time.now)?.version ?? 0)
      pass(10_000)
      expect(peers.sight('ann', time.now)).toBeUndefined()
      expect(peers.absent(null).version).toBeGreaterThanOrEqual(versions.at(-1) ?? 0)
    }
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
  })

  it('keep someone in mind until the store has what it should know', () => {
    const { enter, leave, pass, peers, time } = open()
    enter('a')
    pass(1)
    leave('a')
    pass(MINUTE)
    const notes = peers.notes.take()
    peers.notes.giveBack(notes)
    pass(MINUTE)
    expect(peers.sight('ann', time.now)).toBeDefined()
    peers.notes.take()
    pass(MINUTE)
    expect(peers.sight('ann', time.now)).toBeUndefined()
  })
})

describe('focus', () => {
  it('is on a chat while one device that is not idle has it in front', () => {
    const { peers, enter, leave, time } = open()
    enter('a')
    enter('b')
    peers.setFocus('a', 'chat')
    expect(peers.isFocused('ann', 'chat')).toBe(true)
    expect(peers.isFocused('ann', 'other')).toBe(false)
    peers.setIdle('a', true, time.now)
    expect(peers.isFocused('ann', 'chat')).toBe(false)
    peers.setIdle('a', false, time.now)
    leave('a')
    expect(peers.isFocused('ann', 'chat')).toBe(false)
  })
})
