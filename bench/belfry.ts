// Everything the benchmarks know about starting Belfry and about its accounts; the rest is black-box.

import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freePort, type Running, start, temporaryFolder, waitUntil } from './processes.ts'
import { settings } from './settings.ts'
import { sessionId, userId } from './target.ts'

const MAIN = fileURLToPath(new URL('../packages/server/dist/main.js', import.meta.url))

/** How Belfry is started, in one place. */
const belfryCommand = (): readonly string[] => [process.execPath, MAIN, 'serve']

export const isBelfryBuilt = (): boolean => existsSync(MAIN)

const JWT_SECRET = 'a-secret-that-only-the-benchmarks-use'
const METRICS_TOKEN = 'a-token-that-only-the-benchmarks-use'
export const ADMIN = { email: 'admin@bench.test', password: 'only-for-benchmarks' }
/** `open` trusts the id that a client names; `tokens` is what the published numbers use. */
const isOpen = process.env.BELFRY_AUTH === 'open'

export interface Belfry {
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  readonly running: Running
  /** From starting the process to the first answered request. */
  readonly startedInMs: number
}

/** Starts Belfry on its core and waits for the first answer. `dataDir` defaults to a fresh folder on a real disk. */
export const startBelfry = async (
  dataDir?: string,
  env: Readonly<Record<string, string>> = {},
  cpu: string = settings.serverCpu,
): Promise<Belfry> => {
  const port = await freePort()
  const folder = dataDir ?? (await temporaryFolder('belfry'))
  const [command = process.execPath, ...args] = belfryCommand()
  const startedAt = performance.now()
  const running = start({
    name: 'belfry',
    command,
    args,
    cpu,
    env: {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      RATE_LIMIT: 'off',
      PLAYGROUND: 'off',
      JWT_SECRET,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      METRICS_TOKEN,
      ...(isOpen ? { AUTH: 'open' } : {}),
      ...env,
    },
  })
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/api/health`)).ok
  await waitUntil(running, isReady, { everyMs: 2 })
  return { port, pid: running.pid, dataDir: folder, running, startedInMs: performance.now() - startedAt }
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as Belfry signs it, so that a crowd need not pass argon2 one by one. */
const mint = (user: number): string => {
  const now = Math.floor(Date.now() / 1_000)
  const head = encode({ alg: 'HS256', typ: 'at+jwt' })
  const body = encode({
    sub: userId(user),
    sid: sessionId(user),
    iss: 'belfry',
    aud: 'belfry',
    iat: now,
    exp: now + 86_400,
  })
  const signature = createHmac('sha256', JWT_SECRET).update(`${head}.${body}`).digest('base64url')
  return `${head}.${body}.${signature}`
}

/** The handshake's auth of a native client. */
export const handshakeOf = (user: number): object => ({
  ...(isOpen ? { userId: userId(user) } : { token: mint(user) }),
  client: { name: 'bench', version: '1.0.0' },
})

/** Headers that name the user on REST. */
export const headersOf = (user: number): Record<string, string> =>
  isOpen ? { 'X-User-Id': userId(user) } : { Authorization: `Bearer ${mint(user)}` }

/** Headers of an admin, signed in as anyone would. */
export const adminHeaders = async (belfry: Belfry): Promise<Record<string, string>> => {
  if (isOpen) return {}
  const response = await fetch(`http://127.0.0.1:${belfry.port}/api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ADMIN),
  })
  // A refused login has no token, and the first request with `undefined` would say so less clearly.
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`the admin could not sign in: HTTP ${response.status}`)
  return { Authorization: `Bearer ${token}` }
}

/** A counter or gauge of the server's /metrics; `null` when it is not exposed. */
export const metricOf = async (belfry: Belfry, name: string): Promise<number | null> => {
  const response = await fetch(`http://127.0.0.1:${belfry.port}/metrics`, {
    headers: { Authorization: `Bearer ${METRICS_TOKEN}` },
  })
  if (!response.ok) return null
  const line = (await response.text())
    .split('\n')
    .find((text) => text.startsWith(`${name} `) || text.startsWith(`${name}{`))
  return line === undefined ? null : Number(line.split(' ').at(-1))
}
