import { Arrivals } from './arrivals.ts'
import type { Bus, BusListener } from './bus.ts'

/** One node needs no wire: what it publishes, it hears, in the same tick; and there is nobody to tell anything. */
export function createMemoryBus(): Bus {
  let listener: BusListener | undefined
  const stats = { published: 0, received: 0, dropped: 0, refused: 0 }
  const arrivals = new Arrivals()
  return {
    isConnected: true,
    publish: (entries) => listener?.onEntries(entries, true),
    subscribe: (given) => {
      listener = given
    },
    listen: (topic) => arrivals.add(topic),
    unlisten: (topic) => arrivals.delete(topic),
    onListening: (given) => arrivals.onArrived(given),
    tell: () => {},
    onTold: () => {},
    onConnected: () => {},
    stats: () => stats,
    close: async () => {
      listener = undefined
      arrivals.close()
    },
  }
}
