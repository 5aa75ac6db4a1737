import { loadPlayground, wordsOf } from './api.ts'
import { createPlayground, type Playground } from './playground.ts'
import { Store } from './store.ts'

/** What the address `/` shows. */
export type Page =
  | { kind: 'unasked' | 'loading' }
  | { kind: 'failed'; problem: string }
  | { kind: 'playground'; playground: Playground }
  /** The server has no playground: people sign in. */
  | { kind: 'none' }

/** Asks the server for its playground; outside React, so that no render makes a second client. */
export class PageLoader {
  readonly store = new Store<Page>({ kind: 'unasked' })

  readonly load = async (): Promise<void> => {
    const { kind } = this.store.getSnapshot()
    if (kind !== 'unasked' && kind !== 'failed') return
    this.store.set({ kind: 'loading' })
    try {
      const facts = await loadPlayground()
      this.store.set(facts ? { kind: 'playground', playground: createPlayground(facts) } : { kind: 'none' })
    } catch (error) {
      this.store.set({ kind: 'failed', problem: wordsOf(error) })
    }
  }
}
