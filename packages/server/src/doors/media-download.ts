import { Failure, id } from '@belfry/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from '../core/actor.ts'
import type { Context } from '../core/context.ts'
import type { ByteRange, Downloadable, MediaSource } from '../core/media.ts'
import type { MediaLinks } from '../core/people.ts'
import { RateLimiter } from '../core/rate.ts'

export interface DownloadDoorOptions {
  context: Context
  source: MediaSource
  links: MediaLinks
  identify(request: FastifyRequest): Promise<Actor>
}

const params = z.strictObject({ mediaId: id })
const query = z.strictObject({
  link: z.string().max(2048).optional(),
  variant: z.literal('thumb').optional(),
})

/**
 * `GET /api/media/:mediaId`: the content of a file, for who may read it, by a signed link or by the caller's identity.
 * It is no row of the command table: its output is a stream.
 */
export function addDownloadRoute(app: FastifyInstance, options: DownloadDoorOptions): void {
  const { config, clock } = options.context
  const limiter = new RateLimiter(config.userRate, clock)
  app.get('/api/media/:mediaId', async (request, reply) => {
    const { mediaId } = read(params, request.params)
    const { link, variant } = read(query, request.query)
    const user = await userOf(request, { link, mediaId, limiter, options })
    const part = await options.source.find(user, mediaId, variant ?? 'whole')
    if (!part) throw new Failure('not_found')
    return send(request, reply, part)
  })
}

/** @throws Failure `not_found`: there is no such address */
function read<T>(schema: z.ZodType<T>, given: unknown): T {
  const { success, data } = schema.safeParse(given)
  if (!success) throw new Failure('not_found')
  return data
}

interface Asking {
  link: string | undefined
  mediaId: string
  limiter: RateLimiter
  options: DownloadDoorOptions
}

/** @throws Failure `unauthorized`, `rate_limited` */
async function userOf(request: FastifyRequest, { link, mediaId, limiter, options }: Asking): Promise<string> {
  const { links, identify, context } = options
  if (link === undefined) {
    const actor = await identify(request)
    if (actor.kind === 'user') return actor.id
    throw new Failure(actor.kind === 'key' ? 'not_found' : 'unauthorized')
  }
  const actor = await links.open(link, mediaId).catch(async (error) => {
    // Whoever guesses is counted by address.
    await identify(request)
    throw error
  })
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const waitMs = context.config.rateLimit ? limiter.take(actor.id) : 0
  if (waitMs > 0) throw new Failure('rate_limited', { retryAfterMs: waitMs })
  return actor.id
}

async function send(request: FastifyRequest, reply: FastifyReply, part: Downloadable): Promise<FastifyReply> {
  // Asked each time, since the right may have ended; what is there already is not sent again.
  if (request.headers['if-none-match'] === part.tag) return secured(reply, part).code(304).send()
  const range = rangeOf(request, part)
  if (range === 'beyond') return reply.code(416).header('Content-Range', `bytes */${part.size}`).send()
  const stream = await part.open(range)
  secured(reply, part)
  if (range === undefined) return reply.header('Content-Length', part.size).send(stream)
  const { from, to } = range
  return reply
    .code(206)
    .header('Content-Range', `bytes ${from}-${to}/${part.size}`)
    .header('Content-Length', to - from + 1)
    .send(stream)
}

/** Source: chat-presence.md §10. Whatever is in the file, it runs nowhere as a page of ours. */
function secured(reply: FastifyReply, { mime, isShown, name, tag }: Downloadable): FastifyReply {
  return reply
    .header('Content-Type', mime)
    .header('Content-Disposition', `${isShown ? 'inline' : 'attachment'}; ${fileNames(name)}`)
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .header('Cache-Control', 'private, no-cache')
    .header('ETag', tag)
    .header('Accept-Ranges', 'bytes')
}

/** RFC 6266: a name that old programs read, and the real one. */
function fileNames(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** One range, as players ask for; whoever asks for several, or in another unit, gets the whole. */
function rangeOf({ headers }: FastifyRequest, { size, tag }: Downloadable): ByteRange | 'beyond' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? []
  const isOther = headers['if-range'] !== undefined && headers['if-range'] !== tag
  if (isOther || first + last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return from <= to ? { from, to } : 'beyond'
}
