import { DatabaseSync } from 'node:sqlite'
import type { Belfry } from '../belfry.ts'
import { databaseIn } from './seeded-folder.ts'

/** Entries in the running server's log; an item is its own entry. */
export const countEntries = ({ belfry }: { readonly belfry: Belfry }): number => {
  const db = new DatabaseSync(databaseIn(belfry.dataDir), { readOnly: true, timeout: 5_000 })
  try {
    return Number(
      db.prepare('select (select count(*) from entry) + (select count(*) from item) as number').get()?.number,
    )
  } finally {
    db.close()
  }
}
