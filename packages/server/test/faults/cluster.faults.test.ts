/** reliability.md X29 and §8: what three nodes do once, and what becomes of a node that is killed. */
import { admin, type BelfryServer, delay, eventually, http, register } from '@belfry/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chatOf, native } from '../support/chat-pages.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'

/** Source: reliability.md §8. */
const OFFLINE_WITHIN_MS = 45_000

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster(3)
}, 120_000)
afterAll(() => cluster.close())
const anyNode = () => cluster.nodes[0] as BelfryServer

describe('three nodes', () => {
  it('do each thing once: 50 in parallel with one key, on all of them, are one notification', async () => {
    const sender = await admin(anyNode())
    const person = await register(anyNode())
    const json = { audience: { user: person.id }, message: 'once', idempotencyKey: 'the-one-key' }
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        http(cluster.nodes[at % 3] as BelfryServer, sender.token).request('POST', '/api/notifications/send', {
          json,
        }),
      ),
    )
    expect(new Set(replies.map(({ body }) => body?.notification?.id)).size).toBe(1)
    const { body } = await person.http.get('/api/notifications')
    expect(body.notifications).toHaveLength(1)
  }, 60_000)

  it('X29: do the regular work one at a time, whoever of them stands still, and none takes it back that has lost it', async () => {
    const lease = () => cluster.query('select fence, beats from belfry.lease').split('|').map(Number)
    for (const living of cluster.nodes) {
      const others = cluster.nodes.filter((one) => one !== living)
      for (const one of others) one.signal('SIGSTOP')
      const before = lease()
      const at = performance.now()
      await eventually('the one that lives does it', () => String(lease()) !== String(before), 20_000)
      const tookMs = Math.round(performance.now() - at)
      const [fence] = lease()
      for (const one of others) one.signal('SIGCONT')
      await delay(8000)
      process.stdout.write(`taken over ${tookMs} ms after the others stood still\n`)
      expect(tookMs).toBeLessThan(15_000)
      expect(lease()[0]).toBe(fence)
    }
  }, 120_000)

  it('show the users of a killed one as offline within 45 s, and those who came back never', async () => {
    const [a, b] = cluster.nodes as [BelfryServer, BelfryServer]
    const [ann, bob, carl] = await Promise.all([register(a), register(a), register(a)])
    await chatOf(ann, bob)
    await chatOf(ann, carl)
    const watcher = await native(a, ann)
    await Promise.all([native(b, bob), native(b, carl)])
    await watcher.ack('watchPresence', { userIds: [bob.id, carl.id] })
    interface Frame {
      changes: { userId: string; status: string }[]
    }
    const statuses = (user: string) =>
      watcher.all<Frame>('presence').flatMap(({ changes }) => changes.filter(({ userId }) => userId === user))
    const online = async () => {
      const { data } = await watcher.ack('getPresence', { userIds: [bob.id, carl.id] })
      const presence = (data?.presence ?? []) as { status: string }[]
      return presence.filter(({ status }) => status === 'online').length
    }
    await expect.poll(online).toBe(2)
    cluster.take(b)
    b.signal('SIGKILL')
    const at = performance.now()
    await native(cluster.nodes[1] as BelfryServer, carl)
    await watcher.event<Frame>(
      'presence',
      ({ changes }) => changes.some(({ userId, status }) => userId === bob.id && status === 'offline'),
      OFFLINE_WITHIN_MS,
    )
    process.stdout.write(`offline ${Math.round(performance.now() - at)} ms after the kill\n`)
    expect(statuses(carl.id).filter(({ status }) => status === 'offline')).toEqual([])
  }, 90_000)
})
