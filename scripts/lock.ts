import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** How often a waiter looks again: short beside a build, long beside a look. */
const RETRY_MS = 100

/** Runs `work` while no other process holds `file`. The lock of a process that died is void. */
export async function withLock(file: string, work: () => Promise<void>): Promise<void> {
  for (let told = 0; !takeLock(file); await sleep(RETRY_MS)) {
    const owner = ownerOf(file)
    if (owner === undefined) continue
    if (!isAlive(owner)) rmSync(file, { force: true })
    else if (owner !== told) {
      process.stderr.write(`waiting for process ${owner}, which builds too\n`)
      told = owner
    }
  }
  try {
    await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** Links a file that already holds the number, so that nobody ever reads a lock without an owner. */
function takeLock(file: string): boolean {
  const own = `${file}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(own)
  }
}

function ownerOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    // Given back a moment ago.
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and belongs to somebody else.
    return isCode(error, 'EPERM')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
