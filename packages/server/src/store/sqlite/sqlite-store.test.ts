import { makeSqlitePlace } from '../../test/place.ts'
import { storeContract } from '../contract.ts'

storeContract('SQLite', makeSqlitePlace)
