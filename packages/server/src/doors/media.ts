import type { IncomingMessage } from 'node:http'
import { Failure, type Media, type UploadFacts, uploadFacts } from '@belfry/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from '../core/actor.ts'
import type { Intake, Upload, Uploader } from '../core/media.ts'
import { isForm, readForm } from './media-form.ts'

export interface UploadDoorOptions {
  intake: Intake
  identify(request: FastifyRequest): Promise<Actor>
}

const UPLOAD_PATH = '/api/media'

/** Whether a request is to bring a file, which may take its time. */
export const isUpload = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'POST' && url.split('?')[0] === UPLOAD_PATH

/** What a form may add to the file: its other parts and what is between them. */
const FORM_BYTES = 131_072
/** What is still read of a refused upload, so that a client that sends first and listens later hears why. */
const DRAIN_BYTES = 1024 * 1024
const DRAIN_MS = 1000

/** `POST /api/media`: a file as the body, or in a form. It is no row of the command table: its input is a stream. */
export function addUploadRoute(app: FastifyInstance, { intake, identify }: UploadDoorOptions): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // The body stays in the request: whoever takes the file reads it from there.
    scope.addContentTypeParser('*', (_, _body, done) => done(null))
    scope.post(UPLOAD_PATH, async (request, reply) => {
      try {
        const upload = intake.begin(personOf(await identify(request)))
        const media = await take(request, upload).finally(() => upload.end())
        return reply.code(201).send({ success: true, media })
      } catch (error) {
        if (!request.raw.complete) {
          reply.header('Connection', 'close')
          await drain(request.raw)
        }
        throw error
      }
    })
  })
}

/** @throws Failure `unauthorized` for nobody, `forbidden` for a key */
function personOf(actor: Actor): Uploader {
  if (actor.kind === 'user') return actor
  if (actor.kind === 'key')
    throw new Failure('forbidden', { message: 'Only a signed-in person can do this.' })
  throw new Failure('unauthorized')
}

async function take(request: FastifyRequest, upload: Upload): Promise<Media> {
  const claimedBytes = claimed(request.raw)
  if (isForm(request.raw)) {
    await readForm(request.raw, {
      onFile: async ({ fileName: name, ...content }, fields) =>
        upload.file(content, parse({ name, ...queryOf(request), ...fields }), claimedBytes - FORM_BYTES),
      onThumbnail: (content) => upload.thumbnail(content),
    })
    return upload.keep()
  }
  const header = request.headers['x-file-name']
  const facts = parse({
    ...(typeof header === 'string' ? { name: decoded(header) } : {}),
    ...queryOf(request),
  })
  const content = { contentType: request.headers['content-type'] ?? '', body: request.raw }
  await upload.file(content, facts, claimedBytes)
  return upload.keep()
}

const queryOf = (request: FastifyRequest): object => Object(request.query)

/** @throws Failure `validation_failed` */
function parse(given: unknown): UploadFacts {
  const { success, data, error } = uploadFacts.safeParse(given)
  if (success) return data
  const [issue] = error.issues
  const field = issue?.path.join('.') ?? ''
  throw new Failure('validation_failed', { field, message: `${field}: ${issue?.message ?? 'not valid'}` })
}

/** Headers hold no more than Latin letters, so names come percent-encoded. */
function decoded(header: string): string {
  try {
    return decodeURIComponent(header)
  } catch {
    return header
  }
}

/** How many bytes the request says are coming; 0 when it does not say. */
const claimed = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? 0)

/** Throws away a little of what still comes. */
function drain(request: IncomingMessage): Promise<void> {
  if (claimed(request) > DRAIN_BYTES || request.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    let bytes = 0
    const timer = setTimeout(resolve, DRAIN_MS)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > DRAIN_BYTES) end()
    })
    request.once('close', end).once('end', end).resume()
  })
}
