/** reliability.md §8: a client that vanishes, and outages that nobody may notice. */
import { type BelfryServer, connected, createFaultProxy, delay, register, startServer } from '@belfry/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatOf, native } from '../support/chat-pages.ts'

const GONE_WITHIN_MS = 42_000

interface Frame {
  changes: { userId: string; status: string }[]
}

let server: BelfryServer
beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(() => server.close())

async function watchedPair() {
  const [ann, bob] = await Promise.all([register(server), register(server)])
  await chatOf(ann, bob)
  const watcher = await native(server, ann)
  await watcher.ack('watchPresence', { userIds: [bob.id] })
  const proxy = await createFaultProxy(server)
  const tab = await connected(server, bob.auth, { url: proxy.url, transports: ['websocket'] })
  await watcher.event<Frame>('presence', ({ changes }) => changes[0]?.status === 'online')
  return { watcher, proxy, tab }
}

describe.concurrent('a user', () => {
  it('whose client vanishes is offline within 42 s, and not before it could have come back', async () => {
    const { watcher, proxy } = await watchedPair()
    proxy.blackHole('up', 'down')
    const at = performance.now()
    await watcher.event<Frame>('presence', ({ changes }) => changes[0]?.status === 'offline', GONE_WITHIN_MS)
    expect(performance.now() - at).toBeGreaterThan(15_000)
  }, 60_000)

  it('is never shown as offline through ten outages of 3 s', async () => {
    const { watcher, proxy, tab } = await watchedPair()
    for (let outage = 0; outage < 10; outage++) {
      const from = tab.lifecycle.length
      proxy.faults.isRefusing = true
      proxy.cut()
      await delay(3000)
      proxy.heal()
      proxy.cut()
      await tab.turn('connect', from, 10_000)
    }
    expect(watcher.all('presence')).toHaveLength(1)
  }, 90_000)
})
