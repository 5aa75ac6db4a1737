import type { Actor } from '../core/actor.ts'
import { retain } from '../core/retention.ts'
import { createTopic, join, leave } from '../core/subscriptions.ts'
import { createSync } from '../core/sync.ts'
import { topics } from '../core/topics.ts'
import { inbox } from '../inbox/index.ts'
import { inboxSync } from '../inbox/snapshot.ts'
import { statement } from '../store/sql/statement.ts'
import type { Features, Handler, Tx } from '../store/store.ts'
import { timed } from './timed.ts'

const insertAccount = statement<{ id: string; now: number }>()((db, p) =>
  db.insertInto('account').values({
    id: p.id,
    email: null,
    password_hash: null,
    roles: '[]',
    disabled: 0,
    created_at: p.now,
  }),
)
const insertRoom = statement<{ id: string; now: number }>()((db, p) =>
  db.insertInto('room').values({ id: p.id, kind: 'audience', created_at: p.now }),
)

/** What the accounts and rooms features do to the inbox, without their rules. */
export const people = {
  async addPerson(tx: Tx, _: Actor, { id }: { id: string }) {
    tx.write(insertAccount, { id, now: tx.now })
    await createTopic(tx, topics.user(id))
    await join(tx, id, topics.user(id))
    await join(tx, id, topics.all)
  },
  async addRoom(tx: Tx, _: Actor, { id }: { id: string }) {
    tx.write(insertRoom, { id, now: tx.now })
    await createTopic(tx, topics.room(id))
  },
  async hear(tx: Tx, _: Actor, { user, topic }: { user: string; topic: string }) {
    return join(tx, user, topic)
  },
  async unhear(tx: Tx, _: Actor, { user, topic }: { user: string; topic: string }) {
    return leave(tx, user, topic)
  },
}

const handlers: Record<string, Handler> = { ...inbox.handlers, ...people, retain }

/** The inbox and just enough people and rooms to fill it; every command can be given its time. */
export const features: Features = {
  handlers: timed(handlers),
  queries: {
    ...inbox.queries,
    sync: createSync({ ...inboxSync, fill: async (_, _user, entries) => entries }),
  },
}
