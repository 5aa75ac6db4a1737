import { Failure } from '@belfry/protocol'
import type { Context } from '../core/context.ts'
import type { ByteRange, Downloadable, MediaSource } from '../core/media.ts'
import type { MediaStore } from './media-store.ts'
import { isShown } from './media-types.ts'
import type { ReadableMedia } from './reading.ts'

/** Finds files for who may read them. */
export function createDownloads({ store, log }: Context, files: MediaStore): MediaSource {
  async function open(file: string, range?: ByteRange) {
    const stream = await files.open(file, range).catch((error) => {
      log.error({ err: error }, 'a file could not be read')
      throw new Failure('unavailable')
    })
    if (stream) return stream
    // As after a restore of the database without the files.
    log.error({ file }, 'the content of a file is missing')
    throw new Failure('not_found')
  }
  const opener = (file: string) => (range?: ByteRange) => open(file, range)

  return {
    async find(user, id, variant): Promise<Downloadable | undefined> {
      // What the query of this name answers; the border between threads cannot carry the type.
      const media = (await store.read('readableMedia', { id, user })) as ReadableMedia | undefined
      if (!media) return undefined
      const { name, mime, size, file, thumb } = media
      if (variant === 'whole')
        return { name, mime, size, tag: `"${id}"`, isShown: isShown(media), open: opener(file) }
      if (!thumb) return undefined
      return {
        ...{ name: 'thumbnail', mime: thumb.mime, size: thumb.size },
        ...{ tag: `"${id}.thumb"`, isShown: true, open: opener(thumb.file) },
      }
    },
  }
}
