import { describe, expect, it } from 'vitest'
import { ConfigError, type Environment, readConfig } from './config.ts'

const KEY = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'a secret' }

function problemsOf(env: Environment): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain('a secret')
    return error.problems.map(({ setting }) => setting)
  }
}

describe('where files are kept', () => {
  it('is the disk, or a bucket with its key', () => {
    expect(readConfig({}).mediaStore).toEqual({ kind: 'disk' })
    expect(readConfig({ MEDIA_STORE: 'disk' }).mediaStore).toEqual({ kind: 'disk' })
    const bucket = { kind: 's3', bucket: 'my-bucket', region: 'eu-central-1' }
    expect(readConfig({ ...KEY, MEDIA_STORE: 's3://my-bucket?region=eu-central-1' }).mediaStore).toEqual({
      ...bucket,
      ...{ prefix: '', endpoint: undefined },
    })
    const elsewhere = 's3://my-bucket/a/b/?region=eu-central-1&endpoint=http://minio:9000'
    expect(readConfig({ ...KEY, MEDIA_STORE: elsewhere }).mediaStore).toEqual({
      ...bucket,
      ...{ prefix: 'a/b/', endpoint: 'http://minio:9000' },
    })
  })

  it.each([
    ...[
      's3',
      's3://',
      's3://my-bucket',
      's3://My_Bucket?region=x',
      'https://my-bucket?region=x',
      '/var/media',
    ],
    ...['s3://b?region=x', 's3://my-bucket?region=a b', 's3://my-bucket?region=x&other=1'],
    ...[
      'endpoint=minio:9000',
      'endpoint=ftp://minio',
      'endpoint=http://a:b@minio',
      'endpoint=http://minio/path',
    ].map((endpoint) => `s3://my-bucket?region=x&${endpoint}`),
  ])('is nowhere else: %s', (place) => {
    expect(problemsOf({ ...KEY, MEDIA_STORE: place })).toEqual(['MEDIA_STORE'])
  })

  it('is no bucket without a key', () => {
    const place = { MEDIA_STORE: 's3://my-bucket?region=eu-central-1' }
    expect(problemsOf(place)).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    expect(problemsOf({ ...place, ...KEY, AWS_SECRET_ACCESS_KEY: '' })).toEqual(['AWS_SECRET_ACCESS_KEY'])
  })
})
