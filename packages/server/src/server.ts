import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CommandName, Failure, type Item } from '@belfry/protocol'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Bus } from './bus/bus.ts'
import { chatProcedures } from './chat/procedures.ts'
import type { Config } from './config.ts'
import type { Actor } from './core/actor.ts'
import type { Clock, Context } from './core/context.ts'
import { createExecute, type Execute } from './core/execute.ts'
import { HandedLog } from './core/handed.ts'
import type { People } from './core/people.ts'
import { SharedLimits } from './core/shared-limits.ts'
import { startTimers } from './core/timers.ts'
import { topics } from './core/topics.ts'
import { limitBodyTime } from './doors/body-time.ts'
import { addRestDialects } from './doors/dialects/rest.ts'
import { BACKLOG, createHttpDoor } from './doors/http.ts'
import { createIdentify } from './doors/identify.ts'
import { createOrigins, hasLoopbackHost } from './doors/origins.ts'
import { addPages } from './doors/pages.ts'
import { addPlayground } from './doors/playground.ts'
import { OwnPaths, share } from './doors/share.ts'
import type { SocketDoor } from './doors/socket.ts'
import { addSystemRoutes } from './doors/system.ts'
import { createFiles, type Files } from './files.ts'
import { createLive, type Live } from './live.ts'
import type { MediaStore } from './media/media-store.ts'
import { counted, createMetrics, type Metrics, observeDelivery } from './metrics.ts'
import { createOutboxWork } from './outbox-work.ts'
import { createSockets } from './sockets.ts'
import type { Store, StoreEvents } from './store/store.ts'

export interface ServerOptions {
  config: Config
  /** Opens the store, which reports its commits to `events`. */
  openStore(events: StoreEvents): Promise<Store>
  bus: Bus
  /** Where the content of uploaded files is kept. */
  files: MediaStore
  createPeople(context: Context, limits: SharedLimits): Promise<People>
  clock: Clock
  log: Logger
  /** Called when the store has ended by itself. */
  onFatal(error: unknown): void
}

export interface BelfryServer {
  readonly config: Config
  readonly store: Store
  /** Runs a command, as the system unless an actor is given. @throws Failure */
  execute(name: CommandName, input: unknown, actor?: Actor): Promise<unknown>
  /** Listens on the configured host and port. */
  listen(): Promise<{ url: string; port: number }>
  /** Serves on an existing HTTP server, beside what that serves already. */
  attach(server: HttpServer): Promise<void>
  /** Drains: refuses what is new, ends sockets without a storm, closes the store. At most 10 s. */
  close(): Promise<void>
}

/** Source: reliability.md §6. */
const MAX_RETRY_MS = 5000
const REQUESTS_END_MS = 3000
const SYSTEM = { kind: 'system' } as const
/** What the parts of one node share. */
interface Parts {
  context: Context
  bus: Bus
  files: Files
  live: Live
  people: People
  execute: Execute
  metrics: Metrics
  handed: HandedLog
  limits: SharedLimits
  state: { isDraining: boolean }
}

/** Composes one node. What it uses is passed in; what it opens, `close` closes in reverse. */
export async function createServer(options: ServerOptions): Promise<BelfryServer> {
  const { config, bus, clock, log } = options
  const metrics = createMetrics()
  const longTopics = new Set<string>()
  const onError = (error: unknown) => log.error({ err: error }, 'unexpected error')
  const store = await options.openStore({
    onError(error) {
      log.fatal({ err: error }, 'the store has ended')
      options.onFatal(error)
    },
    onCommitted(entries) {
      for (const entry of entries) if (entry.offset > config.maxTopicEntries) longTopics.add(entry.topic)
      bus.publish(entries)
    },
  })
  const context: Context = { config, store, clock, log }
  const limits = new SharedLimits(bus, clock)
  const people = await options.createPeople(context, limits)
  const live = createLive({
    ...{ context, bus, onError },
    onEntry: (entry) => people.onEntry(entry),
    onRightsChanged(user) {
      people.forget(user)
      void sockets.recheck(user)
    },
  })
  // Before anything is remembered of anybody but the first admin.
  if (store.isShared) await live.rights.begin()
  const files = createFiles(context, options.files, people.mediaLinks)
  const { hub, headCheck, openChats, presence } = live
  bus.subscribe({
    onEntries(entries, isOwn) {
      live.onEntries(entries, isOwn)
      observeDelivery(metrics, entries, clock())
    },
    onHeads: (heads) => hub.check(heads),
  })
  const handed = new HandedLog(store, onError)
  const beforeRead = async (user: string, chatId: string | undefined) => {
    await handed.flushUser(user)
    if (chatId !== undefined) await handed.flushTopic(topics.room(chatId))
  }
  const execute = counted(
    metrics,
    createExecute({
      context,
      procedures: {
        ...people.procedures,
        ...chatProcedures({ openChats, beforeRead }),
        ...presence.procedures,
        ...files.procedures,
      },
      ensureUsers: (ids) => people.ensure(ids),
      beforeRead,
    }),
  )
  const state = { isDraining: false }
  const parts: Parts = { context, bus, files, live, people, execute, metrics, handed, limits, state }
  const sockets = createSockets({ ...parts, admit: createAdmission(parts) })
  people.onRevoked((user, matches) => sockets.endSessions(user, matches))
  metrics.watchStore(store, () => hub.users)
  metrics.watchBus(bus)
  const paths = new OwnPaths()
  const app = await createApp(parts, paths)
  const work = { sweepMedia: files.sweep, sendOutbox: createOutboxWork(parts) }
  const stopTimers = startTimers({ context, headCheck, rights: live.rights, longTopics, ...work })
  return assemble(parts, { app, paths, sockets, stopTimers })
}

/** Host rules and the drain, before anything else is looked at. @throws Failure */
function createAdmission({ context: { config }, state }: Parts): (request: IncomingMessage) => void {
  const isHostChecked = config.auth === 'open' || config.playground
  const stillServed = new Set(['/api/health', '/healthz', '/readyz', '/metrics'])
  return (request) => {
    if (isHostChecked && !hasLoopbackHost(request))
      throw new Failure('forbidden', { message: 'Unknown host.' })
    if (state.isDraining && !stillServed.has(request.url ?? '')) {
      throw new Failure('unavailable', { message: 'This node is going away.', retryAfterMs: 1000 })
    }
  }
}

async function createApp(parts: Parts, paths: OwnPaths): Promise<FastifyInstance> {
  const { context, bus, files, people, execute, metrics, handed, state } = parts
  const { config, store, log } = context
  const identify = createIdentify(config, people, parts.limits)
  const app = createHttpDoor({
    onRoute: (path) => paths.add(path),
    config,
    execute,
    log,
    origins: createOrigins(config.corsOrigins),
    admit: createAdmission(parts),
    isDraining: () => state.isDraining,
    identify,
  })
  addRestDialects(app, {
    isOpen: config.auth === 'open',
    identify,
    async latest(user, limit) {
      await handed.flushUser(user)
      const page = (await store.read('listNotifications', { user, limit })) as { notifications: Item[] }
      return page.notifications
    },
  })
  files.addRoutes(app, identify)
  addSystemRoutes(app, {
    metrics,
    store,
    bus,
    isDraining: () => state.isDraining,
    metricsToken: config.metricsToken,
    identify,
  })
  if (config.playground) await addPlayground(app, { people, execute })
  await addPages(app)
  await app.ready()
  return app
}

interface Opened {
  app: FastifyInstance
  paths: OwnPaths
  sockets: SocketDoor
  stopTimers(): Promise<void>
}

function assemble(parts: Parts, { app, paths, sockets, stopTimers }: Opened): BelfryServer {
  const { context, bus, execute, handed, live, state } = parts
  const { config, store, log } = context
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    state.isDraining = true
    const handedOver = stopTimers()
    // Whoever has not finished asking by then is cut off: nothing of it was done.
    const cut = setTimeout(() => app.server.closeAllConnections(), REQUESTS_END_MS)
    await sockets.drain(MAX_RETRY_MS)
    await app.close()
    clearTimeout(cut)
    await handedOver
    await live.close()
    parts.limits.close()
    await handed.flush()
    await bus.close()
    await store.close()
    log.info('closed')
  }
  return {
    config,
    store,
    execute: (name, input, actor = SYSTEM) => execute(name, actor, input, { address: 'in-process' }),
    async listen() {
      sockets.attach(app.server)
      limitBodyTime(app.server, config.requestTimeoutMs)
      await app.listen({ port: config.port, host: config.host, backlog: BACKLOG })
      const { port } = app.server.address() as AddressInfo
      return { port, url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}` }
    },
    async attach(server) {
      share(server, (request, reply) => app.routing(request, reply), paths)
      sockets.attach(server)
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
