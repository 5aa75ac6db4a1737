/**
 * The server as an operator runs it: a child process with an environment, a port and a data folder.
 *
 *   startServer ─► ready ──stop(signal)──► stopped ──start()──► ready (same port, same folder)
 *                    └────────────────── close() ──────────────► gone: process, clients and folder
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BelfryServer, Closable, Environment, Exit, ServerOptions } from './belfry-server.ts'
import { freePort, nodeBinary, ROOT, tempDir } from './places.ts'
import { storeOf } from './test-database.ts'
import { delay, within } from './wait.ts'

/** `BELFRY_MAIN` names another copy of the server, such as one with a mutation. */
const SOURCE = join(ROOT, 'packages/server/src/main.ts')
const MAIN = process.env.BELFRY_MAIN ?? SOURCE
/** Patience, not a promise: contract.md §1 says 10 s, and the test that is about it says so itself. */
const READY_WITHIN_MS = 40_000

export const ADMIN = { email: 'admin@belfry.test', password: 'admin-password-1' }
export const JWT_SECRET = 'a-secret-of-the-test-suite-0123456789abcdef'

const running = new Set<ChildProcess>()
const folders = new Set<string>()
process.once('exit', () => {
  for (const child of running) killGroup(child, 'SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function defaults(port: number, dataDir: string): Environment {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: 'test',
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    JWT_SECRET,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    RATE_LIMIT: 'off',
    PLAYGROUND: 'off',
    // Tests start hundreds of servers from the same sources: compiling them once saves a quarter of each start.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/belfry-test'),
  }
}

function defined(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}

function launch(options: ServerOptions, env: Environment): ChildProcess {
  const command = [
    ...(options.wrap ?? []),
    nodeBinary(),
    '--conditions=@belfry/source',
    ...(options.nodeArgs ?? []),
    options.isSource ? SOURCE : MAIN,
    ...(options.args ?? ['serve']),
  ]
  const [file = '', ...args] = command
  // A group of its own: contract.md §1 speaks of SIGTERM to the process group.
  const child = spawn(file, args, {
    cwd: ROOT,
    env: defined(env),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Status of `/api/health`, or 0 while nobody answers. */
async function healthOf(url: string): Promise<number> {
  try {
    const reply = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) })
    await reply.arrayBuffer()
    return reply.status
  } catch {
    return 0
  }
}

class ChildServer implements BelfryServer {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  env: Environment
  readonly #options: ServerOptions
  readonly #clients: Closable[] = []
  readonly #ownsDir: boolean
  #child: ChildProcess | undefined
  #exit: Promise<Exit> = Promise.resolve({ code: null, signal: null })
  #output = ''
  firstAnswer = 0

  constructor(options: ServerOptions, port: number) {
    this.#options = options
    this.port = port
    this.url = `http://127.0.0.1:${port}`
    this.#ownsDir = options.dataDir === undefined
    this.dataDir = options.dataDir ?? tempDir()
    if (this.#ownsDir) folders.add(this.dataDir)
    this.env = { ...defaults(port, this.dataDir), ...options.env }
  }

  get pid(): number {
    return this.#child?.pid ?? -1
  }

  get isAlive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  logs(): string {
    return this.#output
  }

  exit(): Promise<Exit> {
    return this.#exit
  }

  spawn(): void {
    this.env = { ...storeOf(this.dataDir), ...this.env }
    const child = launch(this.#options, this.env)
    this.#child = child
    const keep = (chunk: Buffer) => {
      this.#output += chunk.toString('utf8')
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    this.#exit = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve({ code, signal }))
    })
  }

  async start(env: Environment = {}): Promise<void> {
    this.env = { ...this.env, ...env }
    this.spawn()
    const limitMs = this.#options.readyWithinMs ?? READY_WITHIN_MS
    const deadline = performance.now() + limitMs
    this.firstAnswer = 0
    for (;;) {
      const status = await healthOf(this.url)
      this.firstAnswer ||= status
      if (status === 200) return
      if (!this.isAlive)
        throw new Error(`the server ended before it was ready:\n${this.#output.slice(-4_000)}`)
      if (performance.now() > deadline) {
        throw new Error(`the server was not ready within ${limitMs} ms:\n${this.#output.slice(-4_000)}`)
      }
      await delay(20)
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child !== undefined) killGroup(this.#child, signal)
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Exit> {
    this.signal(signal)
    // contract.md §1: exit within 10 s of SIGTERM. The extra second is the test's own scheduling.
    return within(11_000, `exit after ${signal}`, this.#exit)
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.stop(signal)
    await this.start()
  }

  closeOutput(): void {
    this.#child?.stdout?.destroy()
    this.#child?.stderr?.destroy()
  }

  own<T extends Closable>(client: T): T {
    this.#clients.push(client)
    return client
  }

  async closeClients(): Promise<void> {
    for (const client of this.#clients.splice(0).reverse()) await client.close()
  }

  async close(): Promise<void> {
    await this.closeClients()
    this.signal('SIGCONT')
    this.signal('SIGKILL')
    await this.#exit.catch(() => undefined)
    if (!this.#ownsDir) return
    rmSync(this.dataDir, { recursive: true, force: true })
    folders.delete(this.dataDir)
  }
}

/** Starts a server and waits until it is ready; throws with its log when it is not. */
export async function startServer(options: ServerOptions = {}): Promise<BelfryServer> {
  const server = new ChildServer(options, options.port ?? (await freePort()))
  try {
    await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

export interface Finished extends Exit {
  output: string
  /** Whether `/api/health` was answered at any time before the exit. */
  wasServed: boolean
}

/** Starts a server that may refuse: either it is ready (and the caller closes it), or it has ended by itself. */
export async function startOrRefuse(options: ServerOptions = {}): Promise<BelfryServer | Finished> {
  const server = new ChildServer(options, options.port ?? (await freePort()))
  try {
    await server.start()
    return server
  } catch (error) {
    const hasEnded = !server.isAlive
    const exit = await server.exit()
    await server.close()
    if (!hasEnded) throw error
    return { ...exit, output: server.logs(), wasServed: server.firstAnswer !== 0 }
  }
}

/** Runs the server (or, with `args`, another command of its CLI) to its end. For refusals, and for `backup`, `restore`. */
export async function runToEnd(options: ServerOptions = {}, limitMs = READY_WITHIN_MS): Promise<Finished> {
  const server = new ChildServer(options, options.port ?? (await freePort()))
  let wasServed = false
  try {
    server.spawn()
    const watch = async () => {
      while (server.isAlive && !wasServed) {
        wasServed = (await healthOf(server.url)) !== 0
        await delay(20)
      }
    }
    const ended = Promise.all([server.exit(), watch()])
    const [exit] = await within(limitMs, `exit by itself:\n${server.logs()}`, ended)
    return { ...exit, output: server.logs(), wasServed }
  } finally {
    await server.close()
  }
}
