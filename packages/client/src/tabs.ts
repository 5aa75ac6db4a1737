/** What a tab can find out about the others of its origin. */
export interface Tabs {
  /** Leaves an id for the page that takes this one's place in the tab, and answers the one that was left for us. */
  succeed(slot: string, id: string): string | undefined
  /** Holds a name until it is given back or the page is gone. Does nothing where the browser has no locks. */
  hold(name: string): () => void
  /** Names that are held, here or elsewhere; undefined where the browser has no locks. */
  held(): Promise<ReadonlySet<string> | undefined>
  /** Runs, unless a tab runs under the same name right now. Without locks it runs in any case. */
  alone(name: string, run: () => Promise<void>): Promise<void>
  tell(channel: string, message: string): void
  /** Calls with what others tell, in other tabs or in this one; answers what stops it. */
  listen(channel: string, listener: (message: string) => void): () => void
}

/** Undefined outside a page, as in Node. */
export function browserTabs(): Tabs | undefined {
  if (typeof window === 'undefined') return undefined
  // Missing on plain http, whatever the type says.
  const locks = navigator.locks as LockManager | undefined
  return {
    succeed(slot, id) {
      try {
        const before = sessionStorage.getItem(slot)
        sessionStorage.setItem(slot, id)
        return before ?? undefined
      } catch {
        return undefined
      }
    },
    hold(name) {
      const controller = new AbortController()
      const until = new Promise((resolve) => {
        controller.signal.addEventListener('abort', resolve)
      })
      locks?.request(name, () => until).catch(() => undefined)
      return () => controller.abort()
    },
    async held() {
      const names = await locks?.query()
      return names && new Set((names.held ?? []).map(({ name }) => name ?? ''))
    },
    async alone(name, run) {
      if (locks) await locks.request(name, { ifAvailable: true }, async (lock) => lock && run())
      else await run()
    },
    tell: typeof BroadcastChannel === 'undefined' ? tellByStorage : tellByChannel,
    listen: typeof BroadcastChannel === 'undefined' ? listenByStorage : listenByChannel,
  }
}

function tellByChannel(name: string, message: string): void {
  const channel = new BroadcastChannel(name)
  channel.postMessage(message)
  channel.close()
}

function listenByChannel(name: string, listener: (message: string) => void): () => void {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => listener(String(data))
  return () => channel.close()
}

/** Other pages are told of the value when it is written; it is not kept. */
function tellByStorage(name: string, message: string): void {
  try {
    localStorage.setItem(name, message)
    localStorage.removeItem(name)
  } catch {
    // Without storage there is no way to tell.
  }
}

function listenByStorage(name: string, listener: (message: string) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === name && newValue !== null) listener(newValue)
  }
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
