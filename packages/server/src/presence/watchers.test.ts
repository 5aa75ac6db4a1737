import type { Presence } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import type { LiveConnection } from '../core/context.ts'
import type { LogEntry } from '../store/store.ts'
import type { SightAsked } from './queries.ts'
import { Watchers } from './watchers.ts'

const STEP_MS = 1000

function socket(id: string) {
  const frames: Presence[][] = []
  const closers: (() => void)[] = []
  const state = { isSlow: false }
  const connection: LiveConnection = {
    id,
    isNative: true,
    tell(event, payload) {
      if (state.isSlow) return false
      expect(event).toBe('presence')
      frames.push((payload as { changes: Presence[] }).changes)
      return true
    },
    onClosed: (work) => void closers.push(work),
  }
  return { connection, frames, state, end: () => closers.forEach((work) => void work()) }
}

function open() {
  const hidden = new Set<string>()
  const statuses = new Map<string, Presence['status']>()
  const asked: SightAsked[][] = []
  const errors: unknown[] = []
  const store = { isDown: false, wait: Promise.resolve() }
  const versions = new Map<string, number>()
  let version = 0
  let now = 0
  const raise = (user: string) => {
    version += 1
    versions.set(user, version)
    return version
  }
  const presenceOf = (userId: string): Presence => {
    const status = statuses.get(userId) ?? 'offline'
    return {
      userId,
      status,
      isOnline: status !== 'offline',
      lastActive: null,
      version: versions.get(userId) ?? 0,
    }
  }
  const watchers = new Watchers({
    sightings: {
      known: (user) => (statuses.has(user) ? presenceOf(user) : undefined),
      of: async (users, isVisible) =>
        users.map((user) => (isVisible(user) ? presenceOf(user) : { ...presenceOf('nobody'), userId: user })),
    },
    raise,
    async mayBeSeen(all) {
      asked.push(all)
      const answer = all.map(({ users, isStaff }) => users.filter((user) => isStaff || !hidden.has(user)))
      await store.wait
      if (store.isDown) throw new Error('away')
      return answer
    },
    onError: (error) => void errors.push(error),
  })
  return {
    ...{ watchers, hidden, asked, errors, store },
    set(user: string, status: Presence['status']) {
      raise(user)
      statuses.set(user, status)
      watchers.onChanged(user)
    },
    async pass(ms = STEP_MS) {
      now += ms
      watchers.tick(now)
      await new Promise((resolve) => setImmediate(resolve))
    },
    /** Entries cannot be written in full here; the watchers look at kind, topic and roles. */
    entry: (kind: string, topic: string, data: object = {}) =>
      watchers.onEntry({ kind, topic, data, offset: 1, at: '' } as LogEntry),
  }
}

const statusesIn = (frames: Presence[][]) =>
  frames.map((frame) => frame.map((one) => `${one.userId} ${one.status}`))

describe('watchers', () => {
  it('are told of the first change at once, of others within a second in one frame, as they are by then', async () => {
    const { watchers, set, pass } = open()
    const { connection, frames } = socket('a')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob', 'carl', 'dave'])
    await pass()
    set('dave', 'online')
    await pass(100)
    expect(statusesIn(frames)).toEqual([['dave online']])
    set('bob', 'online')
    set('carl', 'online')
    await pass(100)
    set('bob', 'away')
    set('eve', 'online')
    expect(frames).toHaveLength(1)
    await pass(700)
    expect(statusesIn(frames.slice(1))).toEqual([['bob away', 'carl online']])
    await pass()
    expect(frames).toHaveLength(2)
  })

  it('that read too slowly are told of everything later, in one frame', async () => {
    const { watchers, set, pass } = open()
    const { connection, frames, state } = socket('a')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob', 'carl'])
    state.isSlow = true
    set('bob', 'online')
    await pass()
    set('carl', 'online')
    await pass()
    state.isSlow = false
    await pass()
    expect(statusesIn(frames)).toEqual([['bob online', 'carl online']])
  })

  it('are told when they may no longer see somebody, and nothing after that, and when they may again', async () => {
    const { watchers, set, pass, hidden, entry } = open()
    const { connection, frames } = socket('a')
    set('bob', 'online')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    hidden.add('bob')
    set('bob', 'away')
    entry('user.blocked', 'user:bob', { userId: 'ann' })
    await pass()
    await pass()
    set('bob', 'dnd')
    await pass()
    expect(statusesIn(frames)).toEqual([['bob offline']])
    hidden.clear()
    entry('user.unblocked', 'user:bob', { userId: 'ann' })
    await pass()
    await pass()
    expect(statusesIn(frames)).toEqual([['bob offline'], ['bob dnd']])
    const versions = frames.flat().map((one) => one.version)
    expect(versions[1]).toBeGreaterThan(versions[0] ?? 0)
  })

  it('take what they are told of rights for newer than all they were told before', async () => {
    const { watchers, set, pass, hidden, entry } = open()
    const { connection, frames } = socket('a')
    set('bob', 'online')
    const [snapshot] = await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    for (const change of [() => hidden.add('bob'), () => hidden.clear()]) {
      change()
      entry('chat.left', 'user:bob')
      await pass()
      await pass()
    }
    const told = [snapshot, ...frames.flat()]
    expect(told.map((one) => one?.status)).toEqual(['online', 'offline', 'online'])
    const rising = told.map((one) => one?.version ?? 0)
    expect(rising).toEqual([...new Set(rising)].sort((a, b) => a - b))
  })

  it('are told nothing while it is not known what they may see', async () => {
    const { watchers, set, pass, hidden, entry, store, errors } = open()
    const { connection, frames } = socket('a')
    set('bob', 'online')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    store.isDown = true
    hidden.add('bob')
    entry('chat.left', 'user:ann')
    for (let second = 0; second < 3; second++) {
      set('bob', second % 2 ? 'online' : 'away')
      await pass()
    }
    expect(frames).toEqual([])
    expect(errors.length).toBeGreaterThan(0)
    store.isDown = false
    await pass()
    await pass()
    expect(statusesIn(frames)).toEqual([['bob offline']])
  })

  it('take a change of rights into account that comes while the last one is looked at', async () => {
    const { watchers, set, pass, hidden, entry, store } = open()
    const { connection, frames } = socket('a')
    set('bob', 'online')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    let release = () => {}
    store.wait = new Promise((resolve) => {
      release = () => resolve()
    })
    entry('chat.left', 'user:ann')
    await pass()
    entry('chat.left', 'user:bob')
    hidden.add('bob')
    set('bob', 'away')
    await pass()
    release()
    store.wait = Promise.resolve()
    for (let second = 0; second < 3; second++) await pass()
    expect(statusesIn(frames)).toEqual([['bob offline']])
  })

  it('see as much as their roles allow now', async () => {
    const { watchers, set, pass, hidden, entry } = open()
    const { connection, frames } = socket('a')
    hidden.add('bob')
    set('bob', 'online')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    entry('account.changed', 'user:ann', { roles: ['admin'], disabled: false })
    await pass()
    await pass()
    entry('account.changed', 'user:ann', { roles: ['user'], disabled: false })
    await pass()
    await pass()
    expect(statusesIn(frames)).toEqual([['bob online'], ['bob offline']])
  })

  it('are forgotten with their socket', async () => {
    const { watchers, set, pass, asked, entry } = open()
    const { connection, frames, end } = socket('a')
    await watchers.watch({ viewer: 'ann', isStaff: false, connection }, ['bob'])
    set('bob', 'online')
    entry('chat.left', 'user:ann')
    end()
    await pass()
    entry('chat.left', 'user:bob')
    await pass()
    expect(frames).toEqual([])
    expect(asked).toHaveLength(1)
  })

  it('watch 200 people at most on one socket, counted once each', async () => {
    const { watchers } = open()
    const place = { viewer: 'ann', isStaff: false, connection: socket('a').connection }
    const people = Array.from({ length: 200 }, (_, index) => `u${index}`)
    await watchers.watch(place, people)
    await watchers.watch(place, people)
    await expect(watchers.watch(place, ['one-more'])).rejects.toMatchObject({ code: 'validation_failed' })
    watchers.unwatch('a', ['u0'])
    await watchers.watch(place, ['one-more'])
  })
})
