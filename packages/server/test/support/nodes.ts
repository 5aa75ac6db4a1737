import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ADMIN, type BelfryServer, type Closable, JWT_SECRET, tempDir } from '@belfry/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { createPeople } from '../../src/accounts/people.ts'
import type { Bus } from '../../src/bus/bus.ts'
import { readConfig } from '../../src/config.ts'
import { featureSettings } from '../../src/feature-settings.ts'
import { DiskStore } from '../../src/media/disk-store.ts'
import { createServer, type BelfryServer as Node } from '../../src/server.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'

/** What clients of the tests need of a server. */
export type NodeServer = Pick<BelfryServer, 'url' | 'own'>

/** One node in this process. Several share a file, each with a connection of its own, as processes share a database. */
async function startNode(dataDir: string, bus: Bus): Promise<Node> {
  const config = readConfig({
    ...{ NODE_ENV: 'test', PORT: '0', DATA_DIR: dataDir, JWT_SECRET, RATE_LIMIT: 'off', PLAYGROUND: 'off' },
    ...{ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password, LOG_LEVEL: 'error' },
  })
  return createServer({
    config,
    log: pino({ level: 'error' }, pino.destination({ dest: 2, sync: true })),
    clock: Date.now,
    bus,
    files: new DiskStore(join(dataDir, 'media')),
    async openStore(events) {
      const store = await openSqliteStore({
        file: join(dataDir, 'belfry.db'),
        worker: new URL('../../src/store/sqlite/worker.ts', import.meta.url),
        features: new URL('../../src/features.ts', import.meta.url),
        settings: featureSettings(config),
        ...events,
      })
      return { ...store, isShared: true }
    },
    createPeople,
    onFatal: (error) => process.stderr.write(`${String(error)}\n`),
  })
}

/** As many nodes as there are ends of a bus, over one store, before the first test of a file until after its last. */
export function useNodes(count: number, join: () => Promise<Bus> | Bus): readonly BelfryServer[] {
  const servers: BelfryServer[] = []
  const nodes: Node[] = []
  const clients: Closable[] = []
  const dataDir = tempDir()
  beforeAll(async () => {
    for (let at = 0; at < count; at++) {
      const node = await startNode(dataDir, await join())
      nodes.push(node)
      const { url } = await node.listen()
      const server: NodeServer = {
        url,
        own(client) {
          clients.push(client)
          return client
        },
      }
      // Clients of the tests use no more of a server than this.
      servers.push(server as BelfryServer)
    }
  }, 60_000)
  afterAll(async () => {
    for (const client of clients) await client.close()
    await Promise.all(nodes.map((node) => node.close()))
    rmSync(dataDir, { recursive: true, force: true })
  }, 60_000)
  return servers
}
