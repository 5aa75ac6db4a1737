import { Readable } from 'node:stream'
import { Failure, type Media, type UploadFacts } from '@belfry/protocol'
import type { Config } from '../config.ts'
import type { Context } from '../core/context.ts'
import type { Content, Upload, Uploader } from '../core/media.ts'
import { labelOf } from './label.ts'
import type { MediaFacts, Thumbnail } from './media-row.ts'
import { type MediaStore, newFileName } from './media-store.ts'
import { declaredType, type MediaKind, type MediaType } from './media-types.ts'
import { looksLike } from './sniff.ts'
import { type Received, readSmall, type Staging, tooLarge } from './staging.ts'
import { judgeThumbnail, MAX_THUMBNAIL_BYTES } from './thumbnail.ts'
import { noSpace, type Reservation } from './upload-handlers.ts'

export interface UploadOptions {
  context: Context
  files: MediaStore
  staging: Staging
  user: Uploader
  onEnded(): void
}

interface Arrived extends Received {
  type: MediaType
}

/**
 * One file on its way in: streamed aside, judged, then kept, with a row that says whose it is. The row comes first, so
 * that the sweep knows of whatever a crash leaves behind.
 *
 *   arrives ──► reserved (row) ──► in the media store ──► confirmed (may be posted)
 *                                        └─ fails ──► given up ──► swept
 */
export class OneUpload implements Upload {
  readonly #options: UploadOptions
  #file: { arrived: Arrived; kind: MediaKind; name: string; facts: UploadFacts } | undefined
  #thumbnail: Arrived | undefined
  /** The file, uploaded before, that this is only the small picture of. */
  #thumbOf: string | undefined

  constructor(options: UploadOptions) {
    this.#options = options
  }

  async file(content: Content, facts: UploadFacts, claimedBytes: number): Promise<void> {
    if (facts.thumbOf !== undefined) {
      this.#thumbOf = facts.thumbOf
      return this.thumbnail(content)
    }
    const { name: given = '' } = facts
    const type = declaredType(content.contentType, given)
    if (!type) throw new Failure('media_rejected', { message: 'Files of this type are not taken.' })
    const kind = kindOf(type, facts)
    const maxBytes = maxBytesOf(this.#options.context.config)[kind]
    if (claimedBytes > maxBytes) throw new Failure('too_large', { message: tooLarge(maxBytes) })
    await this.#assertSpace(claimedBytes)
    const arrived = await this.#stage(content.body, maxBytes, type)
    this.#file = { arrived, kind, name: labelOf(given, type), facts }
  }

  async thumbnail({ contentType, body }: Content): Promise<void> {
    const idleMs = this.#options.context.config.requestTimeoutMs
    const content = await readSmall(body, { maxBytes: MAX_THUMBNAIL_BYTES, idleMs })
    const type = judgeThumbnail(contentType, content)
    this.#thumbnail = await this.#stage(Readable.from([content]), MAX_THUMBNAIL_BYTES, type)
  }

  async keep(): Promise<Media> {
    if (this.#thumbOf !== undefined && this.#thumbnail) {
      const { media } = await this.#keepThumbnail(this.#thumbOf, this.#thumbnail)
      return media
    }
    if (!this.#file) throw new Failure('validation_failed', { message: 'Send one part named file.' })
    const { arrived, kind, name, facts } = this.#file
    const { width, height, durationMs } = facts
    const thumb = this.#thumbnail && thumbnailOf(this.#thumbnail)
    const { id, stored } = await this.#reserve({
      ...{ kind, name, mime: arrived.type.mime, size: arrived.size },
      facts: { file: newFileName(), width, height, durationMs, thumb },
    })
    try {
      if (stored.thumb && this.#thumbnail) await this.#put(stored.thumb.file, this.#thumbnail)
      await this.#put(stored.file, arrived)
    } catch (error) {
      await this.#transact('giveUpMedia', { id }).catch(() => {})
      throw error
    }
    const { media } = (await this.#transact('confirmMedia', { id })) as { media: Media }
    return media
  }

  async end(): Promise<void> {
    for (const arrived of [this.#file?.arrived, this.#thumbnail])
      if (arrived) await this.#options.staging.discard(arrived)
    this.#options.onEnded()
  }

  async #keepThumbnail(id: string, arrived: Arrived): Promise<{ media: Media }> {
    const thumb = thumbnailOf(arrived)
    const reply = (await this.#transact('reserveThumbnail', { id, thumb })) as { media: Media }
    try {
      await this.#put(thumb.file, arrived)
    } catch (error) {
      await this.#options.files.remove(thumb.file).catch(() => {})
      await this.#transact('giveUpThumbnail', { id }).catch(() => {})
      throw error
    }
    return reply
  }

  /** So that nobody sends in vain what has no place; whether it really has, the transaction decides. */
  async #assertSpace(claimedBytes: number): Promise<void> {
    const { user, context } = this.#options
    const { maxUserMediaBytes } = context.config
    const used = (await context.store.read('bytesOfUser', { user: user.id })) as number
    if (used + claimedBytes > maxUserMediaBytes) throw noSpace(maxUserMediaBytes)
  }

  async #reserve(file: Omit<Reservation, 'maxUserBytes'>): Promise<{ id: string; stored: MediaFacts }> {
    const maxUserBytes = this.#options.context.config.maxUserMediaBytes
    const { id } = (await this.#transact('reserveMedia', { ...file, maxUserBytes })) as { id: string }
    return { id, stored: file.facts }
  }

  async #stage(body: Readable, maxBytes: number, type: MediaType): Promise<Arrived> {
    const judge = (head: Buffer) => {
      if (looksLike(head, type.format)) return
      throw new Failure('media_rejected', { message: `This is not what ${type.mime} looks like.` })
    }
    const idleMs = this.#options.context.config.requestTimeoutMs
    const receiving = this.#options.staging.receive(body, { maxBytes, idleMs, judge })
    return { ...(await receiving.catch((error) => this.#explain(error))), type }
  }

  #put(name: string, { path, size, sha256, type }: Arrived): Promise<void> {
    const put = this.#options.files.put(name, { path, size, sha256, mime: type.mime })
    return put.catch((error) => this.#explain(error))
  }

  #transact(command: string, input: unknown): Promise<unknown> {
    return this.#options.context.store.transact(command, this.#options.user, input)
  }

  /** A disk or a bucket that fails is ours. */
  #explain(error: unknown): never {
    if (error instanceof Failure) throw error
    this.#options.context.log.error({ err: error }, 'a file could not be kept')
    throw new Failure('unavailable')
  }
}

const thumbnailOf = ({ type, size }: Arrived): Thumbnail => ({ file: newFileName(), mime: type.mime, size })

const maxBytesOf = (config: Config): Record<MediaKind, number> => ({
  image: config.maxImageBytes,
  audio: config.maxAudioBytes,
  file: config.maxFileBytes,
  video: config.maxVideoBytes,
})

/** @throws Failure `media_rejected` */
function kindOf({ kind }: MediaType, facts: UploadFacts): MediaKind {
  if (facts.kind === undefined || facts.kind === kind) return kind
  if (facts.kind === 'file') return 'file'
  throw new Failure('media_rejected', { message: `This is no ${facts.kind}.` })
}
