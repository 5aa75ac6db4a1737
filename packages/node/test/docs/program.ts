import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { nodeBinary, ROOT } from '@belfry/testkit'

export interface Program {
  /** Rejects when the program ends by itself. */
  ended: Promise<never>
  stop(): Promise<void>
}

/** Runs a block as a program of its own, as if it stood at the root of the repository. */
export function runProgram(text: string, env: Record<string, string>): Program {
  const child: ChildProcess = spawn(nodeBinary(), ['--conditions=@belfry/source', '--eval', text], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let isStopped = false
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(isStopped ? 'stopped' : `the program ended with ${code}; see above`)
  })
  ended.catch(() => {})
  return {
    ended,
    async stop() {
      isStopped = true
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
