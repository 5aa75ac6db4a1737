/** Snoozing in the client: shown at once, taken back when refused, in step on two devices, back on time. */
import { type BelfryClient, createClient, type ItemListView } from '@belfry/client'
import {
  admin,
  type BelfryServer,
  eventually,
  type Person,
  register,
  sendTo,
  startServer,
} from '@belfry/testkit'
import { counts, created, entry, type Fake, idOf, items, online, snapshot } from '@belfry/testkit/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const messages = (from: BelfryClient | ItemListView) => from.getSnapshot().items.map(({ message }) => message)

describe('against the server', () => {
  let server: BelfryServer
  let sender: Person

  beforeAll(async () => {
    server = await startServer()
    sender = await admin(server)
  })
  afterAll(() => server.close())

  function open(person: Person): BelfryClient {
    const client = server.own(createClient({ url: server.url, getToken: () => person.token }))
    client.connect()
    return client
  }

  test('an item leaves both devices, is in the list of snoozed ones, and returns to both as new', async () => {
    const ada = await register(server)
    for (const message of ['a', 'b']) await sendTo(sender, ada, message)
    const [here, there] = [open(ada), open(ada)]
    const rung: string[] = []
    there.onItem(({ message }) => rung.push(message))
    await eventually('both', () => messages(here).length === 2 && messages(there).length === 2)
    const list = there.list({ snoozed: true })
    await eventually('the list', () => list.getSnapshot().isReady)
    const id = here.getSnapshot().items[1]?.id ?? ''
    const done = here.snooze(id, inMs(1_500))
    expect(messages(here)).toEqual(['b'])
    expect(here.getSnapshot().counts).toMatchObject({ unread: 1, total: 1 })
    await done
    await eventually('it is gone there', () => messages(there).length === 1 && messages(list).length === 1)
    await eventually('its number', () => there.getSnapshot().counts.snoozed === 1)
    for (const client of [here, there])
      await eventually('it is back', () => `${messages(client)}` === 'a,b', 4_000)
    expect(there.getSnapshot().items[0]).toMatchObject({ originId: id, readAt: null })
    expect(there.getSnapshot().counts).toMatchObject({ unread: 2, total: 2, snoozed: 0 })
    expect(rung).toEqual(['a'])
    await eventually('nothing is snoozed', () => messages(list).length === 0)
    list.close()
  })

  test('early it returns in its place, also from a list of snoozed ones alone, and what was old is known', async () => {
    const ada = await register(server)
    for (const message of ['a', 'b', 'c']) await sendTo(sender, ada, message)
    const first = open(ada)
    await eventually('all', () => messages(first).length === 3)
    const id = first.getSnapshot().items[1]?.id ?? ''
    await first.snooze(id, inMs(600_000))
    await first.unsnooze(id)
    await eventually('it is back', () => `${messages(first)}` === 'c,b,a')
    await first.snooze(id, inMs(600_000))
    // It has loaded nothing of the item but the row in this list.
    const second = open(ada)
    const list = second.list({ snoozed: true })
    await eventually('the list', () => messages(list).length === 1)
    const done = second.unsnooze(id)
    expect(messages(list)).toEqual([])
    await done
    for (const client of [first, second])
      await eventually('it is back', () => `${messages(client)}` === 'c,b,a')
    await eventually('its number', () => first.getSnapshot().counts.snoozed === 0)
    expect(first.getSnapshot().counts).toMatchObject({ unread: 3 })
    list.close()
  })
})

const ids = ({ client }: Fake) => client.getSnapshot().items.map(({ id }) => id)

test('a refused snooze is taken back', async () => {
  const fake = await online(snapshot(items(2, 1)))
  const done = fake.client.snooze(idOf(2), inMs(60_000))
  expect(ids(fake)).toEqual([idOf(1)])
  await fake.world.clock.advance(0)
  await fake.world.socket.last('snooze').refuse('validation_failed')
  await expect(done).rejects.toMatchObject({ code: 'validation_failed' })
  expect(ids(fake)).toEqual([idOf(2), idOf(1)])
  expect(fake.client.getSnapshot().counts.unread).toBe(2)
})

test('made offline it is sent later, and not at all when its time has passed by then', async () => {
  const fake = await online(snapshot(items(2, 1)))
  await fake.world.socket.end()
  const now = fake.world.clock.now() + fake.client.getSnapshot().clockOffsetMs
  const late = fake.client.snooze(idOf(1), new Date(now + 1).toISOString())
  const due = new Date(now + 3_600_000).toISOString()
  void fake.client.snooze(idOf(2), due)
  expect(ids(fake)).toEqual([])
  await fake.world.clock.advance(1_000)
  await fake.world.socket.welcome(snapshot(items(2, 1), { now: new Date(now + 1_000).toISOString() }))
  await late
  expect(fake.world.socket.all('snooze').map(({ payload }) => payload)).toMatchObject([
    { ids: [idOf(2)], until: due },
  ])
})

test('what wakes takes the place of what was snoozed, and moves the numbers by itself', async () => {
  const fake = await online(snapshot(items(1), { counts: counts(1, 1, { snoozed: 1 }) }))
  const rung: string[] = []
  fake.client.onItem(({ id }) => rung.push(id))
  await fake.world.socket.entries(created(2), entry(3, 'item.woken', { id: idOf(0), as: idOf(2) }))
  expect(ids(fake)).toEqual([idOf(2), idOf(1)])
  expect(rung).toEqual([idOf(2)])
  expect(fake.client.getSnapshot().counts).toMatchObject({ unread: 2, snoozed: 0 })
})

test('of an old entry, what is snoozed or archived by now does not show, and makes no noise', async () => {
  const fake = await online(snapshot(items(1)))
  const rung: string[] = []
  fake.client.onItem(({ id }) => rung.push(id))
  const [away, old] = [created(2), created(3)]
  Object.assign(away.data, items(2)[0], { snoozedUntil: inMs(60_000) })
  Object.assign(old.data, items(3)[0], { archivedAt: inMs(-1) })
  await fake.world.socket.entries(away, old)
  expect(ids(fake)).toEqual([idOf(1)])
  expect(rung).toEqual([])
})

test('a list of snoozed ones whose first page is older than a snooze is read again', async () => {
  const fake = await online(snapshot(items(2, 1)))
  const list = fake.client.list({ snoozed: true })
  await fake.world.clock.advance(0)
  const asked = fake.world.socket.last('listNotifications')
  const until = inMs(60_000)
  await fake.world.socket.entries(entry(3, 'item.snoozed', { ids: [idOf(1)], at: inMs(0), until }))
  await asked.ok({ notifications: [], nextCursor: null })
  await fake.world.socket.last('listNotifications').ok({
    notifications: [{ ...items(1)[0], snoozedUntil: until }],
    nextCursor: null,
  })
  expect(list.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(1)])
  list.close()
})
