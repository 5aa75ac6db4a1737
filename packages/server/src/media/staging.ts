import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Failure } from '@belfry/protocol'
import { newFileName } from './media-store.ts'
import { HEAD_BYTES } from './sniff.ts'

export interface Received {
  readonly path: string
  readonly size: number
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string
}

export interface Receiving {
  maxBytes: number
  /** How long to wait for more. */
  idleMs: number
  /** Called once with the beginning; what it throws ends the upload before the rest has come. */
  judge(head: Buffer): void
}

/**
 * Files that are on their way in. They have no name that anybody knows, and a start of the server clears what a crash
 * has left of them.
 */
export class Staging {
  readonly #folder: string

  /** @throws Error when the folder cannot be made */
  constructor(folder: string) {
    this.#folder = folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /**
   * Writes a stream to a file, and leaves none when it does not arrive whole.
   * @throws Failure `too_large`, `media_rejected` when it is empty, `request_timeout`, `validation_failed` when it ends
   * early, or what `judge` throws; and whatever the disk says
   */
  async receive(body: Readable, receiving: Receiving): Promise<Received> {
    const path = join(this.#folder, newFileName())
    const handle = await open(path, 'wx', 0o600)
    try {
      const received = await write(handle, body, receiving)
      await handle.close()
      return { path, ...received }
    } catch (error) {
      await handle.close()
      await this.discard({ path })
      throw error
    }
  }

  async discard({ path }: Pick<Received, 'path'>): Promise<void> {
    await rm(path, { force: true })
  }
}

async function write(handle: FileHandle, body: Readable, { maxBytes, idleMs, judge }: Receiving) {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  let size = 0
  for await (const chunk of chunksOf(body, idleMs)) {
    const isJudged = head.length >= HEAD_BYTES
    if (size + chunk.length > maxBytes) throw new Failure('too_large', { message: tooLarge(maxBytes) })
    size += chunk.length
    if (!isJudged) {
      head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)])
      if (head.length >= HEAD_BYTES) judge(head)
    }
    hash.update(chunk)
    await handle.writeFile(chunk)
  }
  if (size === 0) throw new Failure('media_rejected', { message: 'The file is empty.' })
  if (head.length < HEAD_BYTES) judge(head)
  return { size, sha256: hash.digest('hex') }
}

/**
 * Reads what fits into memory.
 * @throws Failure `too_large`, `request_timeout`, `validation_failed` when it ends early
 */
export async function readSmall(
  body: Readable,
  { maxBytes, idleMs }: { maxBytes: number; idleMs: number },
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of chunksOf(body, idleMs)) {
    size += chunk.length
    if (size > maxBytes) throw new Failure('too_large', { message: tooLarge(maxBytes) })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export const tooLarge = (maxBytes: number): string => `A file like this may have ${maxBytes} bytes.`

/** The stream stays open when its reader ends early: an answer may still have to go out on its connection. */
async function* chunksOf(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const chunks = body.iterator({ destroyOnReturn: false })
  try {
    while (true) {
      const next = await withinTime(chunks.next().catch(endedEarly), idleMs)
      if (next.done) return
      yield next.value
    }
  } finally {
    // Not awaited: it waits for the chunk that did not come.
    chunks.return?.().catch(() => {})
  }
}

/** A stream that fails is the caller's: the connection is gone, or a form is cut off. */
function endedEarly(error: unknown): never {
  if (error instanceof Failure) throw error
  throw new Failure('validation_failed', { message: 'The upload ended early.' })
}

async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('request_timeout')), ms)
  })
  // Whoever lost the race may still fail, and then nobody else listens.
  promise.catch(() => {})
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
