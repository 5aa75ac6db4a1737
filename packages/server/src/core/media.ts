import type { Readable } from 'node:stream'
import type { Media, UploadFacts } from '@belfry/protocol'
import type { Actor } from './actor.ts'

/** What the doors need of uploaded files. */

export type Uploader = Extract<Actor, { kind: 'user' }>

/** A part of a request: what it says it is, and its bytes. */
export interface Content {
  contentType: string
  body: Readable
}

/** One upload under way. Its streams are read and never closed: an answer may have to go out on their connection. */
export interface Upload {
  /**
   * Reads the file; `claimedBytes` is how much the request says is coming.
   * @throws Failure `media_rejected`, `too_large`, `request_timeout`, `validation_failed`, `unavailable`
   */
  file(content: Content, facts: UploadFacts, claimedBytes: number): Promise<void>
  /** Reads a small picture of the file. @throws Failure as above */
  thumbnail(content: Content): Promise<void>
  /** @throws Failure as above, or `not_found` for a thumbnail of what is not the user's */
  keep(): Promise<Media>
  /** To be called in any case: nothing of it stays that was not kept. */
  end(): Promise<void>
}

export interface Intake {
  /** @throws Failure `rate_limited` when too many uploads run already */
  begin(user: Uploader): Upload
}

/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** A file, or the small picture of it, that somebody may have. */
export interface Downloadable {
  readonly name: string
  readonly mime: string
  readonly size: number
  /** Names this content and no other. */
  readonly tag: string
  /** Whether a browser may show it in its place. */
  readonly isShown: boolean
  /** @throws Failure `unavailable`, or `not_found` when there is a row and no file */
  open(range?: ByteRange): Promise<Readable>
}

export interface MediaSource {
  /** Undefined when there is none for this user. */
  find(user: string, id: string, variant: 'whole' | 'thumb'): Promise<Downloadable | undefined>
}
