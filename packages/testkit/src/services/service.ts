import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { freePort, tempDir } from '../places.ts'
import { eventually } from '../wait.ts'

/** A server that Belfry uses, as a process of its own on a free port, with its own folder. */
export interface Service {
  readonly url: string
  readonly port: number
  /** Ends it, with `SIGKILL` at once; it can be started again on the same port. */
  stop(signal?: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  /** It keeps its connections and answers nothing, until `thaw`. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Who it runs as; by default whoever runs the tests. */
export interface Identity {
  uid: number
  gid: number
}

interface Program {
  file: string
  args(place: { port: number; directory: string }): string[]
  url(port: number): string
  /** An empty folder of its own, removed at the end. */
  directory?: string
  identity?: Identity | undefined
  /** What ends it in order; `SIGTERM` where nothing is said. */
  stopSignal?: NodeJS.Signals
}

const running = new Set<ChildProcess>()
const directories = new Set<string>()
process.once('exit', () => {
  for (const child of running) signalAll(child, 'SIGKILL')
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** Also the processes that it has started itself, which may be in groups of their own; it first, so that it starts no more. */
function signalAll(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const own = signal === 'SIGCONT' ? [] : childrenOf(child.pid)
  send(child.pid, signal)
  for (const pid of new Set([...own, ...childrenOf(child.pid)])) send(pid, signal)
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended already.
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return text === '' ? [] : text.split(' ').map(Number)
  } catch {
    return []
  }
}

export async function startService(program: Program): Promise<Service> {
  const port = await freePort()
  const directory = program.directory ?? tempDir()
  directories.add(directory)
  let child: ChildProcess | undefined
  const service: Service = {
    port,
    url: program.url(port),
    async start() {
      const started = spawn(program.file, program.args({ port, directory }), {
        cwd: directory,
        stdio: 'ignore',
        ...program.identity,
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      })
      child = started
      running.add(started)
      started.once('exit', () => running.delete(started))
      await once(started, 'spawn')
      await eventually(`${program.file} takes connections`, () => takesConnections(port), 10_000)
    },
    async stop(signal = program.stopSignal ?? 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      signalAll(child, 'SIGCONT')
      if (signal === 'SIGKILL') signalAll(child, signal)
      else child.kill(signal)
      await ended
    },
    freeze: () => signalAll(child, 'SIGSTOP'),
    thaw: () => signalAll(child, 'SIGCONT'),
    async close() {
      await service.stop('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
      directories.delete(directory)
    },
  }
  await service.start()
  return service
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    const answer = (isTaken: boolean) => {
      socket.destroy()
      resolve(isTaken)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
