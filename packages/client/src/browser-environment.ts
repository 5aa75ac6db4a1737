import { type Clock, type Environment, systemEnvironment } from './environment.ts'
import { browserStore } from './local-store.ts'
import { systemTabSurroundings } from './tab-surroundings.ts'

/** What `createClient` uses: in a browser with its storage and its tabs, in Node without. */
export function browserEnvironment(clock?: Clock): Environment {
  const tabs = typeof window === 'undefined' ? undefined : systemTabSurroundings()
  return { ...systemEnvironment(clock), storage: browserStore(), tabs }
}
