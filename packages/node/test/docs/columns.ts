import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer } from '@belfry/server'
import { tempDir } from '@belfry/testkit'

/** `table.column` of everything that a fresh server has in its database. */
export async function columns(): Promise<string[]> {
  const folder = tempDir()
  const belfry = await createServer({ DATA_DIR: folder, PLAYGROUND: 'off', LOG_LEVEL: 'silent' })
  await belfry.close()
  const db = new DatabaseSync(join(folder, 'belfry.db'), { readOnly: true })
  try {
    return db
      .prepare(
        `select m.name || '.' || c.name as name from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and m.name not like 'sqlite_%' order by 1`,
      )
      .all()
      .map((row) => String(row.name))
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same as a page tells it: a heading per table, a row per column or several. */
export function describedColumns(page: string): string[] {
  return page
    .split(/^### /m)
    .slice(1)
    .flatMap((section) => {
      const name = /^`(\w+)`/.exec(section)?.[1]
      const rows = [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)]
      return rows.flatMap((row) => [...(row[1] ?? '').matchAll(/\w+/g)].map((match) => `${name}.${match[0]}`))
    })
    .sort()
}
