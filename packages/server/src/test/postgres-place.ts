import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { openPostgresStore } from '../store/postgres/postgres-store.ts'
import { type Place, type PlaceOptions, rethrow } from './place.ts'

let server: Promise<PostgresService> | undefined
let places = 0

export interface PostgresPlace extends Place {
  readonly url: string
  readonly server: PostgresService
}

/** A database of its own; the server behind it ends with its last database. */
export async function makePostgresPlace({ isVolatile = false }: PlaceOptions = {}): Promise<PostgresPlace> {
  places += 1
  server ??= startPostgres({ isVolatile })
  const running = await server
  const url = running.createDatabase()
  return {
    url,
    server: running,
    open: ({ features, onCommitted = () => {}, onError = rethrow }) =>
      openPostgresStore({ url, features, onCommitted, onError }),
    async remove() {
      places -= 1
      if (places > 0) return
      server = undefined
      await running.close()
    },
  }
}
