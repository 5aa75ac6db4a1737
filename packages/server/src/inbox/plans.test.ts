import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ids } from '../store/ids.ts'
import { Database } from '../store/sqlite/database.ts'
import { SqliteReader, SqliteTx } from '../store/sqlite/transaction.ts'
import { everyStatement, type Statements } from '../test/every-statement.ts'
import { features } from '../test/features.ts'

/** Remembers the text of every statement that was run on it. */
class RecordingDatabase extends Database {
  readonly texts = new Set<string>()

  override prepare(text: string): StatementSync {
    this.texts.add(text)
    return super.prepare(text)
  }
}

let folder: string
let db: RecordingDatabase
let statements: Statements

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'belfry-plans-'))
  db = new RecordingDatabase(join(folder, 'belfry.db'), { readOnly: false })
  db.migrate()
  db.texts.clear()
  const ids = new Ids(undefined)
  statements = await everyStatement({
    tx: () => new SqliteTx(db, Date.now(), ids),
    reader: () => new SqliteReader(db, Date.now()),
    take() {
      const texts = [...db.texts]
      db.texts.clear()
      return texts
    },
  })
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const planOf = (text: string) =>
  (db.all(`explain query plan ${text}`, []) as { detail: string }[]).map((row) => row.detail)

describe('the inbox', () => {
  it('was used by every command and query that it has', () => {
    const names = [...Object.keys(features.handlers), ...Object.keys(features.queries)]
    expect([...statements.keys()].sort()).toEqual(names.sort())
  })

  it('never looks through a whole table', () => {
    const scans = [...statements].flatMap(([name, texts]) =>
      texts.flatMap((text) =>
        planOf(text)
          .filter((detail) => /^SCAN /.test(detail) && detail !== 'SCAN CONSTANT ROW')
          .map((detail) => `${name}: ${detail} in ${text}`),
      ),
    )
    expect(scans).toEqual([])
  })

  it('finds items, entries, exceptions and marks by more than their topic or user', () => {
    const wide = [...statements].flatMap(([name, texts]) =>
      texts.flatMap((text) =>
        planOf(text)
          .filter((detail) => /^SEARCH (i|item|n|entry|e|exception|mark|r|revoked) /.test(detail))
          .filter(
            (detail) =>
              !/\((id|.*(rank|offset|body_id|origin_id|expires_at|snoozed_until))[=<>]/.test(detail),
          )
          .map((detail) => `${name}: ${detail} in ${text}`),
      ),
    )
    expect(wide).toEqual([])
  })

  it('looks items up one id at a time: for several, SQLite walks their topic', () => {
    const texts = [...statements.values()].flat().filter((text) => /"i"."id" (=|in)/.test(text))
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      expect(text).not.toMatch(/"i"."id" in/)
      expect(planOf(text)).toContain('SEARCH i USING PRIMARY KEY (id=?)')
    }
  })

  it('reads a page in the order of its index, without sorting', () => {
    const pages = (statements.get('listNotifications') ?? []).filter((text) =>
      text.includes('order by "i"."rank"'),
    )
    expect(pages.length).toBeGreaterThan(5)
    for (const text of pages) expect(planOf(text).join('\n')).not.toMatch(/TEMP B-TREE/)
  })

  it('notices a scan when there is one', () => {
    expect(planOf('select * from item where sender = ?')).toEqual(['SCAN item'])
  })
})
