import { createHash, timingSafeEqual } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.ts'
import type { Store } from '../store/store.ts'

export interface SystemDoorOptions {
  metrics: Metrics
  store: Store
  isDraining(): boolean
  /** Who reads the metrics from elsewhere shows this; without it, nobody does. */
  metricsToken: string | undefined
}

/** Health, readiness and metrics: for operators and their machines. */
export function addSystemRoutes(app: FastifyInstance, options: SystemDoorOptions): void {
  app.get('/api/health', () => ({ ok: true }))
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', (_, reply) => {
    const isReady = !options.isDraining()
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, writable: options.store.isWritable() })
  })
  app.get('/metrics', async (request, reply) => {
    const isLocal = request.socket.remoteAddress === '127.0.0.1' || request.socket.remoteAddress === '::1'
    const isProxied = request.headers['x-forwarded-for'] !== undefined
    if ((!isLocal || isProxied) && !isToken(request.headers.authorization, options.metricsToken)) {
      throw new Failure('unauthorized')
    }
    return reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics())
  })
}

const digest = (text: string) => createHash('sha256').update(text).digest()

function isToken(authorization: string | undefined, token: string | undefined): boolean {
  if (authorization === undefined || token === undefined) return false
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`))
}
