import { Failure } from '@belfry/protocol'
import { imageSize } from 'image-size'
import { declaredType, type MediaType } from './media-types.ts'
import { looksLike } from './sniff.ts'

/** Source: chat-presence.md §10. */
export const MAX_THUMBNAIL_BYTES = 65_536
const MAX_PIXELS = 320
const MIMES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp'])

/**
 * The type of a small picture that is shown without being asked for. Its header is read, so that a small file cannot
 * claim to be a huge picture.
 * @throws Failure `media_rejected`
 */
export function judgeThumbnail(contentType: string, content: Buffer): MediaType {
  const type = declaredType(contentType, '')
  const isSmall = content.length > 0 && content.length <= MAX_THUMBNAIL_BYTES
  if (
    !type ||
    !MIMES.has(type.mime) ||
    !looksLike(content, type.format) ||
    !isSmall ||
    !hasFewPixels(content)
  )
    throw new Failure('media_rejected', {
      message: `A thumbnail is a JPEG, PNG or WebP of ${MAX_PIXELS} by ${MAX_PIXELS} pixels and 64 KB at most.`,
    })
  return type
}

function hasFewPixels(content: Buffer): boolean {
  try {
    const { width, height } = imageSize(content)
    return width > 0 && height > 0 && Math.max(width, height) <= MAX_PIXELS
  } catch {
    return false
  }
}
