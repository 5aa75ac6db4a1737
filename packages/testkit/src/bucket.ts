import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import { tempDir } from './places.ts'

export interface Bucket {
  readonly name: string
  readonly endpoint: string
  readonly region: string
  /** The one key that the server knows; requests signed with another are refused. */
  readonly key: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Keys of all objects, in order. */
  list(): string[]
  /** Nobody answers any more, until `start`; what is there stays. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const NAME = 'belfry-test'

/** A server of the S3 protocol with one bucket, which checks signatures. */
export async function startBucket(): Promise<Bucket> {
  const directory = tempDir()
  const open = (port: number) =>
    new S3rver({
      ...{ address: '127.0.0.1', port, silent: true, directory },
      ...{ vhostBuckets: false, configureBuckets: [{ name: NAME }] },
    })
  let server = open(0)
  const { port } = await server.run()
  return {
    name: NAME,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    key: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    list() {
      const folder = join(directory, NAME)
      if (!existsSync(folder)) return []
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      const ending = '._S3rver_object'
      return files.flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : [])).sort()
    },
    stop: () => server.close(),
    async start() {
      server = open(port)
      await server.run()
    },
    async close() {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
