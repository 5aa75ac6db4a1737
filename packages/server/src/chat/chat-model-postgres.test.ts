import { chatModelSuite } from '../test/chat-model/suite.ts'
import { makePostgresPlace } from '../test/postgres-place.ts'

chatModelSuite(makePostgresPlace, { isRemote: true })
