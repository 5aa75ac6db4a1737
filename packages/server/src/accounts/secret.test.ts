import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError } from '../config.ts'
import { loadSecret } from './secret.ts'

const folders: string[] = []
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'belfry-secret-'))
  folders.push(path)
  return path
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true })
})
const load = (dataDir: string, jwtSecret?: string) => loadSecret({ dataDir, jwtSecret })

describe('loadSecret', () => {
  it('takes the one that is set, and writes nothing', () => {
    const dataDir = folder()
    expect(load(dataDir, 'x'.repeat(32))).toBe('x'.repeat(32))
    expect(readdirSync(dataDir)).toEqual([])
  })

  it('makes one on the first start, and keeps it', () => {
    const dataDir = folder()
    const secret = load(dataDir)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48)
    expect(load(dataDir)).toBe(secret)
    expect(readdirSync(dataDir)).toEqual(['jwt-secret'])
    expect(load(folder())).not.toBe(secret)
  })

  it('lets nobody else read it', () => {
    const dataDir = folder()
    load(dataDir)
    const file = join(dataDir, 'jwt-secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    load(dataDir)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('refuses one that is cut off, and leaves it as it is', () => {
    const dataDir = folder()
    writeFileSync(join(dataDir, 'jwt-secret'), 'short')
    expect(() => load(dataDir)).toThrow(ConfigError)
    expect(() => load(dataDir)).toThrow(/DATA_DIR.*jwt-secret/)
    expect(readFileSync(join(dataDir, 'jwt-secret'), 'utf8')).toBe('short')
  })

  it('names DATA_DIR when the folder cannot be used', () => {
    const file = join(folder(), 'a-file')
    writeFileSync(file, '')
    expect(() => load(join(file, 'data'))).toThrow(/DATA_DIR/)
  })
})
