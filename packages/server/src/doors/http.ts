import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import {
  type CommandName,
  type CommandRow,
  commandNames,
  commands,
  Failure,
  isShallow,
} from '@belfry/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Actor } from '../core/actor.ts'
import type { Execute } from '../core/execute.ts'
import { failureBody, rawAnswer, retryAfterSeconds, toFailure } from './failure.ts'
import { hasOneHost, type Origins } from './origins.ts'

export interface HttpDoorOptions {
  execute: Execute
  log: Logger
  config: Config
  origins: Origins
  /** Told of every route. */
  onRoute(path: string): void
  /** Whether the request may come in at all: Host rules, drain. @throws Failure */
  admit(request: IncomingMessage): void
  /** Whatever comes from then on ends its connection with its answer: a balancer of connections then finds another node for the next request. */
  isDraining(): boolean
  /** @throws Failure `unauthorized` for a bad token, `rate_limited` */
  identify(request: FastifyRequest): Promise<Actor>
}

/** Bodies that may be larger: 1,000 recipients, or many notifications. */
const LARGE_BODIES: ReadonlySet<CommandName> = new Set<CommandName>(['notify', 'notifyBulk', 'broadcast'])
/** When everyone comes back at once, the kernel refuses whoever finds this queue full; it has a bound of its own. */
export const BACKLOG = 4096
const METHODS = 'GET, POST, PUT, PATCH, DELETE'

/**
 * Node's own limits, which are generous or unchecked by default. Source: reliability.md §11. The time for a request is
 * that of the longest, an upload; `body-time.ts` keeps the others to theirs.
 */
const nodeLimits = ({ headersTimeoutMs, requestTimeoutMs, uploadTimeoutMs }: Config) => ({
  headersTimeout: headersTimeoutMs,
  requestTimeout: Math.max(requestTimeoutMs, uploadTimeoutMs),
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16_384,
})

/** The HTTP door: routes, parsing and answers follow from the command table; no line here knows a command. */
export function createHttpDoor(options: HttpDoorOptions): FastifyInstance {
  const { config } = options
  const app = Fastify({
    serverFactory: (handler) =>
      createServer(nodeLimits(config), (request, reply) => void handler(request, reply)),
    bodyLimit: config.maxBodyBytes,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    routerOptions: { maxParamLength: 512 },
    exposeHeadRoutes: false,
    logger: false,
    clientErrorHandler: (error, socket) => answerClientError(error, socket as Socket),
    frameworkErrors: (error, _, reply) => void answer(reply as FastifyReply, error, options.log),
  })
  app.addHook('onRoute', ({ url }) => options.onRoute(url))
  acceptOnlyJson(app)
  app.addHook('onRequest', async (request, reply) => {
    guard(request, reply, options)
    if (request.method === 'OPTIONS' && request.headers.origin !== undefined) return reply.code(204).send()
  })
  app.setErrorHandler((error, _, reply) => answer(reply, error, options.log))
  app.setNotFoundHandler((_, reply) => answer(reply, new Failure('not_found'), options.log))
  for (const name of commandNames) addRoute(app, name, options)
  return app
}

/** Headers and refusals that every request meets, whatever its route. */
function guard(request: FastifyRequest, reply: FastifyReply, options: HttpDoorOptions): void {
  reply.header('X-Content-Type-Options', 'nosniff').header('Referrer-Policy', 'no-referrer')
  if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store')
  const { origin } = request.headers
  reply.header('Vary', 'Origin')
  if (origin !== undefined && options.origins.isListed(origin)) {
    reply.header('Access-Control-Allow-Origin', origin).header('Access-Control-Allow-Credentials', 'true')
    if (request.method === 'OPTIONS') {
      const extra = options.config.auth === 'open' ? ', X-User-Id' : ''
      reply
        .header('Access-Control-Allow-Methods', METHODS)
        .header(
          'Access-Control-Allow-Headers',
          `Authorization, Content-Type, Idempotency-Key, X-File-Name${extra}`,
        )
        .header('Access-Control-Max-Age', '600')
    }
  }
  if (!hasOneHost(request.raw)) throw new Failure('validation_failed', { message: 'Send one Host header.' })
  if (options.isDraining()) reply.header('Connection', 'close')
  options.admit(request.raw)
}

function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity'
    const charset = /charset=\s*"?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8'
    if (encoding !== 'identity' || !/^utf-?8$/i.test(charset))
      return done(new Failure('unsupported_media_type'))
    if (body.length === 0) return done(null, undefined)
    const text = decode(body)
    if (text === undefined)
      return done(new Failure('validation_failed', { message: 'The body is not UTF-8.' }))
    parse(request, text, (error, value) => {
      if (error) return done(new Failure('validation_failed', { message: 'The body is not valid JSON.' }))
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      if (isObject && isShallow(value, 16, 256)) return done(null, value)
      done(new Failure('validation_failed', { message: 'Send one JSON object, at most 16 levels deep.' }))
    })
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(body: Buffer): string | undefined {
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}

function addRoute(app: FastifyInstance, name: CommandName, options: HttpDoorOptions): void {
  const row: CommandRow = commands[name]
  if (!row.rest) return
  const { method, path, status = 200 } = row.rest
  app.route({
    method,
    url: path,
    ...(LARGE_BODIES.has(name) ? { bodyLimit: options.config.maxSendBytes } : {}),
    handler: async (request, reply) => {
      const actor = await options.identify(request)
      const result = await options.execute(name, actor, inputOf(request), { address: request.ip })
      return reply
        .code(isRepeat(result) ? 200 : status)
        .header('Content-Type', 'application/json; charset=utf-8')
        .send(`{"success":true${inner(JSON.stringify(result))}`)
    },
  })
}

/** Whether what was asked for was there already. */
const isRepeat = (result: unknown): boolean => {
  const { created, duplicate } = result as { created?: unknown; duplicate?: unknown }
  return created === false || duplicate === true
}

/** `{…}` as the rest of an object that is already open. */
const inner = (json: string): string => (json === '{}' ? '}' : `,${json.slice(1)}`)

/** One namespace: path parameters win over body and query; the key may come as a header. */
function inputOf(request: FastifyRequest): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  const key = request.headers['idempotency-key']
  if (key !== undefined && request.method !== 'GET') input.idempotencyKey = key
  for (const part of [request.query, request.body, request.params]) Object.assign(input, part)
  return input
}

function answer(reply: FastifyReply, error: unknown, log: Logger): FastifyReply {
  const failure = toFailure(error, log)
  const seconds = retryAfterSeconds(failure)
  if (seconds !== undefined) reply.header('Retry-After', String(seconds))
  return reply
    .code(failure.status)
    .header('Content-Type', 'application/json; charset=utf-8')
    .send(JSON.stringify(failureBody(failure)))
}

/** What Node's parser refuses before there is a request. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request_timeout'
        : 'validation_failed'
  socket.end(rawAnswer(new Failure(code)))
}
