import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cursor, Failure, handshake, type Item, type ItemBody } from '@belfry/protocol'
import type { Logger } from 'pino'
import { Server, type Socket } from 'socket.io'
import { WebSocketServer } from 'ws'
import type { Config } from '../config.ts'
import type { Actor } from '../core/actor.ts'
import type { Clock, LiveConnection } from '../core/context.ts'
import type { Execute } from '../core/execute.ts'
import type { Handed } from '../core/handed.ts'
import type { Hearing } from '../core/heads.ts'
import type { Hub } from '../core/hub.ts'
import type { Identity } from '../core/identity.ts'
import type { OpenChats } from '../core/open-chats.ts'
import type { SyncAnswer } from '../core/sync.ts'
import type { Turns } from '../core/turns.ts'
import type { Metrics } from '../metrics.ts'
import type { Backlog } from './connection.ts'
import { failureBody, rawAnswer, retryAfterSeconds, toFailure } from './failure.ts'
import type { HandshakeLimits } from './handshakes.ts'
import { hasOneHost, type Origins } from './origins.ts'
import { Session } from './session.ts'

export interface SocketDoorOptions {
  config: Config
  hub: Hub
  execute: Execute
  log: Logger
  clock: Clock
  metrics: Metrics
  origins: Origins
  epoch: string
  handshakes: HandshakeLimits
  backlog: Backlog
  openChats: OpenChats
  /** Catch-ups of one user take turns. */
  catchUps: Turns
  /** Host rules and drain. @throws Failure */
  admit(request: IncomingMessage): void
  /** Whether new commands are refused. */
  isDraining(): boolean
  /** @throws Failure `unauthorized` */
  identify(auth: { token?: string | undefined; userId?: string | undefined }): Promise<Identity>
  /** The same actor with today's roles. @throws Failure `unauthorized` when it has ended */
  recheck(actor: Actor): Promise<Actor>
  /** In open mode, the user a client names. */
  nameUser(user: string): Promise<Identity>
  readSync(user: string, cursor: Cursor | undefined): Promise<SyncAnswer>
  readHearing(user: string): Promise<Hearing>
  readPending(user: string): Promise<{ items: Item[]; heads: Record<string, number> }>
  freshItem(body: ItemBody): Item
  onHanded(handed: Handed): void
  /** A socket speaks for a user from now on; `isIdle` is undefined when it does not say. */
  onEntered(user: string, connection: LiveConnection, isIdle: boolean | undefined): void
  /** A seed's socket wants to be told of everyone with whom the user shares a chat. */
  onFollowing(user: string, connection: LiveConnection): void
  /** 0, or how long this socket and user must wait, in milliseconds. */
  limit(socketId: string, user: string | undefined): number
}

/** How long a refused socket's engine may live, so that the refusal still reaches it. */
const REFUSED_ENGINE_MS = 500
const EXPIRY_CHECK_MS = 5000
/** How long a drain waits for clients that poll to come and hear that it is over. */
const LAST_POLL_MS = 1000
/** Clients come back at 200 a second, and faster only where they are too many for the time that a drain has. */
const SPREAD_PER_SOCKET_MS = 5
/** Of the shortest wait a fifth is left between the end of a line and the next one; without it a client speaks into the end. */
const SHORTEST_WAIT_MS = 50
/** Of a client's wait: five seconds of waits are four of closing. Source: reliability.md §6. */
const CLOSED_BEFORE = 0.8
/** Those whose time comes within this are closed together. */
const SLICE_MS = 20

export interface SocketDoor {
  attach(server: HttpServer): void
  readonly sessions: ReadonlySet<Session>
  /** Ends sockets of a user whose session matches. */
  endSessions(user: string, matches: (sessionId: string) => boolean): void
  /** Ends sockets of the user that may no longer be here. */
  recheck(user: string): Promise<void>
  /** Tells native clients when to come back, within `maxRetryMs`, and ends every engine before that. */
  drain(maxRetryMs: number): Promise<void>
  close(): Promise<void>
}

export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
  const sessions = new Set<Session>()
  const io = createServer(options)
  io.use(
    (socket, next) =>
      void admit(socket, options).then(
        () => next(),
        (error) => refuse(socket, error, next),
      ),
  )
  io.on('connection', (socket) => accept(socket, options, sessions))
  const expiry = setInterval(() => {
    const now = options.clock()
    for (const session of sessions) session.checkExpiry(now)
  }, EXPIRY_CHECK_MS).unref()
  return {
    attach(server) {
      io.attach(server)
      io.engine.use(guard(options))
    },
    sessions,
    endSessions(user, matches) {
      for (const session of sessions) {
        const { actor } = session
        if (actor.kind === 'user' && actor.id === user && matches(actor.sessionId)) session.end('revoked')
      }
    },
    async recheck(user) {
      const affected = [...sessions].filter(({ actor }) => subjectOf(actor) === user)
      // One after the other: the first one's answer is remembered for the rest. Where nobody can answer, the socket ends
      // too, and its client comes back by itself.
      for (const session of affected) await options.recheck(session.actor).catch(() => session.end('revoked'))
    },
    drain: (maxRetryMs) => drain(sessions, io, maxRetryMs),
    async close() {
      clearInterval(expiry)
      io.engine?.close()
      io.removeAllListeners()
    },
  }
}

/** Whose account the rights of an actor hang on. */
const subjectOf = (actor: Actor): string | undefined =>
  actor.kind === 'user' ? actor.id : actor.kind === 'key' ? actor.ownerId : undefined

/** Settings that are not safe by default. Source: security.md §4. */
function createServer(options: SocketDoorOptions): Server {
  const { config } = options
  return new Server({
    transports: [...config.transports],
    pingInterval: config.pingIntervalMs,
    pingTimeout: config.pingTimeoutMs,
    connectTimeout: config.handshakeTimeoutMs,
    upgradeTimeout: 10_000,
    maxHttpBufferSize: config.maxFrameBytes,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    allowEIO3: false,
    // The bundled ws is older than the oldest safe one; overrides do not reach people who install the package.
    wsEngine: WebSocketServer,
    cors: {
      origin: (origin, decide) => decide(null, origin !== undefined && options.origins.isListed(origin)),
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type', ...(config.auth === 'open' ? ['X-User-Id'] : [])],
    },
  })
}

/** Judged before anything is spent on an engine, in the order in which it costs least. */
function guard(options: SocketDoorOptions) {
  return (request: IncomingMessage, reply: ServerResponse, next: () => void): void => {
    const refusal = refusalOf(request, options)
    if (!refusal) return next()
    // The engine's stand-in for a reply does not write on a connection that asks for an upgrade.
    if (request.headers.upgrade !== undefined) return void request.socket.end(rawAnswer(refusal))
    const seconds = retryAfterSeconds(refusal)
    if (seconds !== undefined) reply.setHeader('Retry-After', String(seconds))
    reply.writeHead(refusal.status, { 'Content-Type': 'application/json; charset=utf-8' })
    reply.end(JSON.stringify(failureBody(refusal)))
  }
}

/** Each query parameter once, and the one protocol version that is served: engine.io looks at neither on an upgrade. */
function isProtocol4(request: IncomingMessage): boolean {
  const query = new URLSearchParams((request.url ?? '').split('?')[1])
  const names = [...query.keys()]
  return new Set(names).size === names.length && query.get('EIO') === '4'
}

function refusalOf(request: IncomingMessage, options: SocketDoorOptions): Failure | undefined {
  if (!hasOneHost(request)) return new Failure('validation_failed', { message: 'Send one Host header.' })
  if (!isProtocol4(request)) return new Failure('validation_failed', { message: 'Speak Engine.IO 4.' })
  if (!options.origins.isAllowed(request)) return new Failure('forbidden', { message: 'Origin not allowed.' })
  const isKnown = /[?&]sid=/.test(request.url ?? '')
  try {
    options.admit(request)
  } catch (error) {
    const failure = toFailure(error, options.log)
    // A client that polls hears that its engine is closed in answer to its next request, also in a drain.
    if (!isKnown || failure.code !== 'unavailable') return failure
  }
  // An engine that lives was judged when it came.
  if (isKnown || request.method === 'OPTIONS') return undefined
  const retryAfterMs = options.handshakes.knock(request.socket.remoteAddress ?? '')
  return retryAfterMs > 0 ? new Failure('rate_limited', { retryAfterMs }) : undefined
}

async function admit(socket: Socket, options: SocketDoorOptions): Promise<void> {
  const auth = handshake.safeParse(socket.handshake.auth)
  if (!auth.success) throw new Failure('unauthorized', { message: 'Auth failed: malformed handshake' })
  const { token, userId, client, cursor, idle: isIdle } = auth.data
  const isOpen = options.config.auth === 'open'
  if (token === undefined && (!isOpen || (client && userId === undefined))) {
    throw new Failure('unauthorized', { message: 'Missing token' })
  }
  const isNamed = token !== undefined || userId !== undefined
  const identity: Identity = isNamed
    ? await options.identify({ token, userId })
    : { actor: { kind: 'open' }, expiresAtMs: undefined }
  // Keys belong to machines, which send over HTTP; a socket speaks for a person.
  if (identity.actor.kind === 'key') throw new Failure('unauthorized', { message: 'API keys are for REST.' })
  const user = identity.actor.kind === 'user' ? identity.actor.id : undefined
  options.handshakes.enter(socket, user)
  const isNative = client !== undefined
  const session = new Session(socket, { identity, isNative, isIdle }, options)
  await session.prepare()
  socket.data = { session, cursor }
}

interface Admitted {
  session: Session
  cursor: Cursor | undefined
}

function accept(socket: Socket, options: SocketDoorOptions, sessions: Set<Session>): void {
  const { session, cursor } = socket.data as Admitted
  sessions.add(session)
  options.metrics.connections.inc()
  socket.on('disconnect', () => {
    sessions.delete(session)
    options.metrics.connections.dec()
    // There is one namespace: an engine that has left it has nothing left to do here.
    socket.conn.close()
  })
  session.start(cursor)
}

function refuse(socket: Socket, error: unknown, next: (error: Error) => void): void {
  const failure = error instanceof Failure ? error : new Failure('unavailable')
  const { code } = failure
  const isAuth = code === 'unauthorized' && failure.message !== 'Missing token'
  const message = isAuth ? `Auth failed: ${failure.message}` : failure.message
  const { retryAfterMs } = failure.details
  next(Object.assign(new Error(message), { data: { code, ...(retryAfterMs ? { retryAfterMs } : {}) } }))
  setTimeout(() => socket.conn.close(), REFUSED_ENGINE_MS).unref()
}

/**
 * Each native client is told a moment of its own at which to come back, and its engine is closed a little before: nobody
 * is without a line for longer than the last fifth of its wait, and the other nodes are not met by all at once. Few need
 * less time than many.
 */
async function drain(sessions: Set<Session>, io: Server, maxRetryMs: number): Promise<void> {
  const all = [...sessions]
  const spreadMs = Math.min(maxRetryMs - SHORTEST_WAIT_MS, all.length * SPREAD_PER_SOCKET_MS)
  const leaving = all.map((session) => ({
    session,
    retryInMs: Math.round(SHORTEST_WAIT_MS + Math.random() * spreadMs),
  }))
  for (const { session, retryInMs } of leaving) session.emitDrain(retryInMs)
  const begin = performance.now()
  leaving.sort((a, b) => a.retryInMs - b.retryInMs)
  for (const { session, retryInMs } of leaving) {
    const waitMs = begin + retryInMs * CLOSED_BEFORE - performance.now()
    if (waitMs > SLICE_MS) await sleep(waitMs)
    session.endOrderly()
  }
  const until = performance.now() + LAST_POLL_MS
  while ((io.engine?.clientsCount ?? 0) > 0 && performance.now() < until) await sleep(20)
  io.engine?.close()
}
