import type { Actor } from '../core/actor.ts'
import { fenced, leases } from '../core/lease.ts'
import { statement } from '../store/sql/statement.ts'
import type { Features, Reader, Tx } from '../store/store.ts'

const workRow = statement<{ name: string }>()((db, p) =>
  db.selectFrom('setting').select('value').where('name', '=', p.name),
)
const setWork = statement<{ name: string; value: string }>()((db, p) =>
  db
    .insertInto('setting')
    .values({ name: p.name, value: p.value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: p.value })),
)
const doneBy = async (reader: Reader, name: string) =>
  Number((await reader.get(workRow, { name }))?.value ?? 0)

interface Work {
  isIdle?: boolean
  isBroken?: boolean
}

/** Leases, and work that counts how often it was done in all. */
export const features: Features = {
  handlers: fenced(['doWork'], {
    ...leases.handlers,
    async doWork(tx: Tx, _: Actor, { isIdle, isBroken }: Work) {
      if (isBroken) throw new TypeError('a defect')
      if (isIdle) return { isDone: false }
      tx.write(setWork, { name: 'done', value: String((await doneBy(tx, 'done')) + 1) })
      return { isDone: true }
    },
  }),
  queries: { ...leases.queries, workOf: async (reader: Reader) => doneBy(reader, 'done') },
}
