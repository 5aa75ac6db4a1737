import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Digest, MoveSource, MoveTarget, Progress, Row, Table } from './ports.ts'

/** Rows that arrive together: enough to hide the round trip, few enough to hold even if each is as large as may be. */
const PAGE_ROWS = 2000
/** Users whose numbers are compared. */
const SAMPLE_USERS = 200

export interface Moved {
  rows: number
  tables: number
  users: number
}

/** Told after each page; `done` and `total` are rows of all tables. */
export type Report = (phase: 'copy' | 'verify', done: number, total: number, table: string) => void

interface Move {
  source: MoveSource
  target: MoveTarget
  /** What the source's tokens are signed with, where it is not set from outside. */
  secret: string | undefined
  report: Report
}

/**
 * Copies everything, compares both sides, and only then closes the old home and opens the new one, in this order: a move
 * that dies leaves at each moment at most one of the two in which a server starts.
 *
 *   begin ─► copy ─► verify ─► old marked as moved ─► new opened
 *
 * Run again, it goes on where it was.
 * @throws Error when the two differ: then the source is as it was, and the target stays closed
 */
export async function move({ source, target, secret, report }: Move): Promise<Moved> {
  const isElsewhere = source.movedTo !== target.name || !(await target.isBegun())
  if (source.movedTo !== undefined && isElsewhere) {
    throw new Error(`These data were moved to ${source.movedTo} already.`)
  }
  const { tables } = source
  const arrived = await target.begin(source.origin, tables)
  const expected = new Map(tables.map((table) => [table.name, source.rowsIn(table)]))
  const total = [...expected.values()].reduce((sum, rows) => sum + rows, 0)
  let done = 0
  for (const table of tables) {
    let progress = arrived.get(table.name) ?? { last: undefined, rows: 0 }
    done += progress.rows
    for (let rows = source.page(table, progress.last, PAGE_ROWS); rows.length > 0; ) {
      progress = { last: keyOf(table, rows.at(-1)), rows: progress.rows + rows.length }
      await target.write(table, rows, progress)
      done += rows.length
      report('copy', done, total, table.name)
      rows = source.page(table, progress.last, PAGE_ROWS)
    }
  }
  await verifyTables(source, target, (rows, table) => report('verify', rows, total, table))
  const users = await verifyCounts(source, target)
  source.markMoved(target.name)
  await target.finish(secret)
  return { rows: total, tables: tables.length, users }
}

function keyOf(table: Table, row: Row | undefined): Progress['last'] {
  return (
    row && table.key.map((name) => row[table.columns.findIndex((column) => column.name === name)] ?? null)
  )
}

async function verifyTables(
  source: MoveSource,
  target: MoveTarget,
  report: (rows: number, table: string) => void,
): Promise<void> {
  let done = 0
  for (const table of source.tables) {
    const sent = digestOf(source, table)
    const received = await target.digest(table)
    if (sent.rows !== received.rows || sent.sum !== received.sum) {
      throw new Error(
        `The copy of ${table.name} is not the same: ${sent.rows} rows here, ${received.rows} there. Nothing was switched over.`,
      )
    }
    done += sent.rows
    report(done, table.name)
  }
}

function digestOf(source: MoveSource, table: Table): Digest {
  const digest: Digest = { rows: 0, sum: 0n }
  for (let rows = source.page(table, undefined, PAGE_ROWS); rows.length > 0; ) {
    for (const row of rows) digest.sum += numberOf(row)
    digest.rows += rows.length
    rows = source.page(table, keyOf(table, rows.at(-1)), PAGE_ROWS)
  }
  return digest
}

/** Of one row, as `Digest` says; the target computes the same in SQL. */
function numberOf(row: Row): bigint {
  const netstrings = row.map((value) => {
    if (value === null) return '-'
    const text = String(value)
    return `${Buffer.byteLength(text)}:${text}`
  })
  return BigInt(`0x${hash('md5', netstrings.join('')).slice(0, 15)}`)
}

/** By the query that every badge is told from. */
async function verifyCounts(source: MoveSource, target: MoveTarget): Promise<number> {
  const users = source.sampleUsers(SAMPLE_USERS)
  for (const user of users) {
    const now = Date.now()
    const [before, after] = [await source.countsOf(user, now), await target.countsOf(user, now)]
    if (!isDeepStrictEqual(before, after)) {
      throw new Error(
        `The numbers of ${user} differ: ${JSON.stringify(before)} here, ${JSON.stringify(after)} there. Nothing was switched over.`,
      )
    }
  }
  return users.length
}
