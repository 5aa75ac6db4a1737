import { browserTabs } from './browser-tabs.ts'
import { type Clock, type Environment, systemEnvironment } from './environment.ts'
import { browserStore } from './local-store.ts'

/** What `createClient` uses: in a browser with its storage and its tabs, in Node without. */
export function browserEnvironment(clock?: Clock): Environment {
  const tabs = typeof window === 'undefined' ? undefined : browserTabs()
  return { ...systemEnvironment(clock), storage: browserStore(), tabs }
}
