/** Where a test server runs: which Node, which port, which folder. */
import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')

/** The repository's pinned Node where it is installed, else the one that runs the tests. */
export function nodeBinary(): string {
  const pinned = join(ROOT, 'node_modules/.bin/node')
  return existsSync(pinned) ? pinned : process.execPath
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export function tempDir(): string {
  return mkdtempSync(join(tmpdir(), 'belfry-test-'))
}
