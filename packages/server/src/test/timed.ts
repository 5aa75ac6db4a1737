import type { Actor } from '../core/actor.ts'
import type { Handler, Query, Reader, Tx } from '../store/store.ts'

/** An actor whose command runs at a time of the test's choosing. Plain data, so it crosses thread borders. */
export type TimedActor = Actor & { now: number }

/** Handlers that run at the time their actor names. */
export const timed = (handlers: Record<string, Handler>): Record<string, Handler> =>
  each(handlers, (handler) => {
    const run = handler as Handler<unknown>
    return (tx, actor, input: unknown) =>
      run('now' in actor ? atTime(tx, Number(actor.now)) : tx, actor, input)
  })

/** Queries that run at the time their input names. */
export const timedQueries = (queries: Record<string, Query>): Record<string, Query> =>
  each(queries, (query) => {
    const read = query as Query<object>
    return (reader, input: { now?: number }) =>
      read(input.now === undefined ? reader : readAt(reader, input.now), input)
  })

function each<T>(all: Record<string, T>, change: (one: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one)]))
}

const readAt = (reader: Reader, now: number): Reader => ({
  now,
  get: (statement, params) => reader.get(statement, params),
  all: (statement, params) => reader.all(statement, params),
  query: (build) => reader.query(build),
})

const atTime = (tx: Tx, now: number): Tx => ({
  ...readAt(tx, now),
  run: (statement, params) => tx.run(statement, params),
  write: (statement, params) => tx.write(statement, params),
  newId: () => tx.newId(),
  publish: (entry, except) => tx.publish(entry, except),
})
