import { createHash, timingSafeEqual } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Bus } from '../bus/bus.ts'
import type { Actor } from '../core/actor.ts'
import type { Metrics } from '../metrics.ts'
import type { Store } from '../store/store.ts'

export interface SystemDoorOptions {
  metrics: Metrics
  store: Store
  bus: Pick<Bus, 'isConnected'>
  isDraining(): boolean
  /** Who reads the metrics shows this, or is an admin. */
  metricsToken: string | undefined
  identify(request: FastifyRequest): Promise<Actor>
}

/** Health, readiness and metrics: for operators and their machines. */
export function addSystemRoutes(app: FastifyInstance, options: SystemDoorOptions): void {
  app.get('/api/health', () => ({ ok: true }))
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', (_, reply) => {
    const isReady = !options.isDraining()
    // Without the bus, and without a store that takes writes, it still serves better than no node.
    return reply
      .code(isReady ? 200 : 503)
      .send({ ready: isReady, writable: options.store.isWritable(), bus: options.bus.isConnected })
  })
  app.get('/metrics', async (request, reply) => {
    if (!isToken(request.headers.authorization, options.metricsToken)) {
      const actor = await options.identify(request)
      if (actor.kind !== 'user' || !actor.roles.includes('admin')) throw new Failure('unauthorized')
    }
    return reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics())
  })
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function isToken(authorization: string | undefined, token: string | undefined): boolean {
  if (authorization === undefined || token === undefined) return false
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`))
}
