import type { LogEntry } from '../store/store.ts'
import type { Bus } from './bus.ts'

/** One node needs no wire: what it publishes, it hears, in the same tick. */
export function createMemoryBus(): Bus {
  let hear: (entries: LogEntry[]) => void = () => {}
  return {
    publish: (entries) => hear(entries),
    subscribe: (listener) => {
      hear = listener
    },
    close: async () => {
      hear = () => {}
    },
  }
}
