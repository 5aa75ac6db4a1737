import { Announcements } from './announcements.ts'
import { loadPlayground, refreshToken, wordsOf } from './api.ts'
import { Person } from './person.ts'
import { createPlayground, type Playground } from './playground.ts'
import { Store } from './store.ts'

/** What the address `/` shows. */
export type Page =
  | { kind: 'loading' }
  | { kind: 'failed'; problem: string }
  | { kind: 'playground'; playground: Playground }
  | { kind: 'inbox'; person: Person; announcements: Announcements }

/** Asks the server which page it has; outside React, so that no render makes a second client. */
export class PageLoader {
  readonly store = new Store<Page>({ kind: 'loading' })

  async load(): Promise<void> {
    this.store.set({ kind: 'loading' })
    try {
      const facts = await loadPlayground()
      this.store.set(facts ? { kind: 'playground', playground: createPlayground(facts) } : ownInbox())
    } catch (error) {
      this.store.set({ kind: 'failed', problem: wordsOf(error) })
    }
  }
}

function ownInbox(): Page {
  const announcements = new Announcements()
  const person = new Person({
    name: 'you',
    renew: async (session, reason) => (reason === 'expiring' ? refreshToken(session.token) : undefined),
    events: {
      onItem: (_, item) => announcements.hear('New', item),
      onFrame: () => undefined,
      onCaughtUp: () => undefined,
    },
  })
  return { kind: 'inbox', person, announcements }
}
