/** Files for tests, and what people do with them. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CommandReply, Media } from '@belfry/protocol'
import type { Person, Reply } from '@belfry/testkit'
import { expect } from 'vitest'

type Bytes = Uint8Array<ArrayBuffer>

export const bytes = (text: string, size = text.length): Bytes => {
  const all = new Uint8Array(size)
  all.set(Buffer.from(text, 'latin1'))
  return all
}

/** The smallest real picture: one grey dot. */
export const PNG: Bytes = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
    'base64',
  ),
)
/** A PNG whose header claims that it is this wide and high. */
export function pngOf(width: number, height: number): Bytes {
  const png = new Uint8Array(PNG)
  const view = new DataView(png.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  return png
}

interface Uploading {
  type?: string
  query?: string
  headers?: Record<string, string>
}
export interface UploadBody {
  success: boolean
  code?: string
  message?: string
  media: Media
}

export function tryUpload(
  person: Person,
  raw: Bytes | string = PNG,
  more: Uploading = {},
): Promise<Reply<UploadBody>> {
  const { type = 'image/png', query = '', headers = {} } = more
  return person.http.request<UploadBody>('POST', `/api/media${query}`, {
    raw,
    headers: { 'content-type': type, ...headers },
  })
}

export async function upload(
  person: Person,
  raw: Bytes | string = PNG,
  more: Uploading = {},
): Promise<Media> {
  const reply = await tryUpload(person, raw, more)
  expect(reply.text).toContain('"success":true')
  expect(reply.status).toBe(201)
  return reply.body.media
}

export interface FormFile {
  content: Bytes | string
  type?: string
  name?: string
}

/** Sends a form; `file` and `thumbnail` are files, the rest are fields. The order is kept. */
export async function tryForm(
  person: Person,
  parts: readonly (readonly [name: string, part: string | FormFile])[],
): Promise<Reply<UploadBody>> {
  const form = new FormData()
  for (const [name, part] of parts) {
    if (typeof part === 'string') form.append(name, part)
    else form.append(name, new Blob([part.content], { type: part.type ?? 'image/png' }), part.name ?? 'a.png')
  }
  const built = new Response(form)
  const type = built.headers.get('content-type') ?? ''
  return tryUpload(person, new Uint8Array(await built.arrayBuffer()), { type })
}

/** Answers with the bytes as they came. */
export async function download(
  server: { url: string },
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Buffer }> {
  const reply = await fetch(`${server.url}${path}`, { headers, redirect: 'manual' })
  return { status: reply.status, headers: reply.headers, body: Buffer.from(await reply.arrayBuffer()) }
}

export const downloadAs = (server: { url: string }, { token }: Person, { url }: Pick<Media, 'url'>) =>
  download(server, url, { authorization: `Bearer ${token}` })

export async function linkTo(person: Person, { id }: Pick<Media, 'id'>): Promise<CommandReply<'mediaLink'>> {
  const reply = await person.http.get<CommandReply<'mediaLink'>>(`/api/media/${id}/link`)
  expect(reply.status).toBe(200)
  return reply.body
}

export async function makeChat(owner: Person, others: readonly Person[], more: object = {}): Promise<string> {
  const memberIds = others.map(({ id }) => id)
  const reply = await owner.http.post<CommandReply<'createChat'>>('/api/chats', {
    ...{ memberIds, type: 'group' },
    ...more,
  })
  expect(reply.text).toContain('"success":true')
  return reply.body.chat.id
}

export async function postMedia(
  sender: Person,
  chatId: string,
  ...files: readonly Pick<Media, 'id'>[]
): Promise<CommandReply<'postMessage'>['message']> {
  const path = `/api/chats/${chatId}/messages`
  const reply = await sender.http.post<CommandReply<'postMessage'>>(path, {
    media: files.map(({ id }) => ({ id })),
  })
  expect(reply.text).toContain('"success":true')
  return reply.body.message
}

/** Every file that is kept of uploads, or is on its way in. */
export const filesOf = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'media'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
