import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ByteRange } from '../core/media.ts'
import { assertFileName, type MediaStore, type StagedFile } from './media-store.ts'

/** Keeps files under `folder`, which must be on the same file system as what is staged. */
export class DiskStore implements MediaStore {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** In one of 4,096 folders: one alone would get slow to list and to copy. */
  #pathOf(name: string): string {
    assertFileName(name)
    return join(this.#folder, 'files', name.slice(0, 2), name)
  }

  async put(name: string, { path }: StagedFile): Promise<void> {
    const target = this.#pathOf(name)
    const made = await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await flush(path)
    await rename(path, target)
    await flush(dirname(target))
    if (made !== undefined) await flush(dirname(dirname(target)))
  }

  async open(name: string, range?: ByteRange): Promise<Readable | undefined> {
    try {
      const handle = await open(this.#pathOf(name), 'r')
      return handle.createReadStream(range === undefined ? {} : { start: range.from, end: range.to })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true })
  }
}

/** What was written, or which names a folder has, is on stable storage. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
