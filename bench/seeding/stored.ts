import { DatabaseSync } from 'node:sqlite'
import type { Belfry } from '../belfry.ts'
import { databaseIn } from './seeded-folder.ts'

/** Entries in the running server's log. */
export const countEntries = ({ belfry }: { readonly belfry: Belfry }): number => {
  const db = new DatabaseSync(databaseIn(belfry.dataDir), { readOnly: true, timeout: 5_000 })
  try {
    return Number(db.prepare('select count(*) as number from entry').get()?.number)
  } finally {
    db.close()
  }
}
