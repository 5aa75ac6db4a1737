export { prepareDatabase } from './migrate.ts'
export { openPostgresStore } from './postgres-store.ts'
