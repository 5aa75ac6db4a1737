import { Failure } from '@belfry/protocol'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import type { Actor } from '../core/actor.ts'
import type { People } from '../core/people.ts'
import type { SharedLimits } from '../core/shared-limits.ts'

/** Who calls over HTTP, from one Authorization header or, in open mode, from `X-User-Id`; and whether he calls too often. */
export function createIdentify(config: Config, people: People, shared: SharedLimits) {
  const limits = {
    user: shared.rate('user', config.userRate),
    key: shared.rate('key', config.keyRate),
    nobody: shared.rate('nobody', config.anonymousRate),
  }
  const isOpen = config.auth === 'open'

  function limit(actor: Actor, address: string): void {
    if (!config.rateLimit) return
    let waitMs = 0
    if (actor.kind === 'key') waitMs = limits.key.take(`key:${actor.id}`)
    else if (actor.kind === 'user' && actor.roles.includes('admin'))
      waitMs = limits.key.take(`user:${actor.id}`)
    else if (actor.kind === 'user') waitMs = limits.user.take(actor.id)
    else if (actor.kind === 'nobody') waitMs = limits.nobody.take(address)
    if (waitMs > 0) throw new Failure('rate_limited', { retryAfterMs: waitMs })
  }

  async function named(request: FastifyRequest): Promise<Actor> {
    const user = request.headers['x-user-id']
    if (user === undefined) return { kind: 'open' }
    return (await people.name(String(user))).actor
  }

  return async (request: FastifyRequest): Promise<Actor> => {
    const token = bearerOf(request)
    let actor: Actor = { kind: 'nobody' }
    if (token !== undefined) actor = (await people.identify(token)).actor
    else if (isOpen) actor = await named(request)
    limit(actor, request.ip)
    return actor
  }
}

/** The bearer token; undefined when there is no header. @throws Failure `unauthorized` for anything but one bearer token */
function bearerOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers
  if (authorization === undefined || authorization === '') return undefined
  const { rawHeaders } = request.raw
  const headers = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization')
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (token === undefined || headers.length > 1)
    throw new Failure('unauthorized', { message: 'Invalid token' })
  return token
}
