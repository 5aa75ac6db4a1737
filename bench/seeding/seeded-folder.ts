import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startBelfry } from '../belfry.ts'
import { temporaryFolder } from '../processes.ts'

const SEED = fileURLToPath(new URL('seed.ts', import.meta.url))
const SQLITE_HEADER = 'SQLite format 3'

/** The database in a data folder, whatever it is called. */
export const databaseIn = (folder: string): string => {
  const isDatabase = (path: string): boolean => {
    const file = openSync(path, 'r')
    const head = Buffer.alloc(SQLITE_HEADER.length)
    readSync(file, head)
    closeSync(file)
    return head.toString() === SQLITE_HEADER
  }
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/-(wal|shm)$/.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .find(isDatabase)
  if (found === undefined) throw new Error(`no SQLite database in ${folder}`)
  return found
}

const made = new Map<string, Promise<string>>()

/** A data folder with this many accounts and notifications, and chats of that many members. Made once for each size; callers get a copy of their own. */
export const seededFolder = async (accounts: number, items: number, chatSize = 0): Promise<string> => {
  const original = await sharedSeededFolder(accounts, items, chatSize)
  const copy = await temporaryFolder('belfry')
  execFileSync('cp', ['--reflink=auto', '-a', `${original}/.`, copy])
  return copy
}

/** As `seededFolder`, but the one folder for all callers: for scenarios that only read, where a copy would take minutes. */
export const sharedSeededFolder = (accounts: number, items: number, chatSize = 0): Promise<string> => {
  const key = `${accounts}/${items}/${chatSize}`
  const folder = made.get(key) ?? makeFolder(accounts, items, chatSize)
  made.set(key, folder)
  return folder
}

const makeFolder = async (accounts: number, items: number, chatSize: number): Promise<string> => {
  const belfry = await startBelfry()
  await belfry.running.stop()
  if (items > 0) console.log(`seeding ${accounts} accounts and ${items} notifications`)
  const args = [
    '--conditions=@belfry/source',
    SEED,
    databaseIn(belfry.dataDir),
    String(accounts),
    String(items),
    String(chatSize),
  ]
  execFileSync(process.execPath, args, { stdio: 'inherit' })
  return belfry.dataDir
}
