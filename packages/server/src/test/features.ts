import type { Actor } from '../core/actor.ts'
import { retain } from '../core/retention.ts'
import { createTopic, join, leave } from '../core/subscriptions.ts'
import { createSync } from '../core/sync.ts'
import { topics } from '../core/topics.ts'
import { inbox } from '../inbox/index.ts'
import { inboxSync } from '../inbox/snapshot.ts'
import { statement } from '../store/sql/statement.ts'
import type { Features, Handler, Tx } from '../store/store.ts'

/** An actor whose command runs at a time of the test's choosing. Plain data, so it crosses thread borders. */
export type TimedActor = Actor & { now: number }

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
const people = {
  async addPerson(tx: Tx, _: Actor, { id }: { id: string }) {
    await tx.run(insertAccount, { id, now: tx.now })
    await createTopic(tx, topics.user(id))
    await join(tx, id, topics.user(id))
    await join(tx, id, topics.all)
  },
  async addRoom(tx: Tx, _: Actor, { id }: { id: string }) {
    await tx.run(insertRoom, { id, now: tx.now })
    await createTopic(tx, topics.room(id))
  },
  async hear(tx: Tx, _: Actor, { user, topic }: { user: string; topic: string }) {
    return join(tx, user, topic)
  },
  async unhear(tx: Tx, _: Actor, { user, topic }: { user: string; topic: string }) {
    return leave(tx, user, topic)
  },
}

function timed(handler: Handler): Handler {
  const run = handler as Handler<unknown>
  return (tx, actor, input: unknown) => run('now' in actor ? atTime(tx, Number(actor.now)) : tx, actor, input)
}

function atTime(tx: Tx, now: number): Tx {
  return {
    now,
    get: (statement, params) => tx.get(statement, params),
    all: (statement, params) => tx.all(statement, params),
    query: (build) => tx.query(build),
    run: (statement, params) => tx.run(statement, params),
    newId: () => tx.newId(),
    publish: (entry, except) => tx.publish(entry, except),
  }
}

const handlers: Record<string, Handler> = { ...inbox.handlers, ...people, retain }

/** The inbox and just enough people and rooms to fill it; every command can be given its time. */
export const features: Features = {
  handlers: Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, timed(handler)])),
  queries: {
    ...inbox.queries,
    sync: createSync({ ...inboxSync, fill: async (_, _user, entries) => entries }),
  },
}
