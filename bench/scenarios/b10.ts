import { startNats, startRedis } from '@belfry/testkit/services'
import type { Belfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { requireBuses, requirePostgres } from '../debian.ts'
import { costOf, type Fault, type Plan, sendToOne } from '../nodes.ts'
import type { Figures, Scenario } from '../result.ts'
import { settings } from '../settings.ts'

/** Requests a second: so few that neither core is full, and so many that what idles costs little of it. */
const PACE = 400
const MAX_CPU_RATIO = 1.3
const MAX_HOP_MS = 20

/** Requests at the last node, sockets at the first: where there are two, everything takes the hop. */
const HOP: Plan = {
  nodeOf: (nodes) => nodes[0] as Belfry,
  streamsOf(nodes) {
    const last = nodes.at(-1) as Belfry
    const requests = Array.from({ length: settings.onlineUsers }, (_, user) => sendToOne(last, user))
    return [{ requests, firstOwner: 0, publishers: 32, pace: PACE, port: last.port }]
  },
}

const measure = async (fault: Fault): Promise<Figures> => {
  await requirePostgres('B10')
  await requireBuses('B10')
  const one = await costOf({ count: 1 }, HOP, fault)
  const redis = await costOf({ count: 2, bus: await startRedis() }, HOP, fault)
  const nats = await costOf({ count: 2, bus: await startNats() }, HOP, fault)
  return {
    ...{ oneCpu: one.nodesUs, oneP50: one.p50, oneP99: one.p99 },
    ...{ redisCpu: redis.nodesUs, redisRatio: redis.nodesUs / one.nodesUs, redisHop: redis.p99 - one.p99 },
    ...{ redisP50: redis.p50, natsP50: nats.p50 },
    ...{ natsCpu: nats.nodesUs, natsRatio: nats.nodesUs / one.nodesUs, natsHop: nats.p99 - one.p99 },
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
