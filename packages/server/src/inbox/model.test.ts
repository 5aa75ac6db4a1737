import { inboxModelSuite } from '../test/model/suite.ts'
import { makeSqlitePlace } from '../test/place.ts'

inboxModelSuite(makeSqlitePlace)
