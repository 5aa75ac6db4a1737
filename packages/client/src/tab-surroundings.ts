import type { TabStorage } from './claim-ledger.ts'
import { type Clock, randomId, systemClock } from './environment.ts'

/** To the other tabs of the same origin, never to itself. */
export interface TabChannel {
  post(message: unknown): void
  close(): void
}

export interface TabLocks {
  /** The lock is given back when what `run` returns has settled. `null`: `ifAvailable` and it was not. */
  request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    run: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>
}

/** What a tab touches to agree with the others. */
export interface TabSurroundings {
  clock: Clock
  newId(): string
  /** Undefined on plain http. */
  locks: TabLocks | undefined
  storage: TabStorage | undefined
  /** Undefined where there are no channels. */
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel | undefined
  isFocused(): boolean
  /** Tells of focus that came or went, and of a page that is being left. */
  watch(onFocus: () => void, onLeave: () => void): () => void
}

function readStorage(): TabStorage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

function openChannel(name: string, onMessage: (message: unknown) => void): TabChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => onMessage(data)
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}

export function systemTabSurroundings(): TabSurroundings {
  const locks = navigator.locks as LockManager | undefined
  return {
    clock: systemClock,
    newId: randomId,
    locks: locks && { request: (name, options, run) => locks.request(name, options, run) },
    storage: readStorage(),
    openChannel,
    isFocused: () => document.hasFocus() && !document.hidden,
    watch(onFocus, onLeave) {
      const controller = new AbortController()
      const { signal } = controller
      for (const name of ['focus', 'blur', 'pageshow']) window.addEventListener(name, onFocus, { signal })
      document.addEventListener('visibilitychange', onFocus, { signal })
      window.addEventListener('pagehide', onLeave, { signal })
      return () => controller.abort()
    },
  }
}
