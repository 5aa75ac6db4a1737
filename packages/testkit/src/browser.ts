import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Debian's browser, when somebody has installed it. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser']

const ROOT = join(import.meta.dirname, '../../..')

/**
 * Playwright's own flags already make a quiet browser. These are for a container: no sandbox for root, little
 * shared memory, no graphics card, and no look-ups at addresses outside this machine.
 */
const FLAGS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
  // A name of this machine that is not its loopback to a browser: plain http, with what that lacks.
  '--host-resolver-rules=MAP plain.test 127.0.0.1',
]

/**
 * A real headless Chromium: Debian's when it is installed, else the one that comes with a package of npm.
 * Close it after use. In the packaged one the permission for notifications stays denied: stub it.
 * @example
 * const browser = await launchBrowser()
 * const page = await browser.newPage()
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await prepareBrowser()
  if (folder === undefined) return chromium.launch({ executablePath: installed() ?? '', args: FLAGS })
  const env = {
    ...process.env,
    ...(existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }),
  }
  return chromium.launch({ executablePath: join(folder, 'chromium'), args: FLAGS, env: defined(env) })
}

function installed(): string | undefined {
  return INSTALLED.find((path) => existsSync(path))
}

/** Unpacks the packaged browser where Debian's is missing, which takes seconds once. Answers its folder. */
export async function prepareBrowser(): Promise<string | undefined> {
  return installed() === undefined ? unpackedBrowser() : undefined
}

/**
 * The package unpacks into the machine's temporary folder and takes a half-written file there for a whole one.
 * So it is sent to a folder of its own, which gets its final name only when all is there: two test files at once
 * are safe, and a new version never meets an old one.
 */
async function unpackedBrowser(): Promise<string> {
  const manifest = join(ROOT, 'node_modules/@sparticuz/chromium/package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const cache = join(ROOT, 'node_modules/.cache/belfry')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const unfinished = mkdtempSync(join(cache, 'unpacking-'))
  const previous = process.env.TMPDIR
  process.env.TMPDIR = unfinished
  try {
    const packaged = await import('@sparticuz/chromium')
    await packaged.default.executablePath()
    renameSync(unfinished, folder)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Another process was first: its copy is as good.
    if (!existsSync(folder)) throw error
  } finally {
    if (previous === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = previous
  }
  return folder
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}
