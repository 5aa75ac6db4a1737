import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, ConfigError } from '../config.ts'

const FILE = 'jwt-secret'
/** Twice what HS256 needs, as text. */
const SECRET_BYTES = 48
const MIN_CHARACTERS = 32

/**
 * The secret that signs tokens: the one that is set, else the one in the data folder, made on the first start. Only
 * the owner of the process can read it.
 * @throws ConfigError when the folder cannot be used, or the file holds less than a secret
 */
export function loadSecret({ jwtSecret, dataDir }: Pick<Config, 'jwtSecret' | 'dataDir'>): string {
  if (jwtSecret !== undefined) return jwtSecret
  const file = join(dataDir, FILE)
  try {
    const secret = readIfPresent(file) ?? make(dataDir, file)
    if (secret.length >= MIN_CHARACTERS) return secret
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError([{ setting: 'DATA_DIR', advice: `Make this folder writable: ${reason}` }])
  }
  const advice = `The secret in ${file} is cut off. Restore the file, or remove it: then everyone signs in again.`
  throw new ConfigError([{ setting: 'DATA_DIR', advice }])
}

function readIfPresent(file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').trim()
    chmodSync(file, 0o600)
    return secret
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Written aside and linked into place: whoever comes second finds a whole secret, also after a crash. */
function make(dataDir: string, file: string): string {
  const draft = `${file}.${process.pid}`
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  rmSync(draft, { force: true })
  const handle = openSync(draft, 'wx', 0o600)
  writeSync(handle, secret)
  fsyncSync(handle)
  closeSync(handle)
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const folder = openSync(dataDir, 'r')
  fsyncSync(folder)
  closeSync(folder)
  return readIfPresent(file) ?? secret
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
