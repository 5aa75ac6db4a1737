/** security.md §12, B10, B11, J5: settings that must stop the start, with the setting's name. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Environment, freePort, runToEnd, tempDir } from '@belfry/testkit'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { orSkip } from '../support/skip.ts'

vi.setConfig({ testTimeout: 60_000 })
const folder = tempDir()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'a-file')
writeFileSync(file, 'not a folder')
const noRules = join(folder, 'no-rules.mjs')
writeFileSync(noRules, 'export const other = 1')

const ROWS: readonly (readonly [name: string, env: Environment, says: RegExp])[] = [
  ['a secret of 31 characters', { JWT_SECRET: 'x'.repeat(31) }, /JWT_SECRET/],
  ['a known example secret', { JWT_SECRET: 'dev_super_secret_change_me' }, /JWT_SECRET/],
  ['a known example secret made long', { JWT_SECRET: 'dev_super_secret_change_me_please_now' }, /JWT_SECRET/],
  ['an empty secret', { JWT_SECRET: '' }, /JWT_SECRET/],
  ['AUTH=open on 0.0.0.0', { AUTH: 'open', HOST: '0.0.0.0', RATE_LIMIT: undefined }, /AUTH|HOST/],
  ['AUTH=open on ::', { AUTH: 'open', HOST: '::', RATE_LIMIT: undefined }, /AUTH|HOST/],
  [
    'AUTH=open on a public name',
    { AUTH: 'open', HOST: 'belfry.example', RATE_LIMIT: undefined },
    /AUTH|HOST/,
  ],
  ['an unknown AUTH', { AUTH: 'opened' }, /AUTH/],
  [
    'PLAYGROUND=on on 0.0.0.0',
    { PLAYGROUND: 'on', HOST: '0.0.0.0', RATE_LIMIT: undefined },
    /PLAYGROUND|HOST/,
  ],
  ['PLAYGROUND=on on ::', { PLAYGROUND: 'on', HOST: '::', RATE_LIMIT: undefined }, /PLAYGROUND|HOST/],
  ['RATE_LIMIT=off on 0.0.0.0', { HOST: '0.0.0.0' }, /RATE_LIMIT|HOST/],
  ['an unknown RATE_LIMIT', { RATE_LIMIT: 'maybe' }, /RATE_LIMIT/],
  ['a port that is no number', { PORT: 'eighty' }, /PORT/],
  ['a negative port', { PORT: '-1' }, /PORT/],
  ['a port over 65535', { PORT: '70000' }, /PORT/],
  ['CORS_ORIGINS=*', { CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
  ['an origin with a path', { CORS_ORIGINS: 'https://app.example/path' }, /CORS_ORIGINS/],
  ['an origin that is none', { CORS_ORIGINS: 'app.example' }, /CORS_ORIGINS/],
  ['an unknown transport', { TRANSPORTS: 'webtransport,smoke' }, /TRANSPORTS/],
  ['no transport', { TRANSPORTS: ',' }, /TRANSPORTS/],
  ['an admin e-mail that is none', { ADMIN_EMAIL: 'admin' }, /ADMIN_EMAIL/],
  ['an admin without a password', { ADMIN_PASSWORD: undefined }, /ADMIN_PASSWORD/],
  ['an admin with a short password', { ADMIN_PASSWORD: 'short' }, /ADMIN_PASSWORD/],
  ['a role to sign up with that is none', { SIGNUP_ROLES: 'a b' }, /SIGNUP_ROLES/],
  ['a DATA_DIR below a file', { DATA_DIR: join(file, 'data') }, /DATA_DIR/],
  ['a DATA_DIR that is a file', { DATA_DIR: file }, /DATA_DIR/],
  ['a chat policy that is not there', { CHAT_POLICY: join(folder, 'none.mjs') }, /CHAT_POLICY/],
  ['a chat policy that exports no rules', { CHAT_POLICY: noRules }, /CHAT_POLICY.*rules/],
  ['a group of one', { MAX_CHAT_MEMBERS: '1' }, /MAX_CHAT_MEMBERS/],
]

describe('the server does not start, and names the setting, with', () => {
  it.each(ROWS)('%s', async (_, env, says) => {
    const ended = await runToEnd({ env })
    expect(ended.wasServed).toBe(false)
    expect(ended.code).toBeGreaterThan(0)
    expect(ended.output).toMatch(says)
    const secret = env.JWT_SECRET
    if (secret) expect(ended.output).not.toContain(secret)
  })

  it('a port that is in use', async () => {
    const port = await freePort()
    const holder = createServer((connection) => connection.destroy())
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve))
    const ended = await runToEnd({ port })
    await new Promise((resolve) => holder.close(resolve))
    expect(ended.code).toBeGreaterThan(0)
    expect(ended.output).toMatch(/PORT|EADDRINUSE|in use/)
  })

  it('a DATA_DIR that cannot be written', async (test) => {
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    const isRoot = process.getuid?.() === 0
    // Root may write everywhere but on a read-only mount.
    const lock = isRoot ? spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', locked]).status === 0 : true
    orSkip(test, lock, 'root, and nothing can be mounted')
    if (!isRoot) chmodSync(locked, 0o500)
    const ended = await runToEnd({ env: { DATA_DIR: join(locked, 'data') } }).finally(() => {
      if (isRoot) spawnSync('umount', ['-l', locked])
    })
    expect(ended.code).toBeGreaterThan(0)
    expect(ended.output).toMatch(/DATA_DIR/)
  })
})
