/** chat-presence.md §10: files in a bucket of the S3 protocol in place of the disk. */
import { type BelfryServer, type Person, register, startServer } from '@belfry/testkit'
import { type Bucket, startBucket } from '@belfry/testkit/bucket'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import {
  bytes,
  download,
  downloadAs,
  filesOf,
  linkTo,
  PNG,
  tryForm,
  tryUpload,
  upload,
} from '../support/media.ts'

let bucket: Bucket
let server: BelfryServer
let ann: Person
beforeAll(async () => {
  bucket = await startBucket()
  const { name, region, endpoint, key } = bucket
  server = await startServer({
    env: {
      MEDIA_STORE: `s3://${name}/belfry?region=${region}&endpoint=${endpoint}`,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    },
  })
  ann = await register(server)
}, 60_000)
afterAll(async () => {
  await server.close()
  await bucket.close()
})

describe('a bucket', () => {
  it('keeps what is uploaded, and the disk keeps nothing', async () => {
    const media = await upload(ann)
    expect(bucket.list()).toEqual([expect.stringMatching(/^belfry\/[\w-]{32}$/)])
    expect(filesOf(server.dataDir)).toEqual([])
    expect((await downloadAs(server, ann, media)).body.equals(PNG)).toBe(true)
  })

  it('gives parts, small pictures, and files by link', async () => {
    const content = bytes('\0\0\0\x10ftypisom\0\0\0\x000123456789')
    const reply = await tryForm(ann, [
      ['file', { content, type: 'video/mp4' }],
      ['thumbnail', { content: PNG }],
    ])
    const { url, thumbUrl = '' } = await linkTo(ann, reply.body.media)
    const part = await download(server, url, { range: 'bytes=16-19' })
    expect({ status: part.status, text: String(part.body) }).toEqual({ status: 206, text: '0123' })
    expect((await download(server, thumbUrl)).body.equals(PNG)).toBe(true)
  })

  it('that is away makes files unavailable and nothing else, and is used again when it is back', async () => {
    const media = await upload(ann)
    await bucket.stop()
    const before = bucket.list()
    expectRefusedWith(await tryUpload(ann), 503)
    expect((await downloadAs(server, ann, media)).status).toBe(503)
    expect((await ann.http.get('/api/notifications')).status).toBe(200)
    expect(filesOf(server.dataDir)).toEqual([])
    await bucket.start()
    expect(bucket.list()).toEqual(before)
    expect((await downloadAs(server, ann, media)).status).toBe(200)
    expect((await tryUpload(ann)).status).toBe(201)
  })

  it('and its secret are told to nobody', () => {
    expect(server.logs()).not.toContain(`"${bucket.key.secretAccessKey}"`)
    expect(server.logs()).not.toMatch(/Signature=[0-9a-f]{8}/)
  })
})
