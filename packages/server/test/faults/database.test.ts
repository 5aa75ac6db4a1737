/** reliability.md X11, X12, the short runs. */
import { it } from 'vitest'
import { freezeDatabase, stopDatabaseUnderLoad } from '../support/database-faults.ts'

it(
  'loses, doubles and disorders nothing when the database ends under load, and is back soon after it',
  () => stopDatabaseUnderLoad(3),
  90_000,
)

it(
  'refuses in time while the database is frozen, and goes on afterwards',
  () => freezeDatabase(6_000),
  60_000,
)
