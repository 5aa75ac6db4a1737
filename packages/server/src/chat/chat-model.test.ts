import { chatModelSuite } from '../test/chat-model/suite.ts'
import { makeSqlitePlace } from '../test/place.ts'

chatModelSuite(makeSqlitePlace)
