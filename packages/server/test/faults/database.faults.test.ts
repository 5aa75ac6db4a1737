/** reliability.md X11, X12, the long runs. */
import { it } from 'vitest'
import { freezeDatabase, stopDatabaseUnderLoad } from '../support/database-faults.ts'

it(
  'loses, doubles and disorders nothing over 20 ends of the database',
  () => stopDatabaseUnderLoad(20),
  290_000,
)

it(
  'refuses in time while the database is frozen for 30 s, and goes on afterwards',
  () => freezeDatabase(30_000),
  120_000,
)
