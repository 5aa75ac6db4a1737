import type { LogEntry } from '../store/store.ts'

/**
 * Carries committed entries from the node that wrote them to the nodes whose sockets wait for them, and small messages
 * between nodes.
 *
 * It is a hint: it may drop, repeat and reorder, and so may every message told. It may not invent or change an entry.
 * Whoever listens looks at offsets and asks the store where something is missing. Nothing here throws or waits: while the
 * bus is down, what is published is dropped.
 */
export interface Bus {
  /** Brings entries to this node, at once, and to the nodes that listen to their topics. */
  publish(entries: LogEntry[]): void
  /** At most one listener per node. Of its own entries it hears all, of others' those of topics it listens to. */
  subscribe(listener: BusListener): void
  /** Somebody here hears the topic from now on. Once per topic, until `unlisten`. */
  listen(topic: string): void
  unlisten(topic: string): void
  /**
   * Called once what is committed to these topics from now on can be heard here. What was committed before may have
   * been missed since `listen`: it is in the log.
   */
  onListening(listener: (topics: readonly string[]) => void): void
  /** Tells every other node something small that is kept nowhere; JSON, at most 256 KiB. */
  tell(channel: Channel, message: unknown): void
  /** At most one listener per channel. Whatever comes may have been made up by a neighbour of the bus. */
  onTold(channel: Channel, listener: (message: unknown) => void): void
  /** Called each time this node can be heard and hears again: whoever may have missed something looks it up. */
  onConnected(listener: () => void): void
  readonly isConnected: boolean
  stats(): BusStats
  close(): Promise<void>
}

export interface BusListener {
  /** `isOwn`: this node has committed them. */
  onEntries(entries: LogEntry[], isOwn: boolean): void
  /** These topics have come so far: their entries were too large to be brought, and are in the log. */
  onHeads(heads: ReadonlyMap<string, number>): void
}

/** Entries and messages since the start. */
export interface BusStats {
  published: number
  received: number
  /** Not sent, since the bus was down or too slow. */
  dropped: number
  /** Came and were thrown away: not signed by one of our nodes, not valid, or too large. */
  refused: number
}

/** What nodes tell each other about. */
export type Channel = 'presence' | 'limits' | 'control'
