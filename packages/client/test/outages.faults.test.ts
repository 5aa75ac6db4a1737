/** A minute without a line, and a minute of broken ones, seen by three tabs that follow a cursor. */
import { type BelfryClient, createClient } from '@belfry/client'
import {
  admin,
  type BelfryServer,
  createFaultProxy,
  delay,
  eventually,
  type FaultProxy,
  listAll,
  type Person,
  pooled,
  register,
  send,
  startServer,
  unread,
} from '@belfry/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

const OUTAGE_MS = 60_000
const ARRIVING = 1_000
/** The longest wait between two attempts, and the catching up. */
const BACK_WITHIN_MS = 60_000

let server: BelfryServer
let sender: Person
beforeAll(async () => {
  server = await startServer()
  sender = await admin(server)
}, 60_000)
afterAll(() => server.close())

interface Tab {
  client: BelfryClient
  /** Ids of the notifications it called back with, oldest first. */
  heard: string[]
}

async function open(person: Person, url: string): Promise<Tab> {
  const client = server.own(createClient({ url, getToken: () => person.token }))
  const heard: string[] = []
  client.onItem(({ id }) => heard.push(id))
  client.connect()
  await eventually('the line', () => client.getSnapshot().status === 'online', 10_000)
  return { client, heard }
}

async function world(): Promise<{ person: Person; proxy: FaultProxy; tabs: Tab[] }> {
  const person = await register(server)
  const proxy = server.own(await createFaultProxy(server))
  const tabs = await Promise.all([1, 2, 3].map(() => open(person, proxy.url)))
  return { person, proxy, tabs }
}

const notify = (person: Person, message: string) => send(sender, { audience: { user: person.id }, message })

/** Exactly the server's list and count, and one callback for each item. */
async function expectInStep(person: Person, tabs: readonly Tab[]): Promise<void> {
  const listed = (await listAll(person)).map(({ id }) => id)
  const count = await unread(person)
  for (const { client, heard } of tabs) {
    await eventually('the last item', () => heard.length >= listed.length, BACK_WITHIN_MS)
    expect(heard).toEqual(listed.toReversed())
    expect(client.getSnapshot().items.map(({ id }) => id)).toEqual(listed.slice(0, 1_000))
    await eventually('the count', () => client.getSnapshot().counts.unread === count, 2_000)
  }
}

test('cut off for 60 s while 1,000 arrive', async () => {
  const { person, proxy, tabs } = await world()
  proxy.faults.isRefusing = true
  proxy.cut()
  const outage = delay(OUTAGE_MS)
  await pooled(Array.from({ length: ARRIVING }), 4, (_, number) => notify(person, `number ${number}`))
  await outage
  for (const { heard } of tabs) expect(heard).toEqual([])
  proxy.heal()
  await expectInStep(person, tabs)
}, 240_000)

test('cut at every packet boundary for a minute', async () => {
  const { person, proxy, tabs } = await world()
  proxy.cutAtEachPacket()
  proxy.cut()
  const until = performance.now() + OUTAGE_MS
  for (let number = 0; performance.now() < until; number++) {
    await notify(person, `number ${number}`)
    // Without the wait between attempts, so that many lines are cut at many places.
    for (const { client } of tabs) client.retryNow()
    await delay(50)
  }
  expect(proxy.accepted).toBeGreaterThan(50)
  proxy.heal()
  await expectInStep(person, tabs)
}, 240_000)
