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

/** What the tabs of a device talk through. */
export interface BrowserTabs {
  /** Undefined on plain http. */
  locks: TabLocks | undefined
  /** Undefined where there are no channels. */
  openChannel(name: string, onMessage: (message: unknown) => void): TabChannel | undefined
}

function openChannel(name: string, onMessage: (message: unknown) => void): TabChannel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => onMessage(data)
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}

/** Those of the browser; only in one. */
export function browserTabs(): BrowserTabs {
  const locks = navigator.locks as LockManager | undefined
  return {
    locks: locks && { request: (name, options, run) => locks.request(name, options, run) },
    openChannel,
  }
}
