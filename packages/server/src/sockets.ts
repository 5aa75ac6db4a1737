import type { IncomingMessage } from 'node:http'
import type { Cursor, Item } from '@belfry/protocol'
import type { Context } from './core/context.ts'
import type { Execute } from './core/execute.ts'
import type { HandedLog } from './core/handed.ts'
import type { Hearing } from './core/heads.ts'
import type { People } from './core/people.ts'
import { RateLimiter } from './core/rate.ts'
import type { SharedLimits } from './core/shared-limits.ts'
import type { SyncAnswer } from './core/sync.ts'
import { Turns } from './core/turns.ts'
import { Backlog } from './doors/connection.ts'
import { HandshakeLimits } from './doors/handshakes.ts'
import { createOrigins } from './doors/origins.ts'
import { createSocketDoor, type SocketDoor } from './doors/socket.ts'
import { freshItem } from './inbox/item.ts'
import type { Live } from './live.ts'
import type { Metrics } from './metrics.ts'

export interface SocketParts {
  context: Context
  live: Live
  people: People
  execute: Execute
  metrics: Metrics
  handed: HandedLog
  limits: SharedLimits
  state: { isDraining: boolean }
  /** Host rules and drain. @throws Failure */
  admit(request: IncomingMessage): void
}

/** Sockets, over what the parts of one node share. */
export function createSockets(parts: SocketParts): SocketDoor {
  const { context, live, people, execute, metrics, handed, limits, admit } = parts
  const { hub, openChats, presence } = live
  const { config, store, clock, log } = context
  const perSocket = new RateLimiter(config.socketRate, clock, 50_000)
  const perUser = limits.rate('events', config.userEventRate, 50_000)
  const handshakes = new HandshakeLimits({
    ...{ config, clock, shared: limits },
    elsewhere: (user) => presence.elsewhere(user),
  })
  return createSocketDoor({
    config,
    hub,
    execute,
    log,
    clock,
    metrics,
    origins: createOrigins(config.corsOrigins),
    epoch: store.epoch,
    handshakes,
    catchUps: new Turns(),
    openChats,
    backlog: new Backlog(config, () => metrics.slowSockets.inc()),
    admit,
    isDraining: () => parts.state.isDraining,
    identify: ({ token, userId }) =>
      token === undefined && userId !== undefined && config.auth === 'open'
        ? people.name(userId)
        : people.identify(token),
    recheck: (actor) => people.recheck(actor),
    nameUser: (user) => people.name(user),
    async readSync(user, cursor: Cursor | undefined) {
      await handed.flushUser(user)
      return store.read('sync', { user, epoch: store.epoch, cursor }) as Promise<SyncAnswer>
    },
    readHearing: (user) => store.read('hearingOf', { user }) as Promise<Hearing>,
    async readPending(user) {
      await handed.flushUser(user)
      return store.read('pendingItems', { user }) as Promise<{ items: Item[]; heads: Record<string, number> }>
    },
    freshItem: (body) => ({ ...freshItem(body), status: 'delivered', delivered: true }),
    onHanded: (one) => handed.add(one),
    onEntered: (user, connection, isIdle) => presence.enter(user, connection, isIdle),
    onFollowing: (user, connection) => presence.follow(user, connection),
    limit(socketId, user) {
      if (!config.rateLimit) return 0
      return perSocket.take(socketId) || (user === undefined ? 0 : perUser.take(user))
    },
  })
}
