/** Long: one device with several tabs, played whole, and every row of the table of ui.md §5. */
import type { TabState } from '@belfry/client/tabs'
import type { Item } from '@belfry/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TypeLook } from '../kit/KitContext.ts'
import { Attention } from './attention.ts'
import { Sound } from './sound.ts'
import type { SoundState } from './sound-state.ts'

const NO_COUNTS = { at: {}, total: 0, unread: 0, unseen: 0, snoozed: 0, byCategory: {} }
const START_MS = Date.parse('2026-11-24T12:00:00.000Z')

let nowMs: number
/** What runs when the catch-up is over. */
let timers: Set<() => void>
/** Claims of the device. */
let claimed: Set<string>
let looks: Record<string, TypeLook>
let quiet: Set<string>

class Tab {
  readonly toasts: string[] = []
  readonly rings: (number | string)[] = []
  readonly shown: string[] = []
  readonly away: number[] = []
  readonly attention: Attention
  readonly sound: Sound
  closes: (id: string) => boolean = () => false
  items: Item[] = []
  unread = 0
  isUnlocked = true
  #state: TabState
  #onItem: (item: Item) => void = () => undefined
  #onChange: () => void = () => undefined

  constructor(state: Partial<TabState> = {}) {
    this.#state = { isLeader: false, isFocused: false, isAnyFocused: false, mode: 'locks', ...state }
    this.sound = this.#openSound()
    this.attention = new Attention({
      client: {
        onItem: (listener) => {
          this.#onItem = listener
          return () => {
            this.#onItem = () => undefined
          }
        },
        subscribe: (listener) => {
          this.#onChange = listener
          return () => {
            this.#onChange = () => undefined
          }
        },
        getSnapshot: () => ({ items: this.items, counts: { ...NO_COUNTS, unread: this.unread } }),
      },
      leader: {
        getSnapshot: () => this.#state,
        subscribe: () => () => undefined,
        claim: async (id, kind) => {
          const key = `${kind}:${id}`
          return !claimed.has(key) && Boolean(claimed.add(key))
        },
        close: () => undefined,
      },
      now: () => nowMs,
      schedule: (run) => {
        timers.add(run)
        return () => void timers.delete(run)
      },
      lookOf: (type) => looks[type] ?? {},
      isQuiet: ({ id }) => quiet.has(id),
      sound: this.sound,
      browser: {
        showItem: async ({ id }) => void this.shown.push(id),
        closeItems: async (picks) => {
          this.closes = picks
        },
      },
      onToast: ({ id }) => this.toasts.push(id),
      onAway: (count) => this.away.push(count),
    })
  }

  hear(...items: Item[]): void {
    this.items = [...items, ...this.items]
    for (const one of items) this.#onItem(one)
  }

  change(unread: number, items = this.items): void {
    this.unread = unread
    this.items = items
    this.#onChange()
  }

  become(state: Partial<TabState>): void {
    this.#state = { ...this.#state, ...state }
  }

  get noises(): number {
    return this.toasts.length + this.rings.length + this.shown.length + this.away.length
  }

  #openSound(): Sound {
    const sound = new Sound({
      openSpeaker: () => ({
        isRunning: () => this.isUnlocked,
        resume: async () => undefined,
        ring: (_, tone) => void this.rings.push(tone),
        close: () => undefined,
      }),
      watchGestures: (listener) => {
        listener()
        return () => undefined
      },
      storage: undefined,
      now: () => nowMs,
    })
    sound.open()
    return sound
  }
}

const item = (id: string, more: Partial<Item> = {}): Item =>
  ({
    id,
    type: 'order:new',
    readAt: null,
    createdAt: new Date(nowMs).toISOString(),
    ...more,
  }) as Item

const old = (id: string, ageMs = 10_001) => item(id, { createdAt: new Date(nowMs - ageMs).toISOString() })
const settled = () => new Promise((resolve) => setImmediate(resolve))

async function catchUpEnds(): Promise<void> {
  const due = [...timers]
  timers.clear()
  for (const run of due) run()
  await settled()
}

async function allHear(tabs: readonly Tab[], ...items: Item[]): Promise<void> {
  for (const tab of tabs) tab.hear(...items)
  await settled()
}

const sum = (tabs: readonly Tab[], of: (tab: Tab) => readonly unknown[]) => tabs.flatMap((tab) => of(tab))

beforeEach(() => {
  nowMs = START_MS
  timers = new Set()
  claimed = new Set()
  looks = {}
  quiet = new Set()
})

describe('three tabs', () => {
  it('none focused: one sound and one notification outside, by the leader, and no toast', async () => {
    const tabs = [new Tab(), new Tab({ isLeader: true }), new Tab()]
    await allHear(tabs, item('1'))
    expect(tabs.map(({ rings, shown, toasts }) => [rings.length, shown.length, toasts.length])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
    ])
  })

  it('one focused: it alone shows the toast and rings', async () => {
    const tabs = [
      new Tab({ isLeader: true, isAnyFocused: true }),
      new Tab({ isFocused: true, isAnyFocused: true }),
      new Tab({ isAnyFocused: true }),
    ]
    await allHear(tabs, item('1'))
    expect(tabs.map(({ noises }) => noises)).toEqual([0, 2, 0])
    expect(tabs[1]?.toasts).toEqual(['1'])
    expect(tabs[1]?.rings).toEqual([0])
  })

  it('that all believe to lead make one sound and one notification per id', async () => {
    const tabs = Array.from({ length: 3 }, () => new Tab({ isLeader: true, mode: 'none' }))
    await allHear(tabs, item('1'))
    nowMs += 3_000
    await allHear(tabs, item('2'))
    expect(sum(tabs, ({ rings }) => rings)).toHaveLength(2)
    expect(sum(tabs, ({ shown }) => shown)).toEqual(['1', '2'])
  })

  it('make noise again for the next item when another leads', async () => {
    const tabs = [new Tab({ isLeader: true }), new Tab()]
    await allHear(tabs, item('1'))
    tabs[0]?.attention.close()
    tabs[1]?.become({ isLeader: true })
    await allHear(tabs, item('2'))
    expect(tabs.map(({ shown }) => shown)).toEqual([['1'], ['2']])
  })
})

describe('the sound', () => {
  it('comes once for a burst, every item has its notification', async () => {
    const tab = new Tab({ isLeader: true })
    tab.hear(item('1'), item('2'), item('3'))
    await settled()
    expect(tab.rings).toHaveLength(1)
    expect(tab.shown).toEqual(['1', '2', '3'])
  })

  it('is as high as the type says, or absent', async () => {
    looks = { 'order:new': { sound: 5 }, 'order:gone': { sound: false } }
    const tab = new Tab({ isLeader: true })
    await allHear([tab], item('1', { type: 'order:gone' }))
    await allHear([tab], item('2'))
    expect(tab.rings).toEqual([5])
  })

  it('is left to the others by a tab that may not play', async () => {
    const tab = new Tab({ isLeader: true, mode: 'none' })
    tab.isUnlocked = false
    const other = new Tab({ isLeader: true, mode: 'none' })
    await allHear([tab, other], item('1'))
    expect([tab.rings.length, other.rings.length]).toEqual([0, 1])
  })

  it('is absent in a focused tab when it is wanted only elsewhere', async () => {
    const tab = new Tab({ isFocused: true, isAnyFocused: true })
    tab.sound.store.change({ onlyUnfocused: true } satisfies Partial<SoundState>)
    await allHear([tab], item('1'))
    tab.become({ isFocused: false, isAnyFocused: false, isLeader: true })
    await allHear([tab], item('2'))
    expect(tab.toasts).toEqual(['1'])
    expect(tab.rings).toHaveLength(1)
  })
})

describe('a catch-up', () => {
  it('of a leader in the background tells once how many came, without any other noise', async () => {
    const tabs = [new Tab({ isLeader: true }), new Tab()]
    await allHear(tabs, ...Array.from({ length: 30 }, (_, n) => old(`${n}`)))
    await catchUpEnds()
    expect(tabs.map(({ away }) => away)).toEqual([[30], []])
    expect(tabs.map(({ noises }) => noises)).toEqual([1, 0])
  })

  it('of a focused tab makes no noise', async () => {
    const tab = new Tab({ isFocused: true, isAnyFocused: true, isLeader: true })
    await allHear([tab], old('1'), old('2'), item('3'))
    await catchUpEnds()
    expect(tab.noises).toBe(0)
  })

  it('includes what is fresh in it, and ends', async () => {
    const tab = new Tab({ isLeader: true })
    await allHear([tab], old('1'), item('2'))
    await catchUpEnds()
    await allHear([tab], item('3'))
    expect(tab.away).toEqual([2])
    expect(tab.shown).toEqual(['3'])
  })

  it('does not count what was read elsewhere meanwhile', async () => {
    const tab = new Tab({ isLeader: true })
    await allHear([tab], old('1'), old('2'))
    tab.items = tab.items.map((one) => (one.id === '2' ? { ...one, readAt: one.createdAt } : one))
    await catchUpEnds()
    expect(tab.away).toEqual([1])
  })

  it('is told by one tab even if several lead', async () => {
    const tabs = [new Tab({ isLeader: true }), new Tab({ isLeader: true })]
    await allHear(tabs, old('1'))
    await catchUpEnds()
    expect(sum(tabs, ({ away }) => away)).toEqual([1])
  })
})

it('a muted item makes no noise', async () => {
  quiet.add('1')
  const tabs = [new Tab({ isLeader: true }), new Tab({ isFocused: true, isAnyFocused: true })]
  await allHear(tabs, item('1'))
  expect(tabs.map(({ noises }) => noises)).toEqual([0, 0])
})

it('an item that was read on another device makes no noise', async () => {
  const tabs = [new Tab({ isLeader: true }), new Tab({ isFocused: true, isAnyFocused: true })]
  await allHear(tabs, item('1', { readAt: new Date(nowMs).toISOString() }))
  await catchUpEnds()
  expect(tabs.map(({ noises }) => noises)).toEqual([0, 0])
})

it('closes notifications outside of what was read, in the leader alone', () => {
  const tabs = [new Tab({ isLeader: true }), new Tab()]
  for (const tab of tabs) {
    tab.change(2, [item('1'), item('2')])
    tab.change(1, [item('1', { readAt: 'now' }), item('2')])
  }
  expect(tabs.map(({ closes }) => [closes('1'), closes('2')])).toEqual([
    [true, false],
    [false, false],
  ])
})

it('hears nothing after it was closed', async () => {
  const tab = new Tab({ isLeader: true })
  tab.hear(old('1'))
  tab.attention.close()
  expect(timers.size).toBe(0)
  tab.hear(item('2'))
  await settled()
  expect(tab.noises).toBe(0)
})
