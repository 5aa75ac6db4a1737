import type { Counts } from '@belfry/protocol'
import type { SqlValue } from '../sql/statement.ts'

/** A table as both databases have it. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[]
}

export interface Column {
  readonly name: string
  readonly type: 'text' | 'bigint'
}

/** Values in the order of the table's columns. */
export type Row = readonly SqlValue[]

/** What tells whether two copies of a table are the same; the order of the rows does not matter. */
export interface Digest {
  rows: number
  /** Sum of the first 60 bits of the MD5 of each row, where a row is the sequence of its values as netstrings. */
  sum: bigint
}

/** Which state of which log is moved: a part that was copied from another one must not be continued. */
export interface Origin {
  epoch: string
  /** Grows with every commit. */
  commits: string
}

/** The data that leave. Nobody else may use them meanwhile. */
export interface MoveSource {
  readonly origin: Origin
  /** Where they were moved to already, if they were. */
  readonly movedTo: string | undefined
  readonly tables: readonly Table[]
  rowsIn(table: Table): number
  /** Rows after the given key, in the order of the key. */
  page(table: Table, after: Row | undefined, limit: number): Row[]
  /** Users to compare: some with much that is exceptional, some of all. */
  sampleUsers(limit: number): string[]
  countsOf(user: string, now: number): Promise<Counts>
  /** From here on no server starts on these data. */
  markMoved(to: string): void
  close(): void
}

/** How far a table has come. */
export interface Progress {
  /** Key of the last row that has arrived. */
  last: Row | undefined
  rows: number
}

/** Where the data go. A row and the progress that tells of it arrive together or not at all. */
export interface MoveTarget {
  /** For people: without a password. */
  readonly name: string
  /** Whether a move into it was begun and not finished. */
  isBegun(): Promise<boolean>
  /**
   * Makes the tables, or continues an interrupted move from the same origin; a part from another state of it is removed.
   * @throws Error when there is anything that did not come by a move
   */
  begin(origin: Origin, tables: readonly Table[]): Promise<Map<string, Progress>>
  write(table: Table, rows: readonly Row[], progress: Progress): Promise<void>
  digest(table: Table): Promise<Digest>
  countsOf(user: string, now: number): Promise<Counts>
  /** From here on servers may start on it; they sign with this secret, or with one of their own. */
  finish(secret: string | undefined): Promise<void>
  close(): Promise<void>
}
