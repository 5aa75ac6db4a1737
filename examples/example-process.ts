/** For the tests of the examples: each started as its README says, on the built packages, and looked at in a browser. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePort, nodeBinary, ROOT, tempDir, within } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'

/** Patience for a busy machine, not a promise. */
export const PATIENCE_MS = 15_000
/** A whole walk, of which each step is a second at most. */
export const WALK_WITHIN_MS = 90_000
const READY_WITHIN_MS = 40_000
/** Source: contract.md §1. */
const EXIT_WITHIN_MS = 10_000

export interface Example {
  readonly url: string
  /** Ends it as an operator does. */
  stop(): Promise<void>
  /** Starts it again on the same data. */
  start(): Promise<void>
  close(): Promise<void>
}

/** Makes what is missing or stale of the packages. */
export function buildPackages(options: { types: boolean } = { types: false }): void {
  runToEnd(nodeBinary(), [join(ROOT, 'scripts/build.ts'), ...(options.types ? [] : ['--no-types'])], ROOT)
}

/** @throws Error with all that it said, when it fails */
export function runToEnd(file: string, args: readonly string[], cwd: string): void {
  // The repository's own Node first, as npm has it in its scripts; and nothing of the tests' mode.
  const { NODE_ENV: _, ...outer } = process.env
  const env = {
    ...outer,
    PATH: `${join(ROOT, 'node_modules/.bin')}:${outer.PATH}`,
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${status}\n${stdout}${stderr}`)
}

interface ExampleOptions {
  /** Folder to start it in; the root without it. */
  cwd?: string
  env?: Readonly<Record<string, string>>
}

/** Starts an example and waits until it answers; throws with its output when it does not. */
export async function startExample(
  args: readonly string[],
  { cwd = ROOT, env: more = {} }: ExampleOptions = {},
): Promise<Example> {
  const port = await freePort()
  const dataDir = tempDir()
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    DATA_DIR: dataDir,
    ...more,
  }
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''

  async function start(): Promise<void> {
    const started = spawn(nodeBinary(), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (text) => (output += text))
    const answers = async () => {
      if (started.exitCode !== null) throw new Error('it has ended')
      return (await fetch(url)).ok
    }
    await eventually('the example answers', answers, READY_WITHIN_MS).catch((error: unknown) => {
      throw new Error(`${error}\n${output.slice(-4_000)}`)
    })
  }
  async function stop(): Promise<void> {
    if (!child || child.exitCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await within(EXIT_WITHIN_MS, 'the example ends', exited)
  }
  async function close(): Promise<void> {
    await stop().finally(() => child?.kill('SIGKILL'))
    rmSync(dataDir, { recursive: true, force: true })
  }

  await start().catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url, start, stop, close }
}

/** A tab that keeps what it should never say: errors, warnings, and what its policy refused. */
export async function openTab(context: BrowserContext, complaints: string[]): Promise<Page> {
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    )
  })
  return page
}
