import { Failure, type ParsedInput } from '@belfry/protocol'
import type { Procedures } from '../core/context.ts'
import type { MediaLinks } from '../core/people.ts'
import { mediaPath, thumbnailPath } from './media-row.ts'
import type { ReadableMedia } from './reading.ts'

/** Commands about files that sign before they answer. */
export function mediaProcedures(links: MediaLinks): Procedures {
  return {
    async mediaLink({ store }, actor, { mediaId }: ParsedInput<'mediaLink'>) {
      if (actor.kind !== 'user') throw new Failure('unauthorized')
      // What the query of this name answers; the border between threads cannot carry the type.
      const media = (await store.read('readableMedia', { id: mediaId, user: actor.id })) as
        | ReadableMedia
        | undefined
      if (!media) throw new Failure('not_found')
      const { link, expiresAtMs } = await links.sign(actor, mediaId)
      return {
        url: `${mediaPath(mediaId)}?link=${link}`,
        ...(media.thumb ? { thumbUrl: `${thumbnailPath(mediaId)}&link=${link}` } : {}),
        expiresAt: new Date(expiresAtMs).toISOString(),
      }
    },
  }
}
