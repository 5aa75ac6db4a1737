import type { Features } from '../store/store.ts'
import { noteActive, setPresence } from './handlers.ts'
import { chatFactsOf, contactsOf, durableOf, mayBeSeen } from './queries.ts'

/** Who is there and who writes: what the store runs for it. What is live is in `presence.ts`. */
export const presence: Features = {
  handlers: { setPresence, noteActive },
  queries: { durableOf, contactsOf, mayBeSeen, chatFactsOf },
}
