import { Failure, type Item, id } from '@belfry/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../../core/actor.ts'

/** What seed 001's list holds at most. */
const LATEST = 50

export interface RestDialectOptions {
  isOpen: boolean
  identify(request: FastifyRequest): Promise<Actor>
  latest(user: string, limit: number): Promise<Item[]>
}

/** Routes of seeds that do not follow the command table. Source: contract.md §4. */
export function addRestDialects(app: FastifyInstance, options: RestDialectOptions): void {
  app.get<{ Params: { userId: string } }>('/api/notifications/:userId', async (request) => {
    const actor = await options.identify(request)
    const user = id.safeParse(request.params.userId)
    const isOwn = actor.kind === 'user' && actor.id === user.data
    if (actor.kind === 'nobody') throw new Failure('unauthorized')
    // The same answer for everybody else's id, whether it exists or not.
    if (!isOwn && !(options.isOpen && actor.kind === 'open')) throw new Failure('forbidden')
    if (!user.success) throw new Failure('validation_failed', { field: 'user_id' })
    return options.latest(user.data, LATEST)
  })
}
