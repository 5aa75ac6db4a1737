import type { BelfryClient, ClientState } from '@belfry/client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Store } from './store.ts'

/** Source: ui.md §5, Dates. */
const TICK_MS = 30_000

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.getSnapshot)
}

export function useInbox(client: BelfryClient): ClientState {
  return useSyncExternalStore(client.subscribe, client.getSnapshot)
}

/** The time, which moves every 30 s while the page is visible. */
export function useNow(tickMs = TICK_MS): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') setNow(Date.now())
    }
    const timer = setInterval(look, tickMs)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [tickMs])
  return now
}
