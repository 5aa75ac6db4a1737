/** The long outages: 60 s without a line while 1,000 notifications arrive, and a minute of cuts at every packet boundary. */
import { createFaultProxy, delay, pooled, register, seeded, sendTo, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { SEEDS, type SeedName } from '../support/seed-clients.ts'
import { expectPushedOnce, expectStep } from '../support/tabs.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
const OUTAGE_MS = 60_000
const FETCHING: readonly SeedName[] = ['seed000', 'seed002', 'seed004']
const PUSHED: readonly SeedName[] = ['seed001', 'seed003']

async function world(seed: SeedName, tabs = 3) {
  const proxy = await createFaultProxy(context.server)
  const person = await register(context.server)
  const opened = await Promise.all(
    Array.from({ length: tabs }, () => SEEDS[seed](context.server, person, proxy.url)),
  )
  return { proxy, person, tabs: opened }
}

describe.concurrent('three tabs of one user', () => {
  for (const seed of FETCHING) {
    it(`of ${seed}, cut off for 60 s while 1,000 arrive, end with exactly the server's list and count`, async () => {
      const { proxy, person, tabs } = await world(seed)
      proxy.blackHole('up', 'down')
      const outage = delay(OUTAGE_MS)
      await pooled(Array.from({ length: 1_000 }), 4, (_, number) =>
        sendTo(context.admin, person, `number ${number}`),
      )
      await outage
      proxy.heal()
      proxy.cut()
      for (const tab of tabs) await expectStep(person, tab)
      expect(await unread(person)).toBe(1_000)
    }, 180_000)

    it(`of ${seed}, cut at every packet boundary for a minute, end with exactly the server's list and count`, async () => {
      const random = seeded(`cuts of ${seed}`)
      const { proxy, person, tabs } = await world(seed)
      proxy.cutAtEachPacket()
      const until = performance.now() + OUTAGE_MS
      for (let number = 0; performance.now() < until; number++) {
        await sendTo(context.admin, person, `number ${number}`)
        await delay(random.int(10, 80))
      }
      proxy.heal()
      for (const tab of tabs) await expectStep(person, tab)
    }, 180_000)
  }

  for (const seed of PUSHED) {
    it(`of ${seed}, cut off for 60 s while 1,000 arrive, get each of them once between them`, async () => {
      const { proxy, person, tabs } = await world(seed)
      proxy.faults.isRefusing = true
      proxy.cut()
      for (const tab of tabs) await tab.socket.turn('disconnect')
      const outage = delay(OUTAGE_MS)
      await pooled(Array.from({ length: 1_000 }), 4, (_, number) =>
        sendTo(context.admin, person, `number ${number}`),
      )
      await outage
      proxy.heal()
      await expect
        .poll(() => new Set(tabs.flatMap((tab) => tab.shown.map(({ id }) => id))).size, { timeout: 30_000 })
        .toBe(1_000)
      for (const tab of tabs) expectPushedOnce(tab)
      expect(tabs.map((tab) => tab.shown.length).reduce((sum, length) => sum + length)).toBe(1_000)
    }, 180_000)
  }
})
