import type { ErrorCode, Media } from '@belfry/protocol'
import { ClientFailure } from '../client-failure.ts'
import type { Host } from '../host.ts'
import { isRecord, isText } from '../stored-values.ts'

export interface UploadOptions {
  /** What people call the file; of a `File` its own name. */
  name?: string
  kind?: Media['kind']
  /** In pixels. */
  width?: number
  height?: number
  durationMs?: number
  /** A small picture of it: at most 320 pixels and 64 KB. */
  thumbnail?: Blob
  /** Hears what part of the file has been sent, 0 to 1. */
  onProgress?: (ratio: number) => void
  signal?: AbortSignal
}

interface Request {
  url: string
  headers: Record<string, string>
  body: Blob
  onProgress: ((ratio: number) => void) | undefined
  signal: AbortSignal | undefined
}

interface Reply {
  status: number
  body: unknown
}

/** @throws ClientFailure the server's refusal, `disconnected`, or `closed` when it was aborted */
export async function upload(
  { options }: Pick<Host, 'options'>,
  file: Blob,
  { thumbnail, onProgress, signal, ...facts }: UploadOptions,
): Promise<Media> {
  const { url, getToken, userId } = options
  const token = await getToken('connect')
  const identity: Record<string, string> = token
    ? { authorization: `Bearer ${token}` }
    : userId === undefined
      ? {}
      : { 'x-user-id': userId }
  const send = async (body: Blob, query: Record<string, unknown>, progress?: (ratio: number) => void) => {
    const address = new URL('/api/media', url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, String(value))
    const headers = { ...identity, 'content-type': body.type || 'application/octet-stream' }
    return mediaOf(await post({ url: address.href, headers, body, signal, onProgress: progress }))
  }
  const name = facts.name ?? (file instanceof File ? file.name : undefined)
  const media = await send(file, { ...facts, ...(name ? { name } : {}) }, onProgress)
  return thumbnail ? send(thumbnail, { thumbOf: media.id }) : media
}

/** A browser tells how far it is only through the old way. */
function post(request: Request): Promise<Reply> {
  if (request.signal?.aborted) return Promise.reject(new ClientFailure('closed'))
  return typeof XMLHttpRequest === 'undefined' ? postByFetch(request) : postByXhr(request)
}

async function postByFetch({ url, headers, body, onProgress, signal }: Request): Promise<Reply> {
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, ...(signal ? { signal } : {}) })
    const parsed: unknown = await reply.json().catch(() => undefined)
    onProgress?.(1)
    return { status: reply.status, body: parsed }
  } catch {
    throw new ClientFailure(signal?.aborted ? 'closed' : 'disconnected')
  }
}

function postByXhr({ url, headers, body, onProgress, signal }: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const abort = () => xhr.abort()
    xhr.open('POST', url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    if (onProgress) {
      xhr.upload.addEventListener('progress', ({ loaded, total }) =>
        onProgress(total > 0 ? loaded / total : 1),
      )
    }
    xhr.addEventListener('load', () => resolve({ status: xhr.status, body: parsed(xhr.responseText) }))
    xhr.addEventListener('error', () => reject(new ClientFailure('disconnected')))
    xhr.addEventListener('abort', () => reject(new ClientFailure('closed')))
    xhr.addEventListener('loadend', () => signal?.removeEventListener('abort', abort))
    signal?.addEventListener('abort', abort)
    xhr.send(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function mediaOf({ status, body }: Reply): Media {
  if (isRecord(body) && isRecord(body.media) && isText(body.media.id)) {
    // The server's own shape, as the protocol says.
    return body.media as Media
  }
  const { code, message } = isRecord(body) ? body : {}
  const details = isText(message) ? { message } : {}
  // A code that this version does not know is still the server's refusal.
  throw new ClientFailure(
    isText(code) ? (code as ErrorCode) : status < 500 ? 'internal' : 'unavailable',
    details,
  )
}
