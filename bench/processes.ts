import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onClose } from './closers.ts'
import { settings } from './settings.ts'

/** One connection is one descriptor; 10,000 of them and room for files. */
const OPEN_FILES = 20_000
const STOP_WITHIN_MS = 15_000
const OUTPUT_KEPT = 8_000

export interface Program {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cpu: string
  readonly env?: Readonly<Record<string, string>>
  readonly identity?: { readonly uid: number; readonly gid: number }
  readonly hasIpc?: boolean
  readonly stopSignal?: NodeJS.Signals
}

export interface Running {
  readonly pid: number
  readonly child: ChildProcess
  /** The end of what it printed, to explain a failure. */
  output(): string
  stop(): Promise<void>
}

/** Starts a program on the given cores, with enough file descriptors; it is ended at the latest when the benchmark ends. */
export const start = (program: Program): Running => {
  const limit = process.getuid?.() === 0 ? ['prlimit', `--nofile=${OPEN_FILES}`] : []
  const [command = 'taskset', ...args] = [
    ...limit,
    'taskset',
    '-c',
    program.cpu,
    program.command,
    ...program.args,
  ]
  const options: SpawnOptions = {
    stdio: program.hasIpc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    serialization: 'advanced',
    env: { ...process.env, NODE_ENV: 'production', ...program.env },
    ...program.identity,
  }
  const child = spawn(command, args, options)
  let printed = ''
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-OUTPUT_KEPT)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.once('error', (error) => keep(Buffer.from(error.message)))
  if (child.pid === undefined)
    throw new Error(`${program.name} did not start; are taskset and prlimit (util-linux) here?`)
  const stop = onClose(() => stopChild(child, program))
  return { pid: child.pid, child, output: () => printed, stop }
}

const stopChild = async (child: ChildProcess, program: Program): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(program.stopSignal ?? 'SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  await exited
  clearTimeout(timer)
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** A fresh folder on a real disk, removed at the end. */
export const temporaryFolder = async (name: string): Promise<string> => {
  const path = await mkdtemp(join(settings.dataRoot, `belfry-bench-${name}-`))
  onClose(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Polls until `isReady` gives true. Throws with the program's output when it ends or takes longer than `withinMs`. */
export const waitUntil = async (
  running: Running,
  isReady: () => Promise<boolean>,
  { withinMs = 60_000, everyMs = 50 } = {},
): Promise<void> => {
  const deadline = performance.now() + withinMs
  while (!(await isReady().catch(() => false))) {
    const { exitCode, signalCode } = running.child
    if (exitCode !== null || signalCode !== null || performance.now() > deadline) {
      throw new Error(`not ready (exit code ${exitCode ?? 'none'}):\n${running.output()}`)
    }
    await sleep(everyMs)
  }
}

/** Resident memory in bytes. */
export const residentBytes = (pid: number): number => {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) * 1_024
}

const ticksPerS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** CPU time of a process with all its threads, in milliseconds. */
export const cpuMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // Fields after the name, which may itself contain spaces; utime and stime are fields 14 and 15 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerS
}
