import type { Media } from '@belfry/protocol'
import type { MediaRow } from '../store/sql/chat-schema.ts'

/** A small picture that the uploader made of the file. */
export interface Thumbnail {
  /** Its name in the media store. */
  file: string
  mime: string
  size: number
}

/** What a row of `media` holds as JSON. */
export interface MediaFacts {
  /** The file's name in the media store: random, and told to nobody. */
  file: string
  /** Set once the whole file is in the media store; before that the row only keeps its place. */
  isWhole?: true
  width?: number | undefined
  height?: number | undefined
  durationMs?: number | undefined
  thumb?: Thumbnail | undefined
}

export const factsOf = (row: MediaRow): MediaFacts => JSON.parse(row.facts)

/** The addresses lead nowhere without the right to the file. */
export const mediaPath = (id: string): string => `/api/media/${id}`
export const thumbnailPath = (id: string): string => `${mediaPath(id)}?variant=thumb`

/** A file as messages show it. */
export function toMedia(row: MediaRow): Media {
  const { width, height, durationMs, thumb } = factsOf(row)
  return {
    id: row.id,
    // What the row holds was validated when it was written.
    kind: row.kind as Media['kind'],
    url: mediaPath(row.id),
    name: row.name,
    mime: row.mime,
    size: row.size,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(thumb === undefined ? {} : { thumbUrl: thumbnailPath(row.id) }),
  }
}
