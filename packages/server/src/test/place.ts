import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { Store, StoreEvents } from '../store/store.ts'

export interface OpenOptions extends Partial<StoreEvents> {
  /** URL of the module that exports `features`. */
  features: URL
}

/** Where a store keeps its data between two openings: a file, a database. */
export interface Place {
  open(options: OpenOptions): Promise<Store>
  /** After the store was closed: nothing is left. */
  remove(): Promise<void>
}

export interface PlaceOptions {
  /** For tests of meaning and not of durability: nothing waits for a disk. */
  isVolatile?: boolean
}

/** Makes an empty place; suites that every store runs are given one of these. */
export type MakePlace = (options?: PlaceOptions) => Promise<Place>

/** The module of test features beside this one. */
export const testFeatures = new URL('./features.ts', import.meta.url)

const worker = new URL('../store/sqlite/worker.ts', import.meta.url)

/** Linux keeps this folder in memory; the store in its own thread is the real one. */
const MEMORY_FOLDER = '/dev/shm'

export interface SqlitePlace extends Place {
  readonly file: string
}

export async function makeSqlitePlace({ isVolatile = false }: PlaceOptions = {}): Promise<SqlitePlace> {
  const folder = makeFolder(isVolatile)
  const file = join(folder, 'belfry.db')
  return {
    file,
    open: ({ features, onCommitted = () => {}, onError = rethrow }) =>
      openSqliteStore({ file, worker, features, onCommitted, onError }),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

function makeFolder(isVolatile: boolean): string {
  try {
    return mkdtempSync(join(isVolatile ? MEMORY_FOLDER : tmpdir(), 'belfry-'))
  } catch {
    return mkdtempSync(join(tmpdir(), 'belfry-'))
  }
}

export function rethrow(error: unknown): never {
  throw error
}
