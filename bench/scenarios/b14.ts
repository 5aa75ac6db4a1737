import { startRedis } from '@belfry/testkit/services'
import type { Belfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { requireBuses, requirePostgres } from '../debian.ts'
import { costOf, type Fault, type Plan, sendToOne } from '../nodes.ts'
import type { Figures, Scenario } from '../result.ts'
import { settings } from '../settings.ts'

/** Nodes, database and generator share both; what each takes is measured. */
const BOTH_CORES = '0,1'

/** Users and publishers are dealt out to the nodes, each apart from the other: with two nodes, half of all takes the hop. */
const FULL_LOAD: Plan = {
  nodeOf: (nodes, user) => nodes[user % nodes.length] as Belfry,
  streamsOf(nodes) {
    const perNode = settings.onlineUsers / nodes.length
    return nodes.map((node, at) => ({
      requests: Array.from({ length: perNode }, (_, user) => sendToOne(node, at * perNode + user)),
      firstOwner: at * perNode,
      publishers: settings.publishers / nodes.length,
      pace: 'closed' as const,
      port: node.port,
    }))
  },
}

const measure = async (fault: Fault): Promise<Figures> => {
  await requirePostgres('B14')
  await requireBuses('B14')
  const one = await costOf({ count: 1, cpu: BOTH_CORES }, FULL_LOAD, fault)
  const two = await costOf({ count: 2, cpu: BOTH_CORES, bus: await startRedis() }, FULL_LOAD, fault)
  return {
    ...{ onePerS: one.perS, oneP99: one.p99, oneNodes: one.nodesUs, oneOthers: one.othersUs },
    ...{ twoPerS: two.perS, twoP99: two.p99, twoNodes: two.nodesUs, twoOthers: two.othersUs },
  }
}

const row = (key: string, label: string, unit: string) => ({ key, label, unit, bars: [] })

export const b14: Scenario = {
  name: 'b14',
  title: `PostgreSQL at full load: one notification to one of ${settings.onlineUsers.toLocaleString('en')} online users, all on two cores`,
  measures: [
    row('onePerS', 'one node, stored and delivered', '/s'),
    row('oneP99', 'publish → frame, p99', 'ms'),
    row('oneNodes', "of one notification: the node's CPU", 'µs'),
    row('oneOthers', "the database's, and the kernel's", 'µs'),
    row('twoPerS', 'two nodes over Redis, stored and delivered', '/s'),
    row('twoP99', 'publish → frame, p99', 'ms'),
    row('twoNodes', "of one notification: the nodes' CPU", 'µs'),
    row('twoOthers', "the database's, the bus's and the kernel's", 'µs'),
  ],
  run: () => belfryAlone(measure),
}
