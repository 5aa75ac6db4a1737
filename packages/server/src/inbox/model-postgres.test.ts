import { inboxModelSuite } from '../test/model/suite.ts'
import { makePostgresPlace } from '../test/postgres-place.ts'

inboxModelSuite(makePostgresPlace, { isRemote: true })
