import { Failure } from '@belfry/protocol'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Bus } from './bus/bus.ts'
import type { Execute } from './core/execute.ts'
import type { LogEntry, Store } from './store/store.ts'

/** Milliseconds; from well under a frame to the bound of a sync. */
const LATENCY_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

/** Everything `/metrics` shows. One registry per server, so that several can live in one process. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value())
      },
    })
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    connections: new Gauge({ name: 'belfry_connections', help: 'Open sockets.', registers }),
    slowSockets: new Counter({
      name: 'belfry_slow_sockets_total',
      help: 'Sockets closed because they did not read.',
      registers,
    }),
    failedInOutbox: new Counter({
      name: 'belfry_outbox_failed_total',
      help: 'Rows of the outbox that can never be sent.',
      registers,
    }),
    commands: new Counter({
      name: 'belfry_commands_total',
      help: 'Commands by name and outcome.',
      labelNames: ['command', 'outcome'],
      registers,
    }),
    delivered: new Histogram({
      name: 'belfry_publish_to_delivered_seconds',
      help: 'From the acceptance of a notification to its frames being written to the local sockets.',
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    /** Numbers that the store keeps itself, read when somebody asks. */
    watchStore(store: Store, users: () => number) {
      gauge('belfry_store_queue_depth', 'Commands waiting for a commit.', () => store.stats().queued)
      gauge('belfry_store_commits_total', 'Commits since the start.', () => store.stats().commits)
      gauge(
        'belfry_store_commands_total',
        'Commands committed since the start.',
        () => store.stats().commands,
      )
      gauge('belfry_store_commit_batch_size', 'Commands per commit, on average since the start.', () => {
        const { commands, commits } = store.stats()
        return commits === 0 ? 0 : commands / commits
      })
      gauge(
        'belfry_store_retries_total',
        'Batches that ran again, since another had changed what they had read.',
        () => store.stats().retries,
      )
      gauge('belfry_store_writable', '1 while writes are taken.', () => Number(store.isWritable()))
      gauge('belfry_users_online', 'Users with an open socket here.', users)
    },
    /** The same of the bus. */
    watchBus(bus: Pick<Bus, 'stats' | 'isConnected'>) {
      gauge('belfry_bus_connected', '1 while other nodes are heard.', () => Number(bus.isConnected))
      const messages = new Gauge({
        name: 'belfry_bus_messages_total',
        help: 'Entries and messages between nodes since the start, by what became of them.',
        labelNames: ['outcome'],
        registers,
        collect() {
          for (const [outcome, count] of Object.entries(bus.stats())) messages.set({ outcome }, count)
        },
      })
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>

/** How long acceptance took to reach the sockets; entries say when they were accepted to the millisecond. */
export function observeDelivery({ delivered }: Metrics, entries: readonly LogEntry[], now: number): void {
  for (const { kind, at } of entries)
    if (kind === 'item.created') delivered.observe(Math.max(0, now - Date.parse(at)) / 1000)
}

/** The same, with each command's outcome counted. */
export function counted(metrics: Metrics, execute: Execute): Execute {
  return async (name, actor, input, origin) => {
    try {
      const reply = await execute(name, actor, input, origin)
      metrics.commands.inc({ command: name, outcome: 'ok' })
      return reply
    } catch (error) {
      metrics.commands.inc({ command: name, outcome: error instanceof Failure ? error.code : 'internal' })
      throw error
    }
  }
}
