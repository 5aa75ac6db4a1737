import { Cluster, Redis } from 'ioredis'
import type { Dial, Line, LineEvents, Parcel } from './line.ts'

const CONNECT_WITHIN_MS = 5000
/** Channels per command: none that takes the server long. */
const AT_ONCE = 1000

/** The line's owner decides when to dial again and what to subscribe to then; nothing waits for a server that is away. */
const OPTIONS = {
  connectTimeout: CONNECT_WITHIN_MS,
  retryStrategy: () => null,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  lazyConnect: true,
  disableClientInfo: true,
}

/**
 * Publish and subscribe of Redis. `redis://` and `rediss://` name one server, `redis-cluster://` and `rediss-cluster://`
 * a cluster by one or more of its hosts, where sharded channels keep each message on one node.
 */
export const dialRedis =
  (url: string): Dial =>
  (events) =>
    /^rediss?-cluster:/.test(url) ? dialCluster(url, events) : dialServer(url, events)

async function dialServer(url: string, events: LineEvents): Promise<Line> {
  const publisher = new Redis(url, OPTIONS)
  const subscriber = new Redis(url, OPTIONS)
  subscriber.on('message', events.onText)
  const line = new RedisLine([publisher, subscriber], events, {
    send: (parcels) => {
      if (parcels.length === 0) return publisher.ping()
      const pipeline = publisher.pipeline()
      for (const { subject, text } of parcels) pipeline.publish(subject, text)
      return pipeline.exec().then(throwFirst)
    },
    subscribe: (subjects) => inParts(subjects, (some) => subscriber.subscribe(...some)),
    unsubscribe: (subjects) => inParts(subjects, (some) => subscriber.unsubscribe(...some)),
  })
  await line.connect()
  return line
}

async function dialCluster(url: string, events: LineEvents): Promise<Line> {
  const { nodes, ...redisOptions } = clusterOf(url)
  const cluster = new Cluster(nodes, {
    redisOptions: { ...redisOptions, connectTimeout: CONNECT_WITHIN_MS, disableClientInfo: true },
    clusterRetryStrategy: () => null,
    enableOfflineQueue: true,
    lazyConnect: true,
    shardedSubscribers: true,
    slotsRefreshTimeout: CONNECT_WITHIN_MS,
  })
  cluster.on('smessage', events.onText)
  const line = new RedisLine([cluster], events, {
    send: (parcels) => Promise.all(parcels.map(({ subject, text }) => cluster.spublish(subject, text))),
    // One command takes channels of one slot only, and each of ours has its own.
    subscribe: (subjects) => Promise.all(subjects.map((subject) => cluster.ssubscribe(subject))),
    unsubscribe: (subjects) => Promise.all(subjects.map((subject) => cluster.sunsubscribe(subject))),
  })
  await line.connect()
  return line
}

interface Commands {
  send(parcels: readonly Parcel[]): Promise<unknown>
  subscribe(subjects: readonly string[]): Promise<unknown>
  unsubscribe(subjects: readonly string[]): Promise<unknown>
}

/** What one server and a cluster have in common: connections that are lost together. */
class RedisLine implements Line {
  readonly #connections: readonly (Redis | Cluster)[]
  readonly #commands: Commands
  /** Rejects when a connection has ended: a cluster's own promise says nothing of that. */
  readonly #ended: Promise<never>
  #isClosed = false
  /** The server's last complaint, which says more than that the connection has ended. */
  #complaint: string | undefined

  constructor(connections: readonly (Redis | Cluster)[], events: LineEvents, commands: Commands) {
    this.#connections = connections
    this.#commands = commands
    let end: (error: Error) => void = () => {}
    this.#ended = new Promise((_, reject) => {
      end = reject
    })
    this.#ended.catch(() => {})
    for (const connection of connections) {
      connection.on('error', (error: Error) => {
        this.#complaint = error.message
      })
      connection.on('end', () => {
        const reason = this.#complaint ?? 'the connection has ended'
        end(new Error(reason))
        if (!this.#isClosed) events.onLost(reason)
      })
    }
  }

  async connect(): Promise<void> {
    const late = setTimeout(() => this.close(), CONNECT_WITHIN_MS)
    try {
      const connected = this.#connections.map((connection) => connection.connect())
      await Promise.race([Promise.all(connected), this.#ended])
    } catch (error) {
      this.close()
      throw new Error(this.#complaint ?? (error instanceof Error ? error.message : String(error)))
    } finally {
      clearTimeout(late)
    }
  }

  async send(parcels: readonly Parcel[]): Promise<void> {
    await this.#commands.send(parcels)
  }

  async subscribe(subjects: readonly string[]): Promise<void> {
    await this.#commands.subscribe(subjects)
  }

  async unsubscribe(subjects: readonly string[]): Promise<void> {
    await this.#commands.unsubscribe(subjects)
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections) connection.disconnect()
  }
}

/** A pipeline resolves whatever its commands say. */
function throwFirst(results: [error: Error | null, result: unknown][] | null): void {
  const [error] = results?.find(([one]) => one) ?? []
  if (error) throw error
}

async function inParts(
  subjects: readonly string[],
  work: (some: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const parts: Promise<unknown>[] = []
  for (let at = 0; at < subjects.length; at += AT_ONCE) parts.push(work(subjects.slice(at, at + AT_ONCE)))
  await Promise.all(parts)
}

function clusterOf(text: string) {
  const [, secure, user, hosts = ''] = /^redis(s?)-cluster:\/\/(?:([^@/]*)@)?([^/]*)/.exec(text) ?? []
  const [username, password] = user?.split(':').map(decodeURIComponent) ?? []
  const nodes = hosts.split(',').map((host) => {
    const { hostname, port } = new URL(`redis://${host}`)
    return { host: hostname, port: Number(port || 6379) }
  })
  return {
    nodes,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(secure ? { tls: {} } : {}),
  }
}
