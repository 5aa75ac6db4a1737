/**
 * The long outages, three tabs of one user for every seed at once: 60 s without a line while 1,000 notifications arrive,
 * and a minute of cuts at every packet boundary.
 */
import {
  createFaultProxy,
  delay,
  type FaultProxy,
  type Person,
  pooled,
  register,
  seeded,
  sendTo,
  unread,
} from '@belfry/testkit'
import { expect, it } from 'vitest'
import { SEEDS, type SeedName, type SeedTab } from '../support/seed-clients.ts'
import { expectPushedOnce, expectStep } from '../support/tabs.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const OUTAGE_MS = 60_000
const TABS = 3
const ARRIVING = 1_000
const FETCHING: readonly SeedName[] = ['seed000', 'seed002', 'seed004']
const PUSHED: readonly SeedName[] = ['seed001', 'seed003']

interface World {
  seed: SeedName
  proxy: FaultProxy
  person: Person
  tabs: SeedTab[]
}

async function open(seed: SeedName): Promise<World> {
  const proxy = await createFaultProxy(context.server)
  const person = await register(context.server)
  const tabs: SeedTab[] = []
  for (let tab = 0; tab < TABS; tab++) tabs.push(await SEEDS[seed](context.server, person, proxy.url))
  return { seed, proxy, person, tabs }
}

async function expectAllInStep(worlds: readonly World[]): Promise<void> {
  for (const { person, tabs } of worlds) {
    for (const tab of tabs) await expectStep(person, tab)
  }
}

/** Seeds that are caught up by pushes get each pending one once, on whichever tab came back first. */
async function expectSharedOut({ tabs }: World): Promise<void> {
  const ids = () => tabs.flatMap((tab) => tab.shown.map(({ id }) => id))
  await expect.poll(() => new Set(ids()).size, { timeout: 30_000 }).toBe(ARRIVING)
  for (const tab of tabs) expectPushedOnce(tab)
  expect(ids()).toHaveLength(ARRIVING)
}

it("cut off for 60 s while 1,000 arrive, all tabs end with exactly the server's list and count", async () => {
  const worlds: World[] = []
  for (const seed of [...FETCHING, ...PUSHED]) worlds.push(await open(seed))
  for (const { proxy, tabs } of worlds) {
    proxy.faults.isRefusing = true
    proxy.cut()
    for (const tab of tabs) await tab.socket.turn('disconnect')
  }
  const outage = delay(OUTAGE_MS)
  for (const { person } of worlds) {
    await pooled(Array.from({ length: ARRIVING }), 4, (_, number) =>
      sendTo(context.admin, person, `number ${number}`),
    )
  }
  await outage
  for (const { proxy } of worlds) proxy.heal()
  await expectAllInStep(worlds.filter(({ seed }) => FETCHING.includes(seed)))
  for (const world of worlds.filter(({ seed }) => PUSHED.includes(seed))) await expectSharedOut(world)
  for (const { person } of worlds) expect(await unread(person)).toBe(ARRIVING)
}, 240_000)

it("in a black hole for 60 s while 1,000 arrive, all tabs end with exactly the server's list and count", async () => {
  const worlds: World[] = []
  for (const seed of FETCHING) worlds.push(await open(seed))
  for (const { proxy } of worlds) proxy.blackHole('up', 'down')
  const outage = delay(OUTAGE_MS)
  for (const { person } of worlds) {
    await pooled(Array.from({ length: ARRIVING }), 4, (_, number) =>
      sendTo(context.admin, person, `number ${number}`),
    )
  }
  await outage
  for (const { proxy } of worlds) {
    proxy.heal()
    proxy.cut()
  }
  await expectAllInStep(worlds)
  for (const { person } of worlds) expect(await unread(person)).toBe(ARRIVING)
}, 240_000)

it("cut at every packet boundary for a minute, all tabs end with exactly the server's list and count", async () => {
  const random = seeded('cuts at every packet')
  const worlds: World[] = []
  for (const seed of FETCHING) worlds.push(await open(seed))
  for (const { proxy } of worlds) proxy.cutAtEachPacket()
  const until = performance.now() + OUTAGE_MS
  for (let number = 0; performance.now() < until; number++) {
    await Promise.all(worlds.map(({ person }) => sendTo(context.admin, person, `number ${number}`)))
    await delay(random.int(10, 80))
  }
  for (const { proxy } of worlds) {
    expect(proxy.accepted).toBeGreaterThan(50)
    proxy.heal()
  }
  await expectAllInStep(worlds)
}, 240_000)
