import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Need {
  readonly what: string
  /** Names in Debian. */
  readonly packages: readonly string[]
  /** All kinds of tests when left out. */
  readonly modes?: readonly string[]
  isMet(): boolean | Promise<boolean>
}

/** What Debian asks whether a service may be started. */
const POLICY = '/usr/sbin/policy-rc.d'
/** How long `apt-get` waits for another one to finish. */
const LOCK_WAIT_S = 300

const NEEDS: readonly Need[] = [
  {
    what: 'a client in another language: Debian’s python3 with socketio, aiohttp, requests, websocket',
    packages: ['python3', 'python3-socketio', 'python3-aiohttp', 'python3-requests', 'python3-websocket'],
    modes: ['test', 'hostile'],
    isMet: () => runs('/usr/bin/python3', '-c', 'import socketio, aiohttp, requests, websocket'),
  },
  {
    what: 'a browser: Chromium',
    packages: ['chromium'],
    modes: ['test', 'examples'],
    isMet: hasBrowser,
  },
  {
    what: 'buses between nodes: redis-server, nats-server',
    packages: ['redis-server', 'nats-server'],
    modes: ['test', 'faults'],
    isMet: () => runs('redis-server', '--version') && runs('nats-server', '--version'),
  },
  {
    what: 'a store that nodes share: PostgreSQL',
    packages: ['postgresql'],
    modes: ['test', 'faults', 'model'],
    isMet: async () => (await import('../packages/testkit/src/services/postgres.ts')).hasPostgres(),
  },
  {
    what: 'proxies before several nodes: nginx, caddy',
    packages: ['nginx-light', 'caddy'],
    modes: ['examples'],
    isMet: () => runs('/usr/sbin/nginx', '-v') && runs('caddy', 'version'),
  },
  {
    what: 'faults in system calls: strace',
    packages: ['strace'],
    modes: ['faults'],
    isMet: () => runs('strace', '-V'),
  },
]

/** Installs what is missing for the tests of this mode, where that is possible. Answers what is still missing. */
export async function provide(mode: string): Promise<string[]> {
  const missing = await unmet(mode)
  if (missing.length === 0 || !canInstall()) return missing.map(described)
  install(missing.flatMap(({ packages }) => packages))
  return (await unmet(mode)).map(described)
}

async function unmet(mode: string): Promise<Need[]> {
  const answers = NEEDS.filter(({ modes }) => modes?.includes(mode) ?? true).map(async (need) => ({
    need,
    isMet: await need.isMet(),
  }))
  return (await Promise.all(answers)).filter(({ isMet }) => !isMet).map(({ need }) => need)
}

function described({ what, packages }: Need): string {
  return `${what} (Debian: ${packages.join(' ')})`
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function install(packages: readonly string[]): void {
  process.stderr.write(`installing ${packages.join(' ')}\n`)
  // Debian starts a service as it installs it. Tests start their own, with other settings and on other ports.
  const hasPolicy = existsSync(POLICY)
  if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    // A list that could not be renewed is often good enough; if not, the next step says what is missing.
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...packages)
  } finally {
    if (!hasPolicy) rmSync(POLICY)
  }
}

function apt(...args: string[]): void {
  const result = spawnSync('apt-get', ['-q', '-o', `DPkg::Lock::Timeout=${LOCK_WAIT_S}`, ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`)
}

function runs(file: string, ...args: string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0
}

/** Unpacks the packaged browser, so that no test pays for it, and asks whether it starts here. */
async function hasBrowser(): Promise<boolean> {
  const { prepareBrowser } = await import('../packages/testkit/src/browser.ts')
  if (process.platform !== 'linux' || process.arch !== 'x64') return existsSync('/usr/bin/chromium')
  const folder = await prepareBrowser()
  return folder === undefined || runs(join(folder, 'chromium'), '--headless', '--no-sandbox', '--version')
}
