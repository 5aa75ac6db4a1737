import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import type { ByteRange } from '../core/media.ts'
import { assertFileName, type MediaStore, type StagedFile } from './media-store.ts'

export interface S3StoreOptions {
  bucket: string
  /** In front of each name; empty, or with a slash at its end. */
  prefix: string
  /** Undefined: Amazon's own. */
  endpoint: string | undefined
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** How long a bucket may take to begin its answer, and to take a whole file. */
const ANSWER_MS = 10_000
const PUT_MS = 300_000

interface Asking {
  headers?: Record<string, string>
  body?: Blob
  withinMs?: number
}

/** Keeps files in a bucket of Amazon's S3 or of anything that speaks its protocol; requests are signed with SigV4. */
export class S3Store implements MediaStore {
  readonly #client: AwsClient
  /** Other servers than Amazon's have the bucket in the path: not each has a name for each bucket. */
  readonly #base: string

  constructor({ bucket, prefix, endpoint, region, accessKeyId, secretAccessKey }: S3StoreOptions) {
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })
    const origin =
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${new URL(endpoint).origin}/${bucket}`
    this.#base = `${origin}/${prefix}`
  }

  /** The bucket compares what it got with the digest, and keeps nothing that differs. */
  async put(name: string, { path, mime, sha256 }: StagedFile): Promise<void> {
    const body = await openAsBlob(path)
    const headers = { 'content-type': mime, 'x-amz-content-sha256': sha256 }
    const reply = await this.#ask('PUT', name, { headers, body, withinMs: PUT_MS })
    await done(reply, [200])
  }

  async open(name: string, range?: ByteRange): Promise<Readable | undefined> {
    const part = range && `bytes=${range.from}-${range.to}`
    const reply = await this.#ask('GET', name, { headers: part === undefined ? {} : { range: part } })
    if (isWhole(reply, range) && reply.body) {
      // The same stream; the types of browsers and of Node have grown apart.
      return Readable.fromWeb(reply.body as WebStream)
    }
    await done(reply, [404])
    return undefined
  }

  async remove(name: string): Promise<void> {
    await done(await this.#ask('DELETE', name), [200, 204, 404])
  }

  async #ask(method: string, name: string, { headers = {}, body, withinMs = ANSWER_MS }: Asking = {}) {
    assertFileName(name)
    const url = `${this.#base}${name}`
    const signed = await this.#client.sign(url, { method, headers })
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error('The bucket did not answer in time.')), withinMs)
    try {
      const sent = { method, headers: signed.headers, ...(body ? { body } : {}) }
      return await fetch(url, { ...sent, redirect: 'error', signal: late.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Whether this is what was asked for: a part that is longer than its headers say would spoil the answer after it. */
function isWhole({ status, headers }: Response, range: ByteRange | undefined): boolean {
  if (range === undefined) return status === 200
  return status === 206 && (headers.get('content-range') ?? '').startsWith(`bytes ${range.from}-${range.to}/`)
}

/** Lets go of the connection. @throws Error for an answer that was not hoped for */
async function done(reply: Response, statuses: number[]): Promise<void> {
  // What is no refusal may be long.
  const text = reply.ok ? '' : await reply.text()
  if (reply.ok) await reply.body?.cancel()
  if (statuses.includes(reply.status)) return
  const code = /<Code>(\w{1,64})<\/Code>/.exec(text)?.[1] ?? ''
  throw new Error(`The bucket answered ${reply.status} ${code}`.trimEnd())
}
