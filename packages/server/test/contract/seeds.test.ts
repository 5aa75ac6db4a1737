/** The seeds' clients, unmodified: two tabs each, offline and back, and across a server restart on the same data. */
import {
  type BelfryServer,
  list,
  messagesOf,
  openPerson,
  type Person,
  register,
  send,
  sendTo,
  unread,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { CAUGHT_UP_BY_PUSH, SEEDS, type SeedName, type SeedTab } from '../support/seed-clients.ts'
import { type Context, useServer } from '../support/use-server.ts'

type Mode = 'accounts' | 'open'
/** Seeds that know no token run in open mode; all run in account mode once their client brings a token. */
const RUNS: Record<Mode, readonly SeedName[]> = {
  accounts: ['seed000', 'seed001', 'seed002', 'seed003', 'seed004'],
  open: ['seed001', 'seed002', 'seed003'],
}

const contexts: Record<Mode, Context> = {
  accounts: useServer(),
  open: useServer({ env: { AUTH: 'open' } }),
}

interface World {
  server: BelfryServer
  sender: Person
  person: Person
}

async function world(mode: Mode): Promise<World> {
  const { server, admin: sender } = contexts[mode]
  return { server, sender, person: mode === 'open' ? openPerson(server) : await register(server) }
}

const shows = (tab: SeedTab, messages: string[]) =>
  expect.poll(() => messagesOf(tab.shown), { timeout: 5_000 }).toEqual(messages.toReversed())

const PAIRS = (['accounts', 'open'] as const).flatMap((mode) =>
  RUNS[mode].map((seed) => [seed, mode] as const),
)

describe.each(PAIRS)('an unmodified client of %s in %s mode', (seed, mode) => {
  const openTab = SEEDS[seed]
  const isPushed = CAUGHT_UP_BY_PUSH.includes(seed)

  it('shows every notification once in both of its tabs, live', async () => {
    const { server, sender, person } = await world(mode)
    const tabs = await Promise.all([openTab(server, person), openTab(server, person)])
    const types = ['info', 'order:new', 'system', 'budget:alert', 'anything']
    for (const type of types) await sendTo(sender, person, `a ${type}`, { type })
    await send(sender, { audience: { all: true }, message: 'to all' })
    for (const tab of tabs) {
      await shows(tab, [...types.map((type) => `a ${type}`), 'to all'])
      expect(tab.unread).toBe(await unread(person))
    }
  })

  it('shows what it missed while its pages were closed, once and in order', async () => {
    const { server, sender, person } = await world(mode)
    const first = await openTab(server, person)
    await sendTo(sender, person, 'seen before')
    await shows(first, ['seen before'])
    first.close()
    await expect.poll(async () => (await list(person)).map(({ status }) => status)).toEqual(['delivered'])
    for (const message of ['missed 1', 'missed 2', 'missed 3']) await sendTo(sender, person, message)
    const again = await openTab(server, person)
    const missed = ['missed 1', 'missed 2', 'missed 3']
    await shows(again, isPushed ? missed : ['seen before', ...missed])
    const second = await openTab(server, person)
    await sendTo(sender, person, 'live again')
    await shows(again, [...(isPushed ? missed : ['seen before', ...missed]), 'live again'])
    await shows(second, isPushed ? ['live again'] : ['seen before', ...missed, 'live again'])
    expect(messagesOf(await list(person))).toEqual([
      'live again',
      'missed 3',
      'missed 2',
      'missed 1',
      'seen before',
    ])
  })
})

describe.each(['accounts', 'open'] as const)('in %s mode', (mode) => {
  interface Page {
    seed: SeedName
    person: Person
    tabs: SeedTab[]
  }

  async function openPage(seed: SeedName): Promise<Page> {
    const { server, sender, person } = await world(mode)
    const tabs = await Promise.all([SEEDS[seed](server, person), SEEDS[seed](server, person)])
    await sendTo(sender, person, 'before')
    for (const tab of tabs) await shows(tab, ['before'])
    return { seed, person, tabs }
  }

  async function expectBack({ seed, person, tabs }: Page, sender: Person): Promise<void> {
    for (const tab of tabs) {
      await tab.socket.turn(
        'connect',
        tab.socket.lifecycle.findIndex(({ name }) => name === 'disconnect'),
        15_000,
      )
      await tab.settled()
    }
    await sendTo(sender, person, 'after')
    for (const tab of tabs) await shows(tab, ['before', 'after'])
    for (const tab of tabs) {
      if (!CAUGHT_UP_BY_PUSH.includes(seed)) await tab.load()
      expect(messagesOf(tab.shown)).toEqual(messagesOf(await list(person)))
      expect(tab.unread).toBe(await unread(person))
    }
  }

  it('both tabs of every seed come back by themselves after a restart on the same data, and miss nothing', async () => {
    const { server, admin: sender } = contexts[mode]
    const pages: Page[] = []
    for (const seed of RUNS[mode]) pages.push(await openPage(seed))
    await server.restart('SIGTERM')
    for (const page of pages) await expectBack(page, sender)
  }, 60_000)
})

describe('seed 000', () => {
  it('marks one as read over REST, and its reloaded tabs agree with the count', async () => {
    const { server, person } = await world('accounts')
    const tabs = await Promise.all([SEEDS.seed000(server, person), SEEDS.seed000(server, person)])
    await person.http.post('/api/notifications/test', {})
    await person.http.post('/api/notifications/test', { message: 'another' })
    for (const tab of tabs) await shows(tab, ['This is a test', 'another'])
    await person.http.post('/api/notifications/read', { id: tabs[0]?.shown[0]?._id })
    for (const tab of tabs) {
      await tab.load()
      expect(tab.unread).toBe(1)
    }
    expect(await unread(person)).toBe(1)
  })
})

describe('seed 002', () => {
  it('sends by user, role and room with the field names of the seeds', async () => {
    const { server, sender, person } = await world('accounts')
    const patient = await register(server, { role: 'patient' })
    await sender.http.post('/api/rooms', { id: 'lobby' })
    await sender.http.put(`/api/rooms/lobby/members/${patient.id}`)
    const [tab, other] = await Promise.all([SEEDS.seed002(server, patient), SEEDS.seed002(server, person)])
    await send(sender, { userId: patient.id, message: 'by user' })
    await send(sender, { role: 'patient', message: 'by role' })
    await send(sender, { room: 'lobby', message: 'by room' })
    await send(sender, { userId: person.id, message: 'the other' })
    await shows(tab, ['by user', 'by role', 'by room'])
    await shows(other, ['the other'])
  })
})

describe('seed 003', () => {
  it('keeps two tabs in step when one of them reads', async () => {
    const { server, sender, person } = await world('open')
    const [a, b] = await Promise.all([SEEDS.seed003(server, person), SEEDS.seed003(server, person)])
    const note = await sendTo(sender, person, 'to be read')
    await sendTo(sender, person, 'to stay')
    await shows(b, ['to be read', 'to stay'])
    a.socket.emit('mark-notification-read', { notificationId: note.id })
    expect(await b.socket.event('notification-read')).toMatchObject({ notificationId: note.id })
    b.socket.emit('get-unread-count', person.id)
    await b.socket.event<{ count: number }>('unread-count', ({ count }) => count === 1)
    b.socket.emit('mark-all-notifications-read', person.id)
    await a.socket.event('all-notifications-read')
    expect(await unread(person)).toBe(0)
  })
})
