import { type BrowserTabs, browserTabs } from './browser-tabs.ts'
import type { TabStorage } from './claim-ledger.ts'
import { type Clock, randomId, systemClock } from './environment.ts'

/** What a tab touches to agree with the others. */
export interface TabSurroundings extends BrowserTabs {
  clock: Clock
  newId(): string
  storage: TabStorage | undefined
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

export function systemTabSurroundings(): TabSurroundings {
  return {
    ...browserTabs(),
    clock: systemClock,
    newId: randomId,
    storage: readStorage(),
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
