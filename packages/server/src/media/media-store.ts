import type { Readable } from 'node:stream'
import { nanoid } from 'nanoid'
import type { ByteRange } from '../core/media.ts'

/** A whole file on this machine that is to be kept. */
export interface StagedFile {
  readonly path: string
  readonly size: number
  /** SHA-256 of its content, hexadecimal. */
  readonly sha256: string
  readonly mime: string
}

/**
 * Where the content of uploaded files is kept. Names are made by the server, at random, and never used twice.
 *
 * Promises: when `put` resolves, the whole file is on stable storage and is found by its name; when it rejects, the file
 * may or may not be there, and a part of it never is. `remove` of what is not there is no error. Nothing is atomic with
 * the database: a row is written before the file, and removed after it.
 */
export interface MediaStore {
  /** May move the file away from its path. @throws Error when it cannot be kept at the moment */
  put(name: string, file: StagedFile): Promise<void>
  /** The file's content; undefined when it is not there. @throws Error when nobody can say */
  open(name: string, range?: ByteRange): Promise<Readable | undefined>
  remove(name: string): Promise<void>
}

const NAME = /^[\w-]{8,64}$/

export const newFileName = (): string => nanoid(32)

/** Nothing else becomes a path or an address. @throws Error */
export function assertFileName(name: string): void {
  if (!NAME.test(name)) throw new Error('This is no name of a file.')
}
