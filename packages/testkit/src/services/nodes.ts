import type { BelfryServer, Environment } from '../belfry-server.ts'
import { startServer } from '../server-process.ts'
import { startNats } from './nats.ts'
import { type PostgresService, startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { Service } from './service.ts'

export interface Nodes {
  readonly servers: readonly BelfryServer[]
  readonly database: PostgresService
  /** What they hear each other by; without it, they read the log. */
  readonly bus: Service | undefined
  close(): Promise<void>
}

export interface NodesOptions {
  count?: number
  bus: 'none' | 'redis' | 'redis-cluster' | 'nats'
  /** Added to the environment of every node. */
  env?: Environment
}

/** So many nodes, each a process, over one PostgreSQL and one bus, all of them real. */
export async function startNodes({ count = 2, bus: kind, env = {} }: NodesOptions): Promise<Nodes> {
  const closers: (() => unknown)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const database = await startPostgres({ isVolatile: true })
    closers.push(() => database.close())
    const bus = await startBus(kind)
    if (bus) closers.push(() => bus.close())
    const url = database.createDatabase()
    const shared = { DATABASE_URL: url, ...(bus ? addressOf(bus) : {}), ...env }
    const servers: BelfryServer[] = []
    // One after the other: the first makes the tables.
    for (let at = 0; at < count; at++) {
      const server = await startServer({ env: shared })
      closers.push(() => server.close())
      servers.push(server)
    }
    return { servers, database, bus, close }
  } catch (error) {
    await close()
    throw error
  }
}

function startBus(kind: NodesOptions['bus']): Promise<Service> | undefined {
  if (kind === 'none') return undefined
  return kind === 'nats' ? startNats() : startRedis({ isCluster: kind === 'redis-cluster' })
}

const addressOf = ({ url }: Service) => (url.startsWith('nats:') ? { NATS_URL: url } : { REDIS_URL: url })
