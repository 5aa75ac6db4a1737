/**
 * Vitest's global set-up: the servers that tests share, when whole systems run over them. Each test file has a database of
 * its own, and nodes of different databases do not hear each other on a bus.
 */
import { startNats } from './nats.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

/** Where workers find them: addresses as JSON. */
export const SHARED_SERVICES = 'BELFRY_TEST_SERVICES'

export interface SharedServices {
  postgres: string
  redis: string
  nats: string
}

export async function setup(): Promise<() => Promise<void>> {
  const services = await Promise.all([startPostgres({ isVolatile: true }), startRedis(), startNats()])
  const [postgres, redis, nats] = services.map(({ url }) => url)
  process.env[SHARED_SERVICES] = JSON.stringify({ postgres, redis, nats })
  return async () => {
    for (const service of services) await service.close()
  }
}
