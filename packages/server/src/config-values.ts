import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

/** How the texts of the environment are read; each refusal says what to set instead. Used by `config.ts` alone. */

const HOUR_MS = 3600 * 1000
export const DAY_MS = 24 * HOUR_MS
export const MIB = 1024 * 1024

export function whole(min: number, max: number) {
  const advice = `Set it to a whole number from ${min} to ${max}.`
  const number = z.int().min(min, advice).max(max, advice)
  return z
    .string()
    .regex(/^\d{1,15}$/, advice)
    .transform(Number)
    .pipe(number)
}

export const hours = (min: number, max: number) => whole(min, max).transform((count) => count * HOUR_MS)
export const days = (min: number, max: number) => whole(min, max).transform((count) => count * DAY_MS)
export const seconds = (min: number, max: number) => whole(min, max).transform((count) => count * 1000)
export const isOn = z.enum(['on', 'off'], 'Set it to on or off.').transform((text) => text === 'on')

/** Texts between commas, trimmed; each must pass `item`. */
export function list<T extends string>(item: z.ZodType<T, string>) {
  const split = (text: string) => text.split(',').map((part) => part.trim())
  return z.string().transform(split).pipe(z.array(item))
}

/** A steady rate and what may come at once: `60/300` is 60 a second in bursts of 300. */
export const rate = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[1-9]\d{0,6}$/, 'Set it to events per second and burst, such as 60/300.')
  .transform((text) => text.split('/').map(Number))
  .transform(([perSecond = 1, burst = 1]) => ({ perSecond, burst }))
export const perSecond = (steady: number, burst: number) => ({ perSecond: steady, burst })

/** Secrets that stand in tutorials and README files. */
const KNOWN_SECRETS = new Set(['a-string-secret-at-least-256-bits-long'])
export const signingSecret = z
  .string()
  .refine((text) => text.length >= 32, 'Set it to at least 32 random characters: openssl rand -base64 48')
  .refine(
    (text) => !KNOWN_SECRETS.has(text.toLowerCase()) && !/change[-_ ]?(me|this)/i.test(text),
    'This is a known example. Set it to at least 32 random characters: openssl rand -base64 48',
  )

export const authMode = z.enum(['accounts', 'open'], 'Set it to open, or take it away.')

export const longToken = z.string().min(16, 'Set it to at least 16 characters.')

/** Relative to where the process was started. */
export const folder = z.string()

export const hostName = z.string().regex(/^[\w.:-]+$/, 'Set it to an address or a host name.')

export const emailAddress = z
  .string()
  .max(254, 'At most 254 characters.')
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'Set it to one e-mail address.')

/** Length in characters for people, in bytes for the hash. Source: security.md §7. */
export const adminPassword = z
  .string()
  .refine((text) => [...text].length >= 8, 'Choose at least 8 characters.')
  .refine((text) => Buffer.byteLength(text) <= 1024, 'At most 1024 bytes.')

export const logLevel = z.enum(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  'Set it to fatal, error, warn, info, debug, trace or silent.',
)

export const transport = z.enum(['websocket', 'polling'], 'Set it to websocket, polling or both.')

export const origin = z.string().refine((text) => {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}, 'List exact origins such as https://app.example.com, without a path; * is never allowed.')

export const proxy = z.string().refine((text) => {
  const [address = '', bits, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}, 'List the addresses of your proxies, such as 10.0.0.5 or 10.0.0.0/8.')

export const keySetUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}, 'Set it to an https address without user info.')

/** May hold a password, and so no advice shows it. */
export const databaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\/[^\s/]+\/[^\s/?]+/,
    'Set it to postgres://user:password@host:5432/database, with ?sslmode=require for TLS.',
  )
  .refine((text) => URL.canParse(text), 'Encode special characters of the password, such as %40 for @.')
  .refine(
    (text) =>
      !URL.canParse(text) ||
      /^[a-z_][a-z0-9_]{0,62}$/.test(new URL(text).searchParams.get('schema') ?? 'belfry'),
    'Name a schema of small letters, digits and underscores.',
  )
export const redisUrl = z
  .string()
  .regex(
    /^rediss?(-cluster)?:\/\/[^\s/]+/,
    'Set it to redis://host:6379, rediss:// for TLS, or redis-cluster://host:6379,host:6379.',
  )
export const natsUrl = z
  .string()
  .regex(/^(nats|tls):\/\/[^\s/]+/, 'Set it to nats://host:4222, or tls:// for TLS.')

/** `ops=user,boss=admin`: what a role of the other issuer is called here. */
export const roleMap = list(
  z.string().regex(/^[^=\s]+=[\w.-]{1,64}$/, 'Set it to pairs such as ops=user,boss=admin.'),
)
  .transform((pairs) =>
    pairs.map((pair): [string, string] => [pair.replace(/=.*$/, ''), pair.replace(/^.*=/, '')]),
  )
  .transform((pairs): ReadonlyMap<string, string> => new Map(pairs))

/** A preset's name, or a file, relative to where the process was started; as the URL that `import` takes. */
export const policy = z
  .string()
  .transform((text) => (/^(default|open|file:.*)$/.test(text) ? text : pathToFileURL(resolve(text)).href))
  .refine(
    (text) => !text.startsWith('file:') || (URL.canParse(text) && existsSync(new URL(text))),
    'Set it to default, open, or the path of a module that exports `rules`.',
  )

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}
