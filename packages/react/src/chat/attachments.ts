import type { Chats } from '@belfry/client/chat'
import type { Media } from '@belfry/protocol'

/** Longest side of a small picture, and its largest size. Source: chat-presence.md §10. */
const THUMB_PX = 320
const THUMB_BYTES = 64 * 1024
const QUALITIES = [0.8, 0.6, 0.4]

/** A file on its way to the server, before its message is sent. */
export interface Attachment {
  readonly key: string
  readonly file: File
  readonly kind: Media['kind']
  /** 0 to 1. */
  readonly progress: number
  readonly media: Media | undefined
  readonly error: string | undefined
  readonly picture: ImageBitmap | undefined
}

function kindOfFile({ type }: Pick<File, 'type'>): Media['kind'] {
  const [word] = type.split('/')
  // A drawing with a script in it is no picture to the server.
  if (type === 'image/svg+xml') return 'file'
  return word === 'image' || word === 'audio' || word === 'video' ? word : 'file'
}

/**
 * Files that are uploaded while the message is written. Changes are told with a new list; all methods work without `this`.
 */
export class Attachments {
  readonly #chats: Chats
  readonly #onChange: (list: readonly Attachment[]) => void
  readonly #aborts = new Map<string, AbortController>()
  #list: readonly Attachment[] = []
  #lastKey = 0

  constructor(chats: Chats, onChange: (list: readonly Attachment[]) => void) {
    this.#chats = chats
    this.#onChange = onChange
  }

  add = (files: Iterable<File>): void => {
    for (const file of files) {
      const key = String(++this.#lastKey)
      this.#set([
        ...this.#list,
        {
          key,
          file,
          kind: kindOfFile(file),
          progress: 0,
          media: undefined,
          error: undefined,
          picture: undefined,
        },
      ])
      void this.#upload(key, file)
    }
  }

  remove = (key: string): void => {
    this.#aborts.get(key)?.abort()
    this.#aborts.delete(key)
    this.#set(this.#list.filter((one) => one.key !== key))
  }

  /** Forgets all without taking them back: they are part of a message now. */
  clear = (): void => {
    this.#aborts.clear()
    this.#set([])
  }

  close = (): void => {
    for (const abort of this.#aborts.values()) abort.abort()
    this.clear()
  }

  async #upload(key: string, file: File): Promise<void> {
    const abort = new AbortController()
    this.#aborts.set(key, abort)
    try {
      const picture = kindOfFile(file) === 'image' ? await pictureOf(file) : undefined
      this.#patch(key, { picture })
      const thumbnail = picture && (await thumbnailOf(picture))
      const media = await this.#chats.upload(file, {
        name: file.name,
        kind: kindOfFile(file),
        signal: abort.signal,
        ...(picture ? { width: picture.width, height: picture.height } : {}),
        ...(thumbnail ? { thumbnail } : {}),
        onProgress: (progress) => this.#patch(key, { progress }),
      })
      this.#patch(key, { media, progress: 1 })
    } catch (error) {
      this.#patch(key, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #patch(key: string, patch: Partial<Attachment>): void {
    this.#set(this.#list.map((one) => (one.key === key ? { ...one, ...patch } : one)))
  }

  #set(list: readonly Attachment[]): void {
    this.#list = list
    this.#onChange(list)
  }
}

/** Undefined for what the browser cannot draw: it is still a file. */
async function pictureOf(file: File): Promise<ImageBitmap | undefined> {
  return createImageBitmap(file).catch(() => undefined)
}

/** Draws the picture within a square. */
export function drawWithin(canvas: HTMLCanvasElement, picture: ImageBitmap, px: number): void {
  const scale = Math.min(1, px / Math.max(picture.width, picture.height))
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
}

async function thumbnailOf(picture: ImageBitmap): Promise<Blob | undefined> {
  if (Math.max(picture.width, picture.height) <= THUMB_PX) return undefined
  const canvas = document.createElement('canvas')
  drawWithin(canvas, picture, THUMB_PX)
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (blob && blob.size <= THUMB_BYTES) return blob
  }
  return undefined
}
