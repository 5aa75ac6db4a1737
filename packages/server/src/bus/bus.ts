import type { LogEntry } from '../store/store.ts'

/**
 * Carries committed entries from the node that wrote them to the nodes whose sockets wait for them.
 *
 * It is a hint: it may drop, repeat and reorder. It may not invent or change an entry. Whoever listens looks at
 * offsets and asks the store where something is missing.
 */
export interface Bus {
  publish(entries: LogEntry[]): void
  /** At most one listener per node: the hub. */
  subscribe(listener: (entries: LogEntry[]) => void): void
  close(): Promise<void>
}
