/** Drives `clients/seed001.py` over its standard input and output. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { BelfryServer, Closable, Note } from '@belfry/testkit'
import { expect } from 'vitest'

/** Debian's own interpreter: the package `python3-socketio` installs for it, and for no other on the path. */
const PYTHON = '/usr/bin/python3'
const SCRIPT = join(import.meta.dirname, '../clients/seed001.py')

export interface PythonLine {
  event: 'connect' | 'disconnect' | 'connect_error' | 'refused' | 'notification'
  data?: Note
  transport?: string
  message?: string
}

export class PythonClient implements Closable {
  readonly lines: PythonLine[] = []
  readonly #child: ChildProcess
  #errors = ''

  constructor(url: string, userId: string, token: string) {
    this.#child = spawn(PYTHON, [SCRIPT, url, userId, ...(token === '' ? [] : [token])], { stdio: 'pipe' })
    this.#child.stderr?.on('data', (chunk) => {
      this.#errors += String(chunk)
    })
    if (this.#child.stdout === null) throw new Error('no output')
    createInterface({ input: this.#child.stdout }).on('line', (line) =>
      this.lines.push(JSON.parse(line) as PythonLine),
    )
  }

  tell(command: 'connect' | 'disconnect' | 'quit'): void {
    this.#child.stdin?.write(`${command}\n`)
  }

  get messages(): (string | undefined)[] {
    return this.lines.filter(({ event }) => event === 'notification').map(({ data }) => data?.message)
  }

  async until(what: string, isTrue: (client: PythonClient) => boolean): Promise<void> {
    await expect
      .poll(
        () =>
          isTrue(this)
            ? what
            : `not yet: ${what}; ${JSON.stringify(this.lines).slice(-300)} ${this.#errors.slice(-300)}`,
        {
          timeout: 8_000,
        },
      )
      .toBe(what)
  }

  close(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Never skipped: without the package the test fails and names it. */
export function requirePythonSocketIo(): void {
  const found = spawnSync(PYTHON, ['-c', 'import socketio'], { encoding: 'utf8' })
  if (found.status !== 0)
    throw new Error(`the Debian package python3-socketio is missing: ${found.stderr ?? found.error}`)
}

export function pythonClient(server: BelfryServer, userId: string, token = ''): PythonClient {
  return server.own(new PythonClient(server.url, userId, token))
}
