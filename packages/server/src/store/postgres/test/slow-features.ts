import { sql } from 'kysely'
import type { Features, Reader } from '../../store.ts'

/** A question that takes longer than any may, and one that does not. */
export const features: Features = {
  handlers: {},
  queries: {
    sleep: (reader: Reader) =>
      reader.query((db) => db.selectFrom(sql`pg_sleep(6)`.as('slept')).select(sql<number>`1`.as('one'))),
    nap: (reader: Reader) =>
      reader.query((db) => db.selectFrom(sql`pg_sleep(0)`.as('slept')).select(sql<number>`1`.as('one'))),
  },
}
