import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface FolderLock {
  release(): void
}

/**
 * Takes a data folder for this process alone: an exclusive transaction on a tiny database beside the data, which the
 * operating system gives back whatever way the process ends.
 * @throws Error when another process has it
 */
export function lockFolder(folder: string): FolderLock {
  const db = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch {
    db.close()
    throw new Error('DATA_DIR is in use by another Belfry process.')
  }
  return { release: () => db.close() }
}
