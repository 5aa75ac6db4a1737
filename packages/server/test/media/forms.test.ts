/** chat-presence.md §10: small pictures, and uploads as forms. */
import { type Person, register } from '@belfry/testkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import { bytes, filesOf, PNG, pngOf, tryForm, tryUpload } from '../support/media.ts'
import { useServer } from '../support/use-server.ts'

const context = useServer()
let ann: Person
beforeAll(async () => {
  ann = await register(context.server)
})
const unchanged = async (work: () => Promise<void>) => {
  const before = filesOf(context.server.dataDir)
  await work()
  expect(filesOf(context.server.dataDir)).toEqual(before)
}

describe('a small picture', () => {
  const withThumbnail = (
    content: Parameters<typeof bytes>[0] | ReturnType<typeof bytes>,
    type = 'image/png',
  ) =>
    tryForm(ann, [
      ['file', { content: PNG }],
      ['thumbnail', { content, type }],
    ])

  it('has 320 by 320 pixels at most', async () => {
    expect((await withThumbnail(pngOf(320, 320))).status).toBe(201)
    await unchanged(async () => {
      for (const content of [pngOf(321, 1), pngOf(1, 321), pngOf(0, 1), pngOf(60_000, 60_000)])
        expectRefusedWith(await withThumbnail(content), 422)
    })
  })

  it('has 64 KB at most, and is a picture', async () => {
    const big = new Uint8Array(65_537)
    big.set(PNG)
    await unchanged(async () => {
      expectRefusedWith(await withThumbnail(big), 413, 422)
      expectRefusedWith(await withThumbnail(PNG, 'image/jpeg'), 422)
      expectRefusedWith(await withThumbnail('<svg/>', 'image/svg+xml'), 422)
      expectRefusedWith(await withThumbnail(bytes('GIF89a'), 'image/gif'), 422)
      expectRefusedWith(await withThumbnail(''), 422)
    })
  })
})

describe('a form', () => {
  it('that is none of an upload is refused', async () => {
    const file = { content: PNG }
    await unchanged(async () => {
      expectRefusedWith(await tryForm(ann, []), 400)
      expectRefusedWith(await tryForm(ann, [['name', 'a']]), 400)
      expectRefusedWith(await tryForm(ann, [['other', file]]), 400)
      expectRefusedWith(
        await tryForm(ann, [
          ['file', file],
          ['file', file],
        ]),
        400,
      )
      expectRefusedWith(
        await tryForm(ann, [
          ['file', file],
          ['kind', 'file'],
        ]),
        400,
      )
      expectRefusedWith(
        await tryForm(ann, [
          ['kind', 'file'],
          ['kind', 'file'],
          ['file', file],
        ]),
        400,
      )
      expectRefusedWith(
        await tryForm(ann, [
          ['unknown', 'x'],
          ['file', file],
        ]),
        400,
      )
      expectRefusedWith(
        await tryForm(ann, [
          ['__proto__', 'x'],
          ['file', file],
        ]),
        400,
      )
      const many = Array.from({ length: 30 }, (_, at) => [`f${at}`, 'x'] as const)
      expectRefusedWith(await tryForm(ann, [...many, ['file', file]]), 400)
      const form = { type: 'multipart/form-data' }
      expectRefusedWith(await tryUpload(ann, 'x', form), 400)
      const broken = { type: 'multipart/form-data; boundary=b' }
      for (const text of [
        '',
        'x',
        '--b',
        '--b\r\n\r\n',
        '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx',
      ])
        expectRefusedWith(await tryUpload(ann, text, broken), 400, 422)
      const head =
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
      const withoutEnd = new Uint8Array(Buffer.concat([Buffer.from(head), PNG]))
      expectRefusedWith(await tryUpload(ann, withoutEnd, broken), 400)
    })
  })
})
