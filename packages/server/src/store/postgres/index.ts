export { renewEpoch } from './epoch.ts'
export { prepareDatabase } from './migrate.ts'
export { openPostgresStore } from './postgres-store.ts'
