import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { freePort, tempDir } from '../places.ts'
import { eventually } from '../wait.ts'

/** A server that Belfry uses, as a process of its own on a free port, with its own folder. */
export interface Service {
  readonly url: string
  readonly port: number
  /** Ends it, with `SIGKILL` at once; it can be started again on the same port. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  start(): Promise<void>
  /** It keeps its connections and answers nothing, until `thaw`. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

interface Program {
  file: string
  args(place: { port: number; directory: string }): string[]
  url(port: number): string
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export async function startService(program: Program): Promise<Service> {
  const port = await freePort()
  const directory = tempDir()
  let child: ChildProcess | undefined
  const service: Service = {
    port,
    url: program.url(port),
    async start() {
      const started = spawn(program.file, program.args({ port, directory }), {
        cwd: directory,
        stdio: 'ignore',
        env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      })
      child = started
      running.add(started)
      started.once('exit', () => running.delete(started))
      await once(started, 'spawn')
      await eventually(`${program.file} takes connections`, () => takesConnections(port), 10_000)
    },
    async stop(signal = 'SIGTERM') {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill(signal)
      await ended
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await service.stop('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
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
