import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startNats, startPostgres, startRedis } from '@belfry/testkit/services'
import { type Belfry, startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { requireBuses, requirePostgres } from '../debian.ts'
import { startGenerator } from '../generator-process.ts'
import { cpuMs } from '../processes.ts'
import type { Figures, Scenario } from '../result.ts'
import { settings } from '../settings.ts'
import { localAddressOf, payload, rawRequest, SOCKET_IO_PATH, userId } from '../target.ts'
import { MARK_PLACEHOLDER } from '../wire/mark.ts'

/** Requests a second: so few that neither core is full, and so many that what idles costs little of it. */
const PACE = 400
const SETTLE_MS = 3_000
const MAX_CPU_RATIO = 1.3
const MAX_HOP_MS = 20

interface Service {
  readonly url: string
  close(): Promise<void>
}

/** What one way of running costs: CPU of all nodes in µs for one delivery, and how long it took. */
interface Cost {
  readonly cpuUs: number
  readonly p50: number
  readonly p99: number
}

const socketOf = (user: number) => ({
  path: SOCKET_IO_PATH,
  connectPacket: `40${JSON.stringify({ userId: userId(user), client: { name: 'bench', version: '1.0.0' } })}`,
  readyOn: 'sync' as const,
  localAddress: localAddressOf(user),
  keepsCursor: false,
})

/** Requests at the last node, sockets at the first: where there are two, everything takes the hop. */
const costOf = async (nodes: readonly Belfry[], fault: (text: string) => void): Promise<Cost> => {
  const [first, last] = [nodes[0], nodes.at(-1)]
  if (first === undefined || last === undefined) throw new Error('no node')
  const users = settings.onlineUsers
  const generator = startGenerator()
  const sockets = Array.from({ length: users }, (_, user) => socketOf(user))
  const { ready, firstFailure } = await generator.call('connect', {
    ...{ port: first.port, sockets, perS: settings.connectPerS / 4 },
  })
  if (ready < users) fault(`${users - ready} could not connect: ${firstFailure}`)
  await sleep(SETTLE_MS)
  const requests = Array.from({ length: users }, (_, user) =>
    rawRequest({
      port: last.port,
      path: '/api/notifications/send',
      body: { audience: { user: userId(user) }, ...payload(MARK_PLACEHOLDER) },
    }),
  )
  const { warmUpMs, windowMs } = settings
  const publishing = generator.call('publish', {
    streams: [{ requests, firstOwner: 0, publishers: 32, pace: PACE, port: last.port }],
    ...{ width: 1, warmUpMs, windowMs: windowMs * 2 },
  })
  await sleep(warmUpMs)
  const spent = () => nodes.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
  const [before, startedAt] = [spent(), performance.now()]
  await sleep(windowMs * 2)
  const cpu = (spent() - before) / (performance.now() - startedAt)
  const report = await publishing
  const { lost, repeated, misdelivered } = await generator.call('settle', settings.drainMs)
  if (lost + repeated + misdelivered > 0)
    fault(`${lost} lost, ${repeated} repeated, ${misdelivered} misdelivered`)
  const [stream] = report.streams
  if (stream === undefined) throw new Error('no report')
  if (stream.failed > 0) fault(`${stream.failed} refused: ${stream.firstFailure}`)
  await generator.stop()
  const perMs = stream.delivered / report.windowMs
  return { cpuUs: (cpu / perMs) * 1_000, p50: stream.delivery.p50, p99: stream.delivery.p99 }
}

const withNodes = async (
  count: number,
  bus: Service | undefined,
  fault: (text: string) => void,
): Promise<Cost> => {
  const database = await startPostgres()
  const variable = bus?.url.startsWith('nats:') ? 'NATS_URL' : 'REDIS_URL'
  const env = {
    ...{ AUTH: 'open', DATABASE_URL: database.createDatabase(), LOG_LEVEL: 'error' },
    ...(bus ? { [variable]: bus.url } : {}),
  }
  const nodes: Belfry[] = []
  for (let at = 0; at < count; at++) nodes.push(await startBelfry(undefined, env))
  try {
    return await costOf(nodes, fault)
  } finally {
    for (const node of nodes) {
      await node.running.stop()
      await rm(node.dataDir, { recursive: true, force: true })
    }
    await bus?.close()
    await database.close()
  }
}

const measure = async (fault: (text: string) => void): Promise<Figures> => {
  await requirePostgres('B10')
  await requireBuses('B10')
  const one = await withNodes(1, undefined, fault)
  const redis = await withNodes(2, await startRedis(), fault)
  const nats = await withNodes(2, await startNats(), fault)
  return {
    ...{ oneCpu: one.cpuUs, oneP50: one.p50, oneP99: one.p99 },
    ...{ redisCpu: redis.cpuUs, redisRatio: redis.cpuUs / one.cpuUs, redisHop: redis.p99 - one.p99 },
    ...{ redisP50: redis.p50, natsP50: nats.p50 },
    ...{ natsCpu: nats.cpuUs, natsRatio: nats.cpuUs / one.cpuUs, natsHop: nats.p99 - one.p99 },
  }
}

const ratio = { unit: '', bars: [{ is: '<=' as const, value: MAX_CPU_RATIO }] }
const hop = { unit: 'ms', bars: [{ is: '<=' as const, value: MAX_HOP_MS }] }

export const b10: Scenario = {
  name: 'b10',
  title: `PostgreSQL: one node, and two with the sender at one and the sockets at the other, ${PACE}/s`,
  measures: [
    { key: 'oneCpu', label: 'one node, CPU of one delivery', unit: 'µs', bars: [] },
    { key: 'oneP50', label: 'publish → frame, p50', unit: 'ms', bars: [] },
    { key: 'oneP99', label: 'the same, p99', unit: 'ms', bars: [] },
    { key: 'redisCpu', label: 'two over Redis, CPU of both', unit: 'µs', bars: [] },
    { key: 'redisRatio', label: 'to one node', ...ratio },
    { key: 'redisP50', label: 'publish → frame, p50', unit: 'ms', bars: [] },
    { key: 'redisHop', label: 'p99 beyond that of one node', ...hop },
    { key: 'natsCpu', label: 'two over NATS, CPU of both', unit: 'µs', bars: [] },
    { key: 'natsRatio', label: 'to one node', ...ratio },
    { key: 'natsP50', label: 'publish → frame, p50', unit: 'ms', bars: [] },
    { key: 'natsHop', label: 'p99 beyond that of one node', ...hop },
  ],
  run: () => belfryAlone(measure),
}
