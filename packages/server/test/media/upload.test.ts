/** chat-presence.md §10: what is taken, and what is not. */

import { gzipSync } from 'node:zlib'
import { dumpDatabase, http, login, register } from '@belfry/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import { bytes, downloadAs, filesOf, PNG, tryForm, tryUpload, upload } from '../support/media.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer({
  env: {
    MAX_IMAGE_BYTES: '20000',
    MAX_AUDIO_BYTES: '30000',
    MAX_FILE_BYTES: '40000',
    MAX_VIDEO_BYTES: '50000',
    MAX_USER_MEDIA_BYTES: String(2 * 1024 * 1024),
  },
})
let ann: Awaited<ReturnType<typeof register>>
beforeAll(async () => {
  ann = await register(context.server)
})

const MP4 = '\0\0\0\x10ftypisom\0\0\0\0'
const unchanged = async (work: () => Promise<void>) => {
  const before = filesOf(context.server.dataDir)
  await work()
  expect(filesOf(context.server.dataDir)).toEqual(before)
}

describe('an upload', () => {
  it('as a body is kept byte for byte, with what was said of it', async () => {
    const media = await upload(ann, PNG, { query: '?name=dot.png&width=1&height=1' })
    expect(media).toEqual({
      ...{ id: media.id, kind: 'image', url: `/api/media/${media.id}`, name: 'dot.png', mime: 'image/png' },
      ...{ size: PNG.length, width: 1, height: 1 },
    })
    const { status, body } = await downloadAs(context.server, ann, media)
    expect({ status, isSame: body.equals(PNG) }).toEqual({ status: 200, isSame: true })
  })

  it('as a form is the same, with a small picture beside it', async () => {
    const video = bytes(MP4, 5000)
    const reply = await tryForm(ann, [
      ['durationMs', '1500'],
      ['thumbnail', { content: PNG }],
      ['file', { content: video, type: 'video/mp4', name: 'ein Ü.mp4' }],
    ])
    expect(reply.status).toBe(201)
    const { media } = reply.body
    expect(media).toMatchObject({ kind: 'video', name: 'ein Ü.mp4', size: 5000, durationMs: 1500 })
    expect((await downloadAs(context.server, ann, media)).body.equals(video)).toBe(true)
    const thumb = await downloadAs(context.server, ann, { url: media.thumbUrl ?? '' })
    expect({ type: thumb.headers.get('content-type'), isSame: thumb.body.equals(PNG) }).toEqual({
      type: 'image/png',
      isSame: true,
    })
  })

  it('gets its name from a header too', async () => {
    const { name } = await upload(ann, PNG, { headers: { 'x-file-name': encodeURIComponent('été.png') } })
    expect(name).toBe('été.png')
  })

  it('can be a picture that is to be saved and not shown', async () => {
    const media = await upload(ann, PNG, { query: '?kind=file' })
    expect(media).toMatchObject({ kind: 'file', mime: 'image/png' })
  })

  it('can be the small picture of an earlier one, once', async () => {
    const media = await upload(ann)
    const first = await tryUpload(ann, PNG, { query: `?thumbOf=${media.id}` })
    expect(first.body.media.thumbUrl).toBe(`/api/media/${media.id}?variant=thumb`)
    expectRefusedWith(await tryUpload(ann, PNG, { query: `?thumbOf=${media.id}` }), 422)
    const bob = await register(context.server)
    expectRefusedWith(await tryUpload(bob, PNG, { query: `?thumbOf=${media.id}` }), 404)
  })

  it('has room up to the limit of its kind, and not one byte more', async () => {
    const kinds = [
      ['image/png', '\x89PNG\r\n\x1a\n', 20_000],
      ['audio/ogg', 'OggS', 30_000],
      ['application/pdf', '%PDF-', 40_000],
      ['video/mp4', MP4, 50_000],
    ] as const
    for (const [type, head, limit] of kinds) {
      const cleo = await register(context.server)
      expect((await tryUpload(cleo, bytes(head, limit), { type })).status, type).toBe(201)
      await unchanged(async () => {
        const reply = await tryUpload(cleo, bytes(head, limit + 1), { type })
        expect(reply.body, type).toMatchObject({ success: false, code: 'too_large' })
      })
    }
  })

  it('of unknown length is cut at the limit as well', async () => {
    await unchanged(async () => {
      const body = new Blob([PNG, bytes('', 100_000)]).stream()
      const reply = await fetch(`${context.server.url}/api/media`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'image/png' },
        duplex: 'half',
      } as RequestInit)
      expect(reply.status).toBe(413)
    })
  })
})

describe('the space of a user', () => {
  it('ends, and the refusal says so before anything is sent', async () => {
    const dora = await register(context.server)
    let status = 201
    let count = 0
    while (status === 201 && count < 100) {
      const reply = await tryUpload(dora)
      status = reply.status
      count += 1
      if (status !== 201)
        expect(reply.body).toMatchObject({ code: 'media_rejected', message: expect.stringContaining('2 MB') })
    }
    expect(count).toBe(33)
  })
})

describe('a file that is not taken', () => {
  const html = '<!DOCTYPE html><script>alert(1)</script>'
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
  const bomb = new Uint8Array(gzipSync(Buffer.alloc(1_000_000)))
  it.each([
    ['a page', html, 'text/html'],
    ['a page that says it is a text', html, 'text/plain'],
    ['a page that says it is a picture', html, 'image/png'],
    ['a drawing with a script', svg, 'image/svg+xml'],
    ['a drawing that says it is a text', svg, 'text/plain'],
    ['a drawing that says it is a picture', svg, 'image/png'],
    ['a program', bytes('MZ\x90\0'), 'application/x-msdownload'],
    ['a program that says it is a PDF', bytes('MZ\x90\0'), 'application/pdf'],
    ['a program that says it is a text', bytes('MZ\x90\0'), 'text/plain'],
    ['a script', '#!/bin/sh\nrm -rf /', 'text/plain'],
    ['an archive of a type that is not in the list', bomb, 'application/gzip'],
    ['a picture that says it is another', PNG, 'image/jpeg'],
    ['a picture that says it is a recording', PNG, 'audio/mpeg'],
    ['bytes of no type', PNG, 'application/octet-stream'],
    ['JSON', '{}', 'application/json'],
    ['a type with a reserved name', PNG, '__proto__/constructor'],
    ['nothing', '', 'image/png'],
  ])('%s', async (_, content, type) => {
    const before = dumpDatabase(context.server.dataDir)
    await unchanged(async () => {
      expectRefusedWith(await tryUpload(ann, content, { type }), 422)
      expectRefusedWith(await tryForm(ann, [['file', { content, type }]]), 422)
    })
    expect(dumpDatabase(context.server.dataDir)).toEqual(before)
  })

  it('is one whose declared kind is another', async () => {
    expectRefusedWith(await tryUpload(ann, PNG, { query: '?kind=video' }), 422)
  })

  it('has insane sizes, unknown or doubled words', async () => {
    const queries = [
      ...['width=0', 'width=-1', 'width=1e9', 'width=99999', 'durationMs=NaN', 'height=1.5', 'kind=svg'],
      ...['senderId=x', 'id=x', '__proto__=x', 'name=a&name=b', 'thumbOf=../x', `name=${'x'.repeat(1025)}`],
    ]
    await unchanged(async () => {
      for (const query of queries)
        expectRefusedWith(await tryUpload(ann, PNG, { query: `?${query}` }), 400, 404)
    })
  })
})

describe('names of files', () => {
  it('are labels: no paths, no controls, no endings of programs', async () => {
    const names = {
      '../../../etc/passwd': 'passwd.png',
      'C:\\temp\\a.png': 'a.png',
      '/etc/cron.d/x': 'x.png',
      'a\r\nSet-Cookie: x=1.png': 'aSet-Cookie_ x=1.png',
      'a\0b.png': 'ab.png',
      'photo.png.exe': 'photo.png.exe.png',
      '\u202egnp.exe': 'gnp.exe.png',
    }
    for (const [given, label] of Object.entries(names)) {
      const { name } = await upload(ann, PNG, { query: `?name=${encodeURIComponent(given)}` })
      expect(name).toBe(label)
    }
    expect([...(await upload(ann, PNG, { query: `?name=${'x'.repeat(500)}.png` })).name]).toHaveLength(120)
  })

  it('never become names on the disk', () => {
    for (const file of filesOf(context.server.dataDir))
      expect(file).toMatch(/\/media\/files\/[\w-]{2}\/[\w-]{32}$/)
  })
})

describe('who may upload', () => {
  it('is a signed-in person', async () => {
    const raw = { raw: PNG, headers: { 'content-type': 'image/png' } }
    const nobody = await http(context.server).request('POST', '/api/media', raw)
    expectRefusedWith(nobody, 401)
    const made = await context.admin.http.post<{ key: { secret: string } }>('/api/keys', {
      name: 'k',
      scopes: ['admin'],
    })
    expectRefusedWith(
      await http(context.server, made.body.key.secret).request('POST', '/api/media', raw),
      403,
    )
    const gone = await register(context.server)
    await login(context.server, gone.email, gone.password)
    await gone.http.post('/api/auth/logout')
    expectRefusedWith(await tryUpload(gone), 401)
  })

  it('sends four files at once', async () => {
    const eve = await register(context.server)
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => tryUpload(eve, bytes('\x89PNG\r\n\x1a\n', 20_000))),
    )
    const statuses = replies.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([201, 429]))
    expect((await tryUpload(eve)).status).toBe(201)
  })
})
