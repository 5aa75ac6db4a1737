/** The tools for data, where the data are in PostgreSQL. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresService, startPostgres } from '@belfry/testkit/services'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { prepareDatabase } from '../store/postgres/index.ts'
import { registerDataCommands } from './data.ts'

let server: PostgresService
let url: string
let folder: string
beforeAll(async () => {
  server = await startPostgres({ isVolatile: true })
})
afterAll(() => server.close())
beforeEach(() => {
  url = server.createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'belfry-cli-'))
  vi.stubEnv('DATABASE_URL', url)
  vi.stubEnv('DATA_DIR', folder)
})
afterEach(() => {
  process.exitCode = 0
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

async function belfry(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const program = new Command('belfry').exitOverride()
  registerDataCommands(program)
  await program.parseAsync(args, { from: 'user' })
  const written = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join('')
  const ended = { code: process.exitCode, out: written(out), err: written(err) }
  vi.restoreAllMocks()
  return ended
}

it('give a database a new epoch and leave the rest', async () => {
  const before = await prepareDatabase(url)
  const { out } = await belfry('epoch', 'new')
  const after = await prepareDatabase(url)
  expect(after).toEqual({ ...before, epoch: out.trim() })
  expect(after.epoch).not.toBe(before.epoch)
})

it('say so when there are no data, and make none', async () => {
  for (const _ of [1, 2]) {
    const { code, err } = await belfry('epoch', 'new')
    expect(code).toBe(1)
    expect(err).toContain('There are no data of Belfry in this database.')
  }
})

it('never copy a folder that the data have left', async () => {
  writeFileSync(join(folder, 'belfry.db'), 'what was moved')
  const file = join(folder, 'copy.db')
  const { code, err } = await belfry('backup', file)
  expect(code).toBe(1)
  expect(err).toContain('use pg_dump')
  expect(existsSync(file)).toBe(false)
  expect((await belfry('restore', join(folder, 'belfry.db'))).err).toContain('use pg_restore')
})
