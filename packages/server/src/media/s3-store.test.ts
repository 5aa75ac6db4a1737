import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bucket, startBucket } from '@belfry/testkit/bucket'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mediaStoreContract } from './contract.ts'
import { S3Store } from './s3-store.ts'

let bucket: Bucket
let folder: string
beforeAll(async () => {
  bucket = await startBucket()
  folder = mkdtempSync(join(tmpdir(), 'belfry-bucket-'))
})
afterAll(async () => {
  await bucket.close()
  rmSync(folder, { recursive: true, force: true })
})

const storeIn = (
  { name, endpoint, region, key }: Bucket,
  more: { prefix?: string; secretAccessKey?: string } = {},
) => new S3Store({ bucket: name, prefix: '', endpoint, region, ...key, ...more })

mediaStoreContract('s3', async () => ({ store: storeIn(bucket), list: async () => bucket.list() }))

describe('a bucket', () => {
  const NAME = 'one-file-of-the-tests'
  const staged = () => {
    const path = join(folder, 'staged')
    writeFileSync(path, 'abc')
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    return { path, size: 3, sha256, mime: 'text/plain' }
  }

  it('holds files below the prefix', async () => {
    const store = storeIn(bucket, { prefix: 'some/place/' })
    await store.put(NAME, staged())
    expect(bucket.list()).toContain(`some/place/${NAME}`)
    await store.remove(NAME)
    expect(bucket.list()).not.toContain(`some/place/${NAME}`)
  })

  it('that refuses the key takes nothing, gives nothing and removes nothing, and says why', async () => {
    const right = storeIn(bucket)
    await right.put(NAME, staged())
    const before = bucket.list()
    const wrong = storeIn(bucket, { secretAccessKey: 'wrong' })
    const attempts = [
      () => wrong.put('another-file', staged()),
      () => wrong.open(NAME),
      () => wrong.remove(NAME),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('403 SignatureDoesNotMatch')
    expect(bucket.list()).toEqual(before)
    await right.remove(NAME)
  })

  it('that is away is an error, and not an absent file', async () => {
    await bucket.stop()
    const store = storeIn(bucket)
    for (const attempt of [() => store.put(NAME, staged()), () => store.open(NAME), () => store.remove(NAME)])
      await expect(attempt()).rejects.toThrow()
    await bucket.start()
    expect(await store.open(NAME)).toBeUndefined()
  })

  it('that answers with something else is followed nowhere', async () => {
    const elsewhere = createServer((_, reply) => reply.writeHead(302, { location: bucket.endpoint }).end())
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const store = storeIn({ ...bucket, endpoint: `http://127.0.0.1:${port}` })
    await expect(store.open(NAME)).rejects.toThrow()
    await expect(store.put(NAME, staged())).rejects.toThrow()
    await new Promise((resolve) => elsewhere.close(resolve))
  })
})

describe('what is asked of a bucket', () => {
  it('is signed with its digest, for the region, without the secret', async () => {
    const asked: { url: string | undefined; headers: Record<string, unknown> }[] = []
    const recorder = createServer((request, reply) => {
      asked.push({ url: request.url, headers: request.headers })
      request.resume().on('end', () => reply.end())
    })
    await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve))
    const { port } = recorder.address() as AddressInfo
    const path = join(folder, 'asked')
    writeFileSync(path, 'abc')
    const store = new S3Store({
      ...{ bucket: 'b', prefix: 'p/', endpoint: `http://127.0.0.1:${port}/`, region: 'eu-central-1' },
      ...{ accessKeyId: 'AKID', secretAccessKey: 'the secret' },
    })
    await store.put('a-file-name', { path, size: 3, sha256: 'd1gest', mime: 'image/png' })
    expect(asked).toEqual([
      {
        url: '/b/p/a-file-name',
        headers: expect.objectContaining({
          'content-length': '3',
          'content-type': 'image/png',
          'x-amz-content-sha256': 'd1gest',
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=[^,]*\bhost\b[^,]*x-amz-content-sha256;x-amz-date[^,]*, Signature=[0-9a-f]{64}$/,
          ),
        }),
      },
    ])
    expect(JSON.stringify(asked)).not.toContain('the secret')
    await new Promise((resolve) => recorder.close(resolve))
  })
})
