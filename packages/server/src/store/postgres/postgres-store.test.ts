import { makePostgresPlace } from '../../test/postgres-place.ts'
import { storeContract } from '../contract.ts'

storeContract('PostgreSQL', makePostgresPlace)
