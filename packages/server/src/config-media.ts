import { z } from 'zod'
import { secret, setting } from './config-setting.ts'
import { MIB, seconds, whole } from './config-values.ts'

const HOUR_MS = 3_600_000
const size = (fallbackMib: number) => whole(1024, 2048 * MIB).default(fallbackMib * MIB)

/** Where the content of uploaded files is kept. */
export type MediaPlace =
  | { readonly kind: 'disk' }
  | {
      readonly kind: 's3'
      readonly bucket: string
      /** In front of each name; empty, or with a slash at its end. */
      readonly prefix: string
      /** Undefined: Amazon's own. */
      readonly endpoint: string | undefined
      readonly region: string
    }

const ADVICE =
  'Set it to disk, or to s3://bucket?region=eu-central-1, with &endpoint=https://… when it is not Amazon.'

const mediaPlace = z.string().transform((text, context): MediaPlace => {
  if (text === 'disk') return { kind: 'disk' }
  const place = URL.canParse(text) ? bucketIn(new URL(text)) : undefined
  if (place) return place
  context.addIssue({ code: 'custom', message: ADVICE })
  return z.NEVER
})

function bucketIn({ protocol, host: bucket, pathname, searchParams }: URL): MediaPlace | undefined {
  const { endpoint, region, ...others } = Object.fromEntries(searchParams)
  const prefix = pathname.replace(/^\/|\/$/g, '')
  const isKnown =
    protocol === 's3:' && /^[a-z0-9][a-z0-9.-]{1,62}$/.test(bucket) && /^[\w./-]{0,256}$/.test(prefix)
  if (!isKnown || Object.keys(others).length > 0 || !/^[a-z0-9-]{1,64}$/.test(region ?? '')) return undefined
  if (endpoint !== undefined && !isEndpoint(endpoint)) return undefined
  return { kind: 's3', bucket, prefix: prefix === '' ? '' : `${prefix}/`, endpoint, region: region ?? '' }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, pathname, search } = new URL(text)
  return /^https?:$/.test(protocol) && username + password + search === '' && pathname === '/'
}

/** Settings of uploaded files. Source: chat-presence.md §10. */
export const mediaSettings = {
  mediaStore: setting(
    'MEDIA_STORE',
    '`disk`, or `s3://bucket?region=…&endpoint=…`: where files are kept.',
    mediaPlace.default({ kind: 'disk' }),
  ),
  awsAccessKeyId: secret(
    'AWS_ACCESS_KEY_ID',
    'Name of the key to the bucket.',
    z.string().min(1, 'It is empty.').optional(),
  ),
  awsSecretAccessKey: secret(
    'AWS_SECRET_ACCESS_KEY',
    'The key to the bucket.',
    z.string().min(1, 'It is empty.').optional(),
  ),
  maxImageBytes: setting('MAX_IMAGE_BYTES', 'Size of an image.', size(10)),
  maxAudioBytes: setting('MAX_AUDIO_BYTES', 'Size of a recording.', size(15)),
  maxFileBytes: setting('MAX_FILE_BYTES', 'Size of any other file.', size(25)),
  maxVideoBytes: setting('MAX_VIDEO_BYTES', 'Size of a video.', size(50)),
  maxUserMediaBytes: setting(
    'MAX_USER_MEDIA_BYTES',
    'Size of all files of a user together.',
    whole(MIB, 1024 * 1024 * MIB).default(1024 * MIB),
  ),
  unattachedMediaMs: setting(
    'UNATTACHED_MEDIA_HOURS',
    'How long files are kept that no message takes.',
    whole(1, 720)
      .transform((hours) => hours * HOUR_MS)
      .default(24 * HOUR_MS),
  ),
  uploadTimeoutMs: setting(
    'UPLOAD_TIMEOUT_SECONDS',
    'Time for a whole upload.',
    seconds(15, 86_400).default(600_000),
  ),
} as const
