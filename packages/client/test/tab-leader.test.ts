import { FakeClock, settled } from '@belfry/testkit/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTabLeaderIn, type TabLeader } from '../src/tab-leader.ts'
import { FakeBrowser, type FakeTab } from './fake-tabs.ts'

const NAME = 'ada'

interface Opened {
  tab: FakeTab
  leader: TabLeader
}

let clock: FakeClock

beforeEach(() => {
  clock = new FakeClock()
})

function openTabs(browser: FakeBrowser, count: number): Opened[] {
  return Array.from({ length: count }, () => {
    const tab = browser.open()
    return { tab, leader: createTabLeaderIn(tab.surroundings, NAME) }
  })
}

const leaders = (tabs: readonly Opened[]): Opened[] =>
  tabs.filter(({ leader }) => leader.getSnapshot().isLeader)

function only<T>(list: readonly T[]): T {
  const [first] = list
  if (list.length !== 1 || first === undefined) throw new Error(`expected one, got ${list.length}`)
  return first
}

async function claims(tabs: readonly Opened[], id: string, kind = 'sound'): Promise<number> {
  const asked = tabs.map(({ leader }) => leader.claim(id, kind))
  await clock.advance(5_000)
  return (await Promise.all(asked)).filter(Boolean).length
}

describe.each([
  { mode: 'locks', hasLocks: true },
  { mode: 'channel', hasLocks: false },
] as const)('by $mode', ({ mode, hasLocks }) => {
  let browser: FakeBrowser

  beforeEach(() => {
    browser = new FakeBrowser(clock, { hasLocks })
  })

  it.each([1, 2, 3])('of %i tabs one leads', async (count) => {
    const tabs = openTabs(browser, count)
    await clock.advance(3_000)
    expect(leaders(tabs)).toHaveLength(1)
    expect(tabs.map(({ leader }) => leader.getSnapshot().mode)).toEqual(tabs.map(() => mode))
  })

  it('keeps its leader while that one lives', async () => {
    const tabs = openTabs(browser, 3)
    await clock.advance(3_000)
    const first = only(leaders(tabs))
    await clock.advance(60_000)
    expect(only(leaders(tabs))).toBe(first)
  })

  it('has another leader within 4 s when the leader is killed without goodbye', async () => {
    const tabs = openTabs(browser, 3)
    await clock.advance(3_000)
    const killed = only(leaders(tabs))
    killed.tab.kill()
    const left = tabs.filter((one) => one !== killed)
    await clock.advance(4_000)
    expect(leaders(left)).toHaveLength(1)
    expect(await claims(left, 'item-1')).toBe(1)
  })

  it('has another leader when the leader closes', async () => {
    const tabs = openTabs(browser, 2)
    await clock.advance(3_000)
    const closed = only(leaders(tabs))
    closed.leader.close()
    await clock.advance(2_000)
    expect(leaders(tabs.filter((one) => one !== closed))).toHaveLength(1)
  })

  it('grants a claim to one tab, once per id and kind', async () => {
    const tabs = openTabs(browser, 3)
    await clock.advance(3_000)
    expect(await claims(tabs, 'item-1')).toBe(1)
    expect(await claims(tabs, 'item-1')).toBe(0)
    expect(await claims(tabs, 'item-1', 'os')).toBe(1)
    expect(await claims(tabs, 'item-2')).toBe(1)
  })

  it('grants nothing twice after the tab that got it was killed', async () => {
    const tabs = openTabs(browser, 2)
    await clock.advance(3_000)
    const winner = only(leaders(tabs))
    expect(await claims([winner], 'item-1')).toBe(1)
    winner.tab.kill()
    await clock.advance(4_000)
    expect(
      await claims(
        tabs.filter((one) => one !== winner),
        'item-1',
      ),
    ).toBe(0)
  })

  it('remembers the last 200 ids', async () => {
    const tabs = openTabs(browser, 1)
    await clock.advance(3_000)
    for (let n = 0; n < 201; n += 1)
      await Promise.all(tabs.map(({ leader }) => leader.claim(`item-${n}`, 'os')))
    const [newcomer] = openTabs(browser, 1)
    await clock.advance(10_000)
    expect(JSON.parse(browser.stored.get(`belfry:ledger:${NAME}:os`) ?? '')).toHaveLength(200)
    if (newcomer) expect(await claims([newcomer], 'item-200', 'os')).toBe(0)
  })

  it('leaves no timer when it closes', async () => {
    const tabs = openTabs(browser, 2)
    await clock.advance(3_000)
    await claims(tabs, 'item-1')
    for (const { leader } of tabs) leader.close()
    await settled()
    expect(clock.size).toBe(0)
  })

  it('gives up a claim that waits when it closes', async () => {
    const [, other] = openTabs(browser, 2)
    await clock.advance(3_000)
    const asked = other?.leader.claim('item-1', 'sound')
    other?.leader.close()
    expect([true, false]).toContain(await asked)
  })

  describe('focus', () => {
    it('is known to all tabs while one has it', async () => {
      const tabs = openTabs(browser, 3)
      await clock.advance(3_000)
      browser.focus(tabs[1]?.tab)
      await clock.advance(30_000)
      expect(tabs.map(({ leader }) => leader.getSnapshot().isAnyFocused)).toEqual([true, true, true])
      expect(tabs.map(({ leader }) => leader.getSnapshot().isFocused)).toEqual([false, true, false])
      browser.focus(undefined)
      await settled()
      expect(tabs.map(({ leader }) => leader.getSnapshot().isAnyFocused)).toEqual([false, false, false])
    })

    it('moves from tab to tab', async () => {
      const tabs = openTabs(browser, 3)
      browser.focus(tabs[1]?.tab)
      await settled()
      browser.focus(tabs[2]?.tab)
      await clock.advance(5_000)
      expect(tabs[0]?.leader.getSnapshot().isAnyFocused).toBe(true)
    })

    it('is not lost when the tab that had it says so late', async () => {
      const tabs = openTabs(browser, 3)
      browser.focus(tabs[2]?.tab)
      await settled()
      browser.focus(tabs[1]?.tab)
      await settled()
      expect(tabs[0]?.leader.getSnapshot().isAnyFocused).toBe(true)
    })

    it('is forgotten when its tab was killed', async () => {
      const tabs = openTabs(browser, 2)
      browser.focus(tabs[0]?.tab)
      await clock.advance(3_000)
      tabs[0]?.tab.kill()
      await clock.advance(2_000)
      expect(tabs[1]?.leader.getSnapshot().isAnyFocused).toBe(false)
    })
  })

  it('answers the same state while nothing changes, and tells once when it does', async () => {
    const [one] = openTabs(browser, 1)
    await clock.advance(3_000)
    let told = 0
    const stop = one?.leader.subscribe(() => {
      told += 1
    })
    const before = one?.leader.getSnapshot()
    await clock.advance(10_000)
    expect(one?.leader.getSnapshot()).toBe(before)
    browser.focus(one?.tab)
    await clock.advance(10_000)
    expect(told).toBe(1)
    stop?.()
    browser.focus(undefined)
    expect(told).toBe(1)
  })
})

it('a tab that slept while another took the lead decides no claim', async () => {
  const browser = new FakeBrowser(clock, { hasLocks: false })
  const [one] = openTabs(browser, 1)
  await clock.advance(3_000)
  browser.stored.set(`belfry:leader:${NAME}`, JSON.stringify({ tab: 'tab-9', until: clock.now() + 60_000 }))
  const asked = one?.leader.claim('item-1', 'sound')
  expect(asked).toBeInstanceOf(Promise)
})

it('without storage and locks every tab acts, and once per id', async () => {
  const browser = new FakeBrowser(clock, { hasLocks: false, hasStorage: false })
  const tabs = openTabs(browser, 2)
  expect(tabs.map(({ leader }) => leader.getSnapshot())).toEqual([
    { isLeader: true, isFocused: false, isAnyFocused: false, mode: 'none' },
    { isLeader: true, isFocused: false, isAnyFocused: false, mode: 'none' },
  ])
  expect(await claims(tabs, 'item-1')).toBe(2)
  expect(await claims(tabs, 'item-1')).toBe(0)
})

it('with locks but without storage one tab leads and gets the claim', async () => {
  const tabs = openTabs(new FakeBrowser(clock, { hasStorage: false }), 2)
  await clock.advance(3_000)
  expect(leaders(tabs)).toHaveLength(1)
  expect(await claims(tabs, 'item-1')).toBe(1)
})

it('where the browser refuses locks, the channel decides', async () => {
  const browser = new FakeBrowser(clock)
  const { surroundings } = browser.open()
  const locks = { request: () => Promise.reject(new Error('not here')) }
  const leader = createTabLeaderIn({ ...surroundings, locks }, NAME)
  await clock.advance(3_000)
  expect(leader.getSnapshot()).toMatchObject({ isLeader: true, mode: 'channel' })
})

it('tabs of different users do not know each other', async () => {
  const browser = new FakeBrowser(clock)
  const tabs = ['ada', 'bob'].map((name) => createTabLeaderIn(browser.open().surroundings, name))
  await clock.advance(3_000)
  expect(tabs.map((leader) => leader.getSnapshot().isLeader)).toEqual([true, true])
  expect(await Promise.all(tabs.map((leader) => leader.claim('item-1', 'os')))).toEqual([true, true])
})
