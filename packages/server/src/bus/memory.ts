import type { LogEntry } from '../store/store.ts'
import { Arrivals } from './arrivals.ts'
import type { Bus } from './bus.ts'

/** One node needs no wire: what it publishes, it hears, in the same tick; and there is nobody to tell anything. */
export function createMemoryBus(): Bus {
  let hear: (entries: LogEntry[]) => void = () => {}
  const arrivals = new Arrivals()
  return {
    isConnected: true,
    publish: (entries) => hear(entries),
    subscribe: (listener) => {
      hear = listener
    },
    listen: (topic) => arrivals.add(topic),
    unlisten: (topic) => arrivals.delete(topic),
    onListening: (listener) => arrivals.onArrived(listener),
    tell: () => {},
    onTold: () => {},
    onConnected: () => {},
    close: async () => {
      hear = () => {}
      arrivals.close()
    },
  }
}
