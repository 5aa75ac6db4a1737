import { type BelfryServer, eventually, http } from '@belfry/testkit'
import { type Nodes, type NodesOptions, startNodes } from '@belfry/testkit/services'
import { afterAll, beforeAll, vi } from 'vitest'

export interface Processes {
  readonly servers: readonly BelfryServer[]
  readonly nodes: Nodes
  /** Resolves when every node says of the bus that it is so. */
  busIs(isUp: boolean, withinMs?: number): Promise<unknown>
}

/** Nodes as processes, from before the first test of a file until after its last. */
export function useProcesses(options: NodesOptions): Processes {
  vi.setConfig({ testTimeout: 60_000 })
  const servers: BelfryServer[] = []
  let nodes: Nodes | undefined
  beforeAll(async () => {
    nodes = await startNodes(options)
    servers.push(...nodes.servers)
  }, 90_000)
  afterAll(() => nodes?.close(), 60_000)
  return {
    servers,
    get nodes() {
      if (!nodes) throw new Error('the nodes are not started yet')
      return nodes
    },
    busIs: (isUp, withinMs = 10_000) =>
      eventually(
        `the bus is ${isUp ? 'up' : 'down'} everywhere`,
        async () => {
          const replies = await Promise.all(servers.map((server) => http(server).get('/readyz')))
          return replies.every(
            ({ status, body }) => status === 200 && (body as { bus?: boolean }).bus === isUp,
          )
        },
        withinMs,
      ),
  }
}
