/** chat-presence.md §10 and §13 I8: who gets a file, and how it is served. */
import { createHmac } from 'node:crypto'
import { http, type Person, register } from '@belfry/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import {
  bytes,
  download,
  downloadAs,
  linkTo,
  makeChat,
  PNG,
  postMedia,
  tryUpload,
  upload,
} from '../support/media.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
let ann: Person
let bob: Person
let eve: Person
beforeAll(async () => {
  ;[ann, bob, eve] = await Promise.all([
    register(context.server),
    register(context.server),
    register(context.server),
  ])
})
const statusFor = async (person: Person, media: { url: string }) =>
  (await downloadAs(context.server, person, media)).status

describe('a file', () => {
  it('is had by its owner alone until it is posted, then by the members of the chat', async () => {
    const media = await upload(ann)
    expect(await statusFor(ann, media)).toBe(200)
    expect(await statusFor(bob, media)).toBe(404)
    const message = await postMedia(ann, await makeChat(ann, [bob]), media)
    expect(message).toMatchObject({ messageType: 'image', media: [{ id: media.id, url: media.url }] })
    expect(await statusFor(bob, media)).toBe(200)
    expect(await statusFor(eve, media)).toBe(404)
  })

  it('of a stranger answers as one that does not exist', async () => {
    const foreign = await downloadAs(context.server, eve, await upload(ann))
    const unknown = await downloadAs(context.server, eve, { url: '/api/media/unknown' })
    expect({ ...foreign, headers: undefined }).toEqual({ ...unknown, headers: undefined })
    expect(foreign.status).toBe(404)
    const links = await Promise.all(
      ['unknown', (await upload(ann)).id].map((id) => eve.http.get(`/api/media/${id}/link`)),
    )
    expect(links[0]?.text).toBe(links[1]?.text)
    for (const reply of links) expectRefusedWith(reply, 404)
  })

  it('goes into one message of its owner', async () => {
    const chatId = await makeChat(ann, [bob])
    const media = await upload(ann)
    const post = (person: Person, id: string) =>
      person.http.post(`/api/chats/${chatId}/messages`, { media: [{ id }] })
    expectRefusedWith(await post(bob, media.id), 422)
    expectRefusedWith(await post(ann, 'unknown'), 422)
    await postMedia(ann, chatId, media)
    expectRefusedWith(await post(ann, media.id), 422)
  })

  it('of before is not for a newcomer, unless the chat shows its history', async () => {
    for (const history of ['sinceJoin', 'all']) {
      const chatId = await makeChat(ann, [bob], { history })
      const media = await upload(ann)
      await postMedia(ann, chatId, media)
      const late = await register(context.server)
      await ann.http.post(`/api/chats/${chatId}/members`, { userIds: [late.id] })
      expect(await statusFor(late, media), history).toBe(history === 'all' ? 200 : 404)
      const next = await upload(ann)
      await postMedia(ann, chatId, next)
      expect(await statusFor(late, next)).toBe(200)
    }
  })

  it('stays with a former member, unless he was removed with his history, and nothing later is had', async () => {
    for (const removeHistory of [false, true]) {
      const chatId = await makeChat(ann, [bob])
      const media = await upload(ann)
      await postMedia(ann, chatId, media)
      const { url } = await linkTo(bob, media)
      await ann.http.request('DELETE', `/api/chats/${chatId}/members/${bob.id}`, { json: { removeHistory } })
      const later = await upload(ann)
      await postMedia(ann, chatId, later)
      expect(await statusFor(bob, media)).toBe(removeHistory ? 404 : 200)
      expect((await download(context.server, url)).status).toBe(removeHistory ? 404 : 200)
      expect(await statusFor(bob, later)).toBe(404)
    }
  })

  it('goes with its message, and with it every link', async () => {
    const chatId = await makeChat(ann, [bob])
    const media = await upload(ann)
    const { id } = await postMedia(ann, chatId, media)
    const { url } = await linkTo(bob, media)
    expect((await download(context.server, url)).status).toBe(200)
    const deleted = await ann.http.delete(`/api/chats/${chatId}/messages/${id}`)
    expect(deleted.status).toBe(200)
    expect((await download(context.server, url)).status).toBe(404)
    for (const person of [ann, bob]) expect(await statusFor(person, media)).toBe(404)
  })
})

describe('a link', () => {
  it('gives the file and its small picture to a browser that sends no header', async () => {
    const media = await upload(ann)
    await tryUpload(ann, PNG, { query: `?thumbOf=${media.id}` })
    const { url, thumbUrl = '', expiresAt } = await linkTo(ann, media)
    for (const path of [url, thumbUrl]) {
      const { status, body } = await download(context.server, path)
      expect({ status, isSame: body.equals(PNG) }).toEqual({ status: 200, isSame: true })
    }
    const leftMs = Date.parse(expiresAt) - Date.now()
    expect(leftMs).toBeGreaterThan(59 * 60_000)
    expect(leftMs).toBeLessThanOrEqual(60 * 60_000)
  })

  it('is for one file, one user, one session, one purpose, and for nothing else', async () => {
    const [media, other] = [await upload(ann), await upload(ann)]
    const { url } = await linkTo(ann, media)
    const link = new URL(url, context.server.url).searchParams.get('link') ?? ''
    const tried = [
      `${other.url}?link=${link}`,
      `${media.url}?link=${ann.token}`,
      `${media.url}?link=${link.slice(0, -2)}AA`,
      `${media.url}?link=`,
      `${media.url}?link=${link}&link=${link}`,
      `${media.url}?link=${link}&other=1`,
      `${media.url}?variant=../thumb&link=${link}`,
    ]
    for (const path of tried) {
      const { status } = await download(context.server, path)
      expect([401, 404], path).toContain(status)
    }
    expectRefusedWith(await http(context.server, link).get('/api/notifications'), 401)
  })

  it('of another typ, algorithm or key opens nothing', async () => {
    const media = await upload(ann)
    const { url } = await linkTo(ann, media)
    const [, payload = ''] = (new URL(url, context.server.url).searchParams.get('link') ?? '').split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const forge = (header: object, changed: object, secret: string) => {
      const text = `${encode(header)}.${encode({ ...claims, ...changed })}`
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    }
    const right = { alg: 'HS256', typ: 'media+jwt' }
    const secret = String(context.server.env.JWT_SECRET)
    expect((await download(context.server, `${media.url}?link=${forge(right, {}, secret)}`)).status).toBe(200)
    const past = Math.floor(Date.now() / 1000) - 10
    for (const link of [
      forge({ ...right, typ: 'at+jwt' }, {}, secret),
      forge({ ...right, alg: 'none' }, {}, secret),
      forge(right, {}, 'another secret of thirty-two bytes at least'),
      forge(right, { exp: past, iat: past - 3600 }, secret),
      forge(right, { exp: undefined }, secret),
      forge(right, { sub: ['x'] }, secret),
      forge(right, { sid: undefined }, secret),
      forge(right, { aud: 'other' }, secret),
    ])
      expect((await download(context.server, `${media.url}?link=${link}`)).status).toBe(401)
    expect(
      (await download(context.server, `${media.url}?link=${forge(right, { sub: bob.id }, secret)}`)).status,
      'the session is not his',
    ).toBe(401)
  })

  it('ends with the session that it was made in', async () => {
    const { url } = await linkTo(ann, await upload(ann))
    const fay = await register(context.server)
    const own = await linkTo(fay, await upload(fay))
    await fay.http.post('/api/auth/logout')
    expect((await download(context.server, own.url)).status).toBe(401)
    expect((await download(context.server, url)).status).toBe(200)
  })

  it('is needed, or a token', async () => {
    const media = await upload(ann)
    expect((await download(context.server, media.url)).status).toBe(401)
  })
})

describe('the answer', () => {
  const headersOf = async (content: Parameters<typeof tryUpload>[1], type: string, query = '') => {
    const media = await upload(ann, content, { type, query })
    const { headers } = await downloadAs(context.server, ann, media)
    return Object.fromEntries(headers)
  }

  it('never becomes a page of ours', async () => {
    const polyglot = bytes('GIF89a/*<script>alert(1)</script>*/=1;alert(1)')
    expect(await headersOf(polyglot, 'image/gif', '?name=a.gif')).toMatchObject({
      'content-type': 'image/gif',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'content-disposition': `inline; filename="a.gif"; filename*=UTF-8''a.gif`,
    })
  })

  it('is shown for images, recordings and videos, and saved for the rest', async () => {
    const disposition = async (content: Parameters<typeof tryUpload>[1], type: string, query = '') =>
      (await headersOf(content, type, query))['content-disposition']?.split(';')[0]
    expect(await disposition(PNG, 'image/png')).toBe('inline')
    expect(await disposition('OggS', 'audio/ogg')).toBe('inline')
    expect(await disposition(bytes('\0\0\0\x10ftypisom\0\0\0\0'), 'video/mp4')).toBe('inline')
    expect(await disposition(PNG, 'image/png', '?kind=file')).toBe('attachment')
    expect(await disposition('%PDF-1.7', 'application/pdf')).toBe('attachment')
    expect(await disposition('a,b', 'text/csv')).toBe('attachment')
    expect(await disposition(bytes('PK\x03\x04'), 'application/zip')).toBe('attachment')
  })

  it('names the file for old and new programs, and nothing gets out of the name', async () => {
    const name = encodeURIComponent(`Ü"; filename="evil'*%.png`)
    const headers = await headersOf(PNG, 'image/png', `?name=${name}`)
    expect(headers['content-disposition']).toBe(
      `inline; filename="__; filename=_evil'__.png"; filename*=UTF-8''%C3%9C_%3B%20filename%3D_evil%27_%25.png`,
    )
  })

  it('is the part that was asked for', async () => {
    const content = bytes('\0\0\0\x10ftypisom\0\0\0\x000123456789')
    const { url, size } = await upload(ann, content, { type: 'video/mp4' })
    const part = async (range: string, more: Record<string, string> = {}) => {
      const headers = { authorization: `Bearer ${ann.token}`, range, ...more }
      const reply = await download(context.server, url, headers)
      return [reply.status, reply.body.toString('latin1'), reply.headers.get('content-range')]
    }
    const all = Buffer.from(content).toString('latin1')
    expect(await part('bytes=16-19')).toEqual([206, '0123', `bytes 16-19/${size}`])
    expect(await part('bytes=20-')).toEqual([206, '456789', `bytes 20-25/${size}`])
    expect(await part('bytes=-2')).toEqual([206, '89', `bytes 24-25/${size}`])
    expect(await part('bytes=0-999')).toEqual([206, all, `bytes 0-25/${size}`])
    expect(await part('bytes=26-')).toEqual([416, '', `bytes */${size}`])
    expect(await part('bytes=-0')).toEqual([416, '', `bytes */${size}`])
    for (const range of ['bytes=0-1,4-5', 'bytes=-', 'lines=0-1', 'bytes=a-b'])
      expect(await part(range)).toEqual([200, all, null])
    expect(await part('bytes=0-1', { 'if-range': '"another"' })).toEqual([200, all, null])
  })

  it('is not sent twice to who has it already, and the right is asked again', async () => {
    const chatId = await makeChat(ann, [bob])
    const media = await upload(ann)
    const { id } = await postMedia(ann, chatId, media)
    const tag = (await downloadAs(context.server, bob, media)).headers.get('etag') ?? ''
    const again = () =>
      download(context.server, media.url, { authorization: `Bearer ${bob.token}`, 'if-none-match': tag })
    expect(await again()).toMatchObject({ status: 304, body: Buffer.alloc(0) })
    await ann.http.delete(`/api/chats/${chatId}/messages/${id}`)
    expect((await again()).status).toBe(404)
  })
})
