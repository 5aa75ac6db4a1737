/** Several nodes over one PostgreSQL and one bus, behind a balancer that sends new connections to whoever is ready. */
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import {
  type BelfryServer,
  connect,
  createPortProxy,
  type FaultProxy,
  http,
  type Person,
  type SocketRecorder,
  startServer,
} from '@belfry/testkit'
import {
  type PostgresService,
  type Service,
  startNats,
  startPostgres,
  startRedis,
} from '@belfry/testkit/services'

export interface Cluster {
  readonly url: string
  readonly database: PostgresService
  readonly bus: Service
  /** The lines of a node to the database and to the bus. */
  linesOf(node: BelfryServer): readonly FaultProxy[]
  readonly nodes: BelfryServer[]
  /** What the database answers to a statement. */
  query(statement: string): string
  /** One more node; it is sent connections once it says that it is ready. */
  add(): Promise<BelfryServer>
  /** From now on nobody is sent there. */
  take(node: BelfryServer): void
  close(): Promise<void>
}

export interface ClusterOptions {
  kind?: 'redis' | 'nats'
  env?: Record<string, string>
  /** Whether the lines to database and bus can be cut; it costs this process all that goes over them. */
  canCut?: boolean
  /** A line of the server that is changed: the name of one of `CLUSTER_MUTANTS`. */
  mutant?: string
}

const mutationsOf = (mutant: string) =>
  new URL(`mutated-server.ts?mutant=${encodeURIComponent(mutant)}`, import.meta.url).href

export async function startCluster(
  count: number,
  { kind = 'redis', env = {}, canCut = false, mutant }: ClusterOptions = {},
): Promise<Cluster> {
  const [postgres, bus] = await Promise.all([
    startPostgres({ isVolatile: true }),
    kind === 'redis' ? startRedis() : startNats(),
  ])
  const database = postgres.createDatabase()
  const lines = new Map<BelfryServer, FaultProxy[]>()
  const nodes: BelfryServer[] = []
  let turn = 0
  const balancer = createServer((socket) => {
    const node = nodes[turn++ % Math.max(1, nodes.length)]
    if (!node) return void socket.destroy()
    join(socket, createConnection({ port: node.port, host: '127.0.0.1' }))
  })
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve))
  const { port } = balancer.address() as AddressInfo
  const all: BelfryServer[] = []
  const cluster: Cluster = {
    url: `http://127.0.0.1:${port}`,
    nodes,
    ...{ database: postgres, bus },
    linesOf: (node) => lines.get(node) ?? [],
    query: (statement) => postgres.query(statement, new URL(database).pathname.slice(1)),
    async add() {
      const services = [postgres, bus] as const
      const proxies = canCut ? await Promise.all(services.map(({ port }) => createPortProxy(port))) : []
      const [toDatabase, toBus] = canCut ? proxies : services
      const node = await startServer({
        ...(mutant === undefined ? {} : { isSource: true, nodeArgs: [`--import=${mutationsOf(mutant)}`] }),
        env: {
          ...env,
          DATABASE_URL: throughPort(database, toDatabase?.port),
          [kind === 'redis' ? 'REDIS_URL' : 'NATS_URL']: throughPort(bus.url, toBus?.port),
        },
      })
      lines.set(
        node,
        proxies.map((proxy) => node.own(proxy)),
      )
      all.push(node)
      const { status } = await http(node).request('GET', '/readyz')
      if (status !== 200) throw new Error('a node that was started is not ready')
      nodes.push(node)
      return node
    },
    take: (node) => void nodes.splice(nodes.indexOf(node), 1),
    async close() {
      await Promise.all(all.map((node) => node.close()))
      balancer.close()
      await Promise.all([postgres.close(), bus.close()])
    },
  }
  for (let at = 0; at < count; at++) await cluster.add()
  return cluster
}

const throughPort = (url: string, port: number | undefined) => url.replace(/:\d+(?=\/|$)/, `:${port}`)

function join(a: Socket, b: Socket): void {
  a.pipe(b)
  b.pipe(a)
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
}

interface Heard {
  entries?: { topic: string; offset: number; kind: string; data: { message?: string } }[]
  items?: { message: string }[]
  cursor?: { epoch: string; offsets: Record<string, number> }
}

/** A native client as the protocol wants it: it follows a cursor, and comes back when a drain has told it to. */
export class Follower {
  readonly messages = new Map<string, number>()
  /** How long it was without service, each time. */
  readonly outagesMs: number[] = []
  readonly connectedAt: number[] = []
  readonly recorder: SocketRecorder
  #cursor: { epoch: string; offsets: Record<string, number> } | undefined
  #lostAt: number | undefined
  #comesAt = 0
  #isAsking = false

  constructor(server: BelfryServer, url: string, person: Person) {
    this.recorder = connect(server, {}, { url, transports: ['websocket'], reconnection: false })
    const { socket } = this.recorder
    socket.auth = (give: (auth: object) => void) =>
      give({ ...person.auth, client: { name: 'follower', version: '1' }, cursor: this.#cursor })
    socket.on('connect', () => void this.connectedAt.push(performance.now()))
    socket.on('drain', ({ retryInMs }: { retryInMs: number }) => {
      this.#comesAt = performance.now() + retryInMs
    })
    socket.on('sync', (frame: Heard) => this.#take(frame))
    socket.on('entries', (frame: Heard) => this.#take(frame))
    socket.on('disconnect', () => this.#lost())
    socket.on('connect_error', () => this.#lost())
  }

  /** Whether it has been told once what there is: from then on it is owed everything that comes. */
  get isFollowing(): boolean {
    return this.#cursor !== undefined
  }

  close(): void {
    this.#comesAt = Number.POSITIVE_INFINITY
    this.recorder.close()
  }

  #lost(): void {
    this.#lostAt ??= performance.now()
    if (this.#comesAt === Number.POSITIVE_INFINITY) return
    // Without a word of the server, soon and not all at once.
    const waitMs = Math.max(
      this.#comesAt - performance.now(),
      this.#comesAt > 0 ? 0 : 100 + Math.random() * 400,
    )
    this.#comesAt = 0
    setTimeout(() => this.recorder.socket.connect(), waitMs)
  }

  #take({ entries = [], items = [], cursor }: Heard): void {
    if (cursor && this.#lostAt !== undefined) {
      this.outagesMs.push(performance.now() - this.#lostAt)
      this.#lostAt = undefined
    }
    const offsets = this.#cursor?.offsets ?? {}
    for (const { topic, offset, kind, data } of entries) {
      const last = offsets[topic]
      if (last !== undefined && offset <= last) continue
      // What comes behind a gap comes once more, with what is in it.
      if (last !== undefined && offset > last + 1) {
        this.#ask()
        continue
      }
      offsets[topic] = offset
      if (kind === 'item.created') this.#note(String(data.message))
    }
    for (const { message } of items) this.#note(message)
    if (cursor) this.#cursor = { epoch: cursor.epoch, offsets: { ...offsets, ...cursor.offsets } }
  }

  #ask(): void {
    if (this.#isAsking) return
    this.#isAsking = true
    const { socket } = this.recorder
    socket.timeout(5000).emit('sync', { cursor: this.#cursor }, (_: unknown, answer?: { data?: Heard }) => {
      this.#isAsking = false
      if (answer?.data) this.#take(answer.data)
    })
  }

  #note(message: string): void {
    this.messages.set(message, (this.messages.get(message) ?? 0) + 1)
  }
}

/** The most that happened within one second. */
export function mostPerSecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  let [most, from] = [0, 0]
  for (const [to, at] of sorted.entries()) {
    while (at - (sorted[from] ?? at) > 1000) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}
