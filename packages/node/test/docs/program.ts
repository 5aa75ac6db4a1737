import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { nodeBinary, ROOT } from '@belfry/testkit'

export interface Program {
  stop(): Promise<void>
}

/** Runs a block as a program of its own, as if it stood at the root of the repository. */
export function runProgram(text: string, env: Record<string, string>): Program {
  const child: ChildProcess = spawn(nodeBinary(), ['--conditions=@belfry/source', '--eval', text], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
