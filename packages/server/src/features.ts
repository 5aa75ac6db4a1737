import { accounts } from './accounts/index.ts'
import { headsOfTopics, hearingOf } from './core/heads.ts'
import { retain } from './core/retention.ts'
import { createSync } from './core/sync.ts'
import { inbox } from './inbox/index.ts'
import { inboxSync } from './inbox/snapshot.ts'
import { rooms } from './rooms/index.ts'
import type { Features } from './store/store.ts'

/** Everything a store runs, by name. A store loads this module where its transactions run. */
export const features: Features = {
  handlers: { ...accounts.handlers, ...inbox.handlers, ...rooms.handlers, retain },
  queries: {
    ...accounts.queries,
    ...inbox.queries,
    ...rooms.queries,
    sync: createSync(inboxSync),
    hearingOf,
    headsOfTopics,
  },
}
