import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withLock } from './lock.ts'

/** Above the largest number of a process that Linux gives. */
const NOBODY = 2 ** 30

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('lets one in at a time', async () => {
  const file = join(folder, 'lock')
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise(setImmediate)
    inside -= 1
  }
  await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)])
  expect(most).toBe(1)
  expect(existsSync(file)).toBe(false)
})

it('takes over from a process that died', async () => {
  const file = join(folder, 'lock')
  writeFileSync(file, String(NOBODY))
  let isDone = false
  await withLock(file, async () => {
    isDone = true
  })
  expect(isDone).toBe(true)
})

it('is given back after a failure', async () => {
  const file = join(folder, 'lock')
  const failing = withLock(file, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(existsSync(file)).toBe(false)
})
