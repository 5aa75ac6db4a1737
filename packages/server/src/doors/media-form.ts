import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Failure } from '@belfry/protocol'
import { Busboy, type BusboyInstance } from '@fastify/busboy'

export interface FormPart {
  /** As the part declares it. */
  contentType: string
  fileName: string
  body: Readable
}

export interface FormReaders {
  /** Called for the part `file`, with the fields before it. */
  onFile(part: FormPart, fields: Record<string, string>): Promise<void>
  /** Called for the part `thumbnail`. */
  onThumbnail(part: FormPart): Promise<void>
}

/** More than the fields of an upload, and less than anybody could fill memory with. */
const LIMITS = { fields: 10, fieldSize: 4096, files: 2, parts: 12, headerPairs: 20, headerSize: 8192 }

const broken = (message: string) => new Failure('validation_failed', { message })

export const isForm = ({ headers }: IncomingMessage): boolean =>
  /^multipart\/form-data/i.test(headers['content-type'] ?? '')

/**
 * Reads a form whose parts are handed on as they come.
 * @throws Failure `validation_failed` for what is no form of an upload, or what a reader throws; by then no reader runs
 */
export async function readForm(request: IncomingMessage, readers: FormReaders): Promise<void> {
  await new FormReading(request, readers).run()
}

class FormReading {
  readonly #request: IncomingMessage
  readonly #readers: FormReaders
  readonly #fields = new Map<string, string>()
  readonly #work = new Map<string, Promise<void>>()
  readonly #streams: Readable[] = []
  #failure: unknown

  constructor(request: IncomingMessage, readers: FormReaders) {
    this.#request = request
    this.#readers = readers
  }

  async run(): Promise<void> {
    const form = this.#parser()
    const fail = (error: unknown) => {
      if (this.#failure !== undefined) return
      this.#failure = error
      this.#request.unpipe(form)
      for (const stream of this.#streams) stream.destroy(error instanceof Error ? error : undefined)
      form.emit('given up')
    }
    await new Promise<void>((resolve) => {
      form.on('field', (name, value, _, isCut) => this.#guard(fail, () => this.#onField(name, value, isCut)))
      form.on('file', (name, body, fileName, _, contentType) => {
        // A part that ends early tells so on its stream, and nobody may be reading it by then.
        body.on('error', () => {})
        this.#guard(fail, () => this.#onFile(name, { body, fileName, contentType }, fail))
      })
      for (const limit of ['fieldsLimit', 'filesLimit', 'partsLimit'] as const)
        form.on(limit, () => fail(broken('The form has too many parts.')))
      form.on('error', () => fail(broken('The form is not whole.')))
      form.once('given up', resolve)
      form.once('finish', resolve)
      this.#request.once('error', fail)
      this.#request.pipe(form)
    })
    await Promise.allSettled(this.#work.values())
    this.#request.off('error', fail)
    if (this.#failure !== undefined) throw this.#failure
  }

  #parser(): BusboyInstance {
    const { headers } = this.#request
    const contentType = headers['content-type'] ?? ''
    try {
      return new Busboy({ headers: { ...headers, 'content-type': contentType }, limits: LIMITS })
    } catch {
      throw broken('The form has no boundary.')
    }
  }

  #guard(fail: (error: unknown) => void, work: () => void): void {
    if (this.#failure !== undefined) return
    try {
      work()
    } catch (error) {
      fail(error)
    }
  }

  #onField(name: string, value: string, isCut: boolean): void {
    if (this.#work.has('file')) throw broken('Put the fields before the file.')
    if (isCut || this.#fields.has(name)) throw broken('A field is too long, or there twice.')
    this.#fields.set(name, value)
  }

  #onFile(name: string, part: FormPart, fail: (error: unknown) => void): void {
    this.#streams.push(part.body)
    if (this.#work.has(name) || (name !== 'file' && name !== 'thumbnail'))
      throw broken('Send one part named file, and at most one named thumbnail.')
    const { onFile, onThumbnail } = this.#readers
    const work = name === 'file' ? onFile(part, Object.fromEntries(this.#fields)) : onThumbnail(part)
    this.#work.set(name, work)
    work.catch(fail)
  }
}
