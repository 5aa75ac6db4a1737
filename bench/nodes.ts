// Several nodes over one PostgreSQL: started, and loaded from one generator.

import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '@belfry/testkit/services'
import { type Belfry, startBelfry } from './belfry.ts'
import type { Stream } from './generator/commands.ts'
import { type Generator, startGenerator } from './generator-process.ts'
import { cpuMs } from './processes.ts'
import { settings } from './settings.ts'
import { localAddressOf, payload, rawRequest, SOCKET_IO_PATH, userId } from './target.ts'
import { MARK_PLACEHOLDER } from './wire/mark.ts'

const SETTLE_MS = 3_000

export type Fault = (text: string) => void

export interface Bus {
  readonly url: string
  close(): Promise<void>
}

interface Start {
  readonly count: number
  readonly bus?: Bus | undefined
  /** Cores of the nodes, as taskset names them. */
  readonly cpu?: string
}

/** Starts nodes with empty storage, and ends them, the bus and the database after `work`. */
const withNodes = async <T>(
  { count, bus, cpu }: Start,
  work: (nodes: readonly Belfry[]) => Promise<T>,
): Promise<T> => {
  const database = await startPostgres()
  const variable = bus?.url.startsWith('nats:') ? 'NATS_URL' : 'REDIS_URL'
  const env = {
    ...{ AUTH: 'open', DATABASE_URL: database.createDatabase(), LOG_LEVEL: 'error' },
    ...(bus ? { [variable]: bus.url } : {}),
  }
  const nodes: Belfry[] = []
  try {
    for (let at = 0; at < count; at++) nodes.push(await startBelfry(undefined, env, cpu))
    return await work(nodes)
  } finally {
    for (const node of nodes) {
      await node.running.stop()
      await rm(node.dataDir, { recursive: true, force: true })
    }
    await bus?.close()
    await database.close()
  }
}

/** Connects the users to the nodes that `nodeOf` names, and lets the nodes come to rest. */
const connectUsers = async (
  nodeOf: (user: number) => Belfry,
  generator: Generator,
  fault: Fault,
): Promise<void> => {
  const users = settings.onlineUsers
  const sockets = Array.from({ length: users }, (_, user) => ({
    path: SOCKET_IO_PATH,
    connectPacket: `40${JSON.stringify({ userId: userId(user), client: { name: 'bench', version: '1.0.0' } })}`,
    readyOn: 'sync' as const,
    localAddress: localAddressOf(user),
    keepsCursor: false,
    port: nodeOf(user).port,
  }))
  const { ready, firstFailure } = await generator.call('connect', {
    ...{ port: nodeOf(0).port, sockets, perS: settings.connectPerS / 4 },
  })
  if (ready < users) fault(`${users - ready} could not connect: ${firstFailure}`)
  await sleep(SETTLE_MS)
}

/** A notification to one user, by way of this node. */
export const sendToOne = (node: Belfry, user: number): string =>
  rawRequest({
    port: node.port,
    path: '/api/notifications/send',
    body: { audience: { user: userId(user) }, ...payload(MARK_PLACEHOLDER) },
  })

/** What was done in the window, and what one notification cost, in µs of CPU. */
export interface Cost {
  readonly perS: number
  readonly p50: number
  readonly p99: number
  readonly nodesUs: number
  /** Everything but nodes and generator: the database, the bus, the kernel's share. */
  readonly othersUs: number
}

const measureCost = async (
  { nodes, generator, fault }: { nodes: readonly Belfry[]; generator: Generator; fault: Fault },
  streams: readonly Stream[],
): Promise<Cost> => {
  const { warmUpMs } = settings
  const windowMs = settings.windowMs * 2
  const publishing = generator.call('publish', { streams, width: 1, warmUpMs, windowMs })
  await sleep(warmUpMs)
  const spent = () => nodes.reduce((sum, { pid }) => sum + cpuMs(pid), 0)
  const [before, startedAt] = [spent(), performance.now()]
  await sleep(windowMs)
  const share = (spent() - before) / (performance.now() - startedAt)
  const report = await publishing
  const { lost, repeated, misdelivered } = await generator.call('settle', settings.drainMs)
  if (lost + repeated + misdelivered > 0)
    fault(`${lost} lost, ${repeated} repeated, ${misdelivered} misdelivered`)
  for (const { failed, firstFailure } of report.streams)
    if (failed > 0) fault(`${failed} refused: ${firstFailure}`)
  const perS = (report.streams.reduce((sum, { delivered }) => sum + delivered, 0) * 1_000) / report.windowMs
  const worst = (of: 'p50' | 'p99') => Math.max(...report.streams.map(({ delivery }) => delivery[of]))
  const others = report.serverCore + report.foreignShare - share
  const us = (cores: number) => (cores * 1_000_000) / perS
  return { perS, p50: worst('p50'), p99: worst('p99'), nodesUs: us(share), othersUs: us(others) }
}

export interface Plan {
  /** Where a user's socket is. */
  nodeOf(nodes: readonly Belfry[], user: number): Belfry
  streamsOf(nodes: readonly Belfry[]): readonly Stream[]
}

/** Starts nodes with everybody connected, loads them, and ends everything. */
export const costOf = (start: Start, plan: Plan, fault: Fault): Promise<Cost> =>
  withNodes(start, async (nodes) => {
    const generator = startGenerator()
    await connectUsers((user) => plan.nodeOf(nodes, user), generator, fault)
    const cost = await measureCost({ nodes, generator, fault }, plan.streamsOf(nodes))
    await generator.stop()
    return cost
  })
