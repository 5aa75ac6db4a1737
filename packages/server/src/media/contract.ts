import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ByteRange } from '../core/media.ts'
import type { MediaStore, StagedFile } from './media-store.ts'

export interface StorePlace {
  readonly store: MediaStore
  /** Names of all that is kept, in whatever order. */
  list(): Promise<string[]>
}

/** Promises of `media-store.ts`, for every store. `makePlace` gets a folder that files are staged in. */
export function mediaStoreContract(name: string, makePlace: (folder: string) => Promise<StorePlace>): void {
  let folder: string
  let place: StorePlace
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'belfry-media-'))
    place = await makePlace(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  let count = 0
  function stage(content: Buffer): StagedFile {
    const path = join(folder, `staged-${count++}`)
    writeFileSync(path, content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { path, size: content.length, sha256, mime: 'image/png' }
  }
  const fresh = () => `name_-${count++}-${'x'.repeat(12)}`
  const read = async (file: string, range?: ByteRange) => {
    const stream = await place.store.open(file, range)
    return stream && (await buffer(stream))
  }

  describe(`media store contract: ${name}`, () => {
    it('gives back what was put, byte for byte', async () => {
      const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 255))
      const file = fresh()
      await place.store.put(file, stage(content))
      expect((await read(file))?.equals(content)).toBe(true)
    })

    it('gives a part, both ends included', async () => {
      const file = fresh()
      await place.store.put(file, stage(Buffer.from('0123456789')))
      expect(String(await read(file, { from: 0, to: 1 }))).toBe('01')
      expect(String(await read(file, { from: 3, to: 6 }))).toBe('3456')
      expect(String(await read(file, { from: 9, to: 9 }))).toBe('9')
    })

    it('has nothing under a name that was never put, or was removed', async () => {
      const file = fresh()
      expect(await read(file)).toBeUndefined()
      await place.store.put(file, stage(Buffer.from('a')))
      await place.store.remove(file)
      expect(await read(file)).toBeUndefined()
      await place.store.remove(file)
    })

    it('keeps nothing of what it could not take whole', async () => {
      const before = await place.list()
      const staged = stage(Buffer.from('a'))
      rmSync(staged.path)
      await expect(place.store.put(fresh(), staged)).rejects.toThrow()
      expect(await place.list()).toEqual(before)
    })

    it('takes no name that leads elsewhere', async () => {
      const before = await place.list()
      for (const file of [
        '../../escaped',
        '/etc/passwd',
        'a/../../b',
        '..',
        '',
        'a?b=c&d',
        'a'.repeat(200),
      ]) {
        await expect(place.store.put(file, stage(Buffer.from('a'))), file).rejects.toThrow()
        await expect(place.store.open(file), file).rejects.toThrow()
        await expect(place.store.remove(file), file).rejects.toThrow()
      }
      expect(await place.list()).toEqual(before)
    })

    it('keeps many at once apart', async () => {
      const files = Array.from({ length: 20 }, fresh)
      await Promise.all(files.map((file) => place.store.put(file, stage(Buffer.from(file)))))
      for (const file of files) expect(String(await read(file))).toBe(file)
    })
  })
}
