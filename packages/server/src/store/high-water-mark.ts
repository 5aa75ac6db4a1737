import { closeSync, existsSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'

/** Beside the database: how many commits were acknowledged. */
export const markFile = (database: string): string => `${database}-mark`

/**
 * Counts commits outside the database. SQLite ends a damaged or shortened write-ahead log silently at its last good
 * frame; the mark tells that acknowledged commits are missing. It is written after each commit and not flushed: after a
 * power loss it may be behind the database, never ahead.
 */
export class HighWaterMark {
  readonly #handle: number
  readonly #bytes = Buffer.alloc(8)

  constructor(database: string) {
    const file = markFile(database)
    this.#handle = openSync(file, existsSync(file) ? 'r+' : 'w+', 0o600)
  }

  write(commits: number): void {
    this.#bytes.writeDoubleLE(commits)
    writeSync(this.#handle, this.#bytes, 0, 8, 0)
  }

  close(): void {
    closeSync(this.#handle)
  }

  /** Commits that were acknowledged; 0 for a new folder. */
  static read(database: string): number {
    const file = markFile(database)
    if (!existsSync(file) || statSync(file).size < 8) return 0
    return readFileSync(file).readDoubleLE(0)
  }
}
