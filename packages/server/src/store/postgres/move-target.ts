import { randomBytes } from 'node:crypto'
import type { Counts } from '@belfry/protocol'
import type pg from 'pg'
import { MOVING_FROM } from '../home.ts'
import type { Digest, MoveTarget, Origin, Progress, Row, Table } from '../move/ports.ts'
import type { Features } from '../store.ts'
import { assertDurable, openPool, schemaOf } from './connection.ts'
import { migrate, SECRET_BYTES } from './migrate.ts'
import { PostgresReader } from './transaction.ts'

/** Any number that no other use of the database has. */
const LOCK = 7_203_918_453

/**
 * An empty schema of a PostgreSQL database, or one that an interrupted move has begun to fill.
 * @throws Error when it cannot be reached, cannot keep what Belfry promises, or another move is under way
 */
export async function openMoveTarget(url: string, queries: Features['queries']): Promise<MoveTarget> {
  const pool = openPool({ url, max: 1, isPatient: true, onError: () => {} })
  try {
    const client = await pool.connect()
    // Whatever breaks it, the next query tells.
    client.on('error', () => {})
    const target = new PostgresTarget(client, url, queries, async () => {
      client.release()
      await pool.end()
    })
    await target.lock()
    return target
  } catch (error) {
    void pool.end()
    throw error
  }
}

class PostgresTarget implements MoveTarget {
  readonly name: string
  readonly #client: pg.Client
  readonly #url: string
  readonly #queries: Features['queries']
  readonly #end: () => Promise<void>

  constructor(client: pg.Client, url: string, queries: Features['queries'], end: () => Promise<void>) {
    const { host, pathname } = new URL(url)
    this.name = `postgres://${host}${pathname}?schema=${schemaOf(url)}`
    this.#client = client
    this.#url = url
    this.#queries = queries
    this.#end = end
  }

  /** As long as this process lives, and no longer. */
  async lock(): Promise<void> {
    const [row] = await this.#rows(`select pg_try_advisory_lock(${LOCK})::int as is_ours`)
    if (row?.is_ours !== 1) throw new Error(`Another move into ${this.name} is under way.`)
    const [encoding] = await this.#rows('show server_encoding')
    if (encoding?.server_encoding !== 'UTF8') throw new Error('The database must have the encoding UTF8.')
    await assertDurable(this.#client)
  }

  async isBegun(): Promise<boolean> {
    await migrate(this.#client, this.#url)
    return (await this.#begun()) !== undefined
  }

  /** From where. */
  async #begun(): Promise<unknown> {
    const [row] = await this.#rows('select value from setting where name = $1', [MOVING_FROM])
    return row?.value
  }

  async begin(origin: Origin, tables: readonly Table[]): Promise<Map<string, Progress>> {
    await migrate(this.#client, this.#url)
    const from = JSON.stringify(origin)
    const begun = await this.#begun()
    if (begun === undefined) await this.#assertEmpty(tables)
    await this.#atomically(async () => {
      await this.#rows(
        'create table if not exists moving (name text primary key, last text not null, rows bigint not null)',
      )
      if (begun === from) return
      await this.#rows(`truncate moving, ${tables.map(({ name }) => `"${name}"`).join(', ')}`)
      await this.#rows('insert into setting values ($1, $2)', [MOVING_FROM, from])
    })
    const arrived = await this.#rows('select name, last, rows from moving')
    return new Map(
      arrived.map(({ name, last, rows }) => [
        String(name),
        { last: JSON.parse(String(last)), rows: Number(rows) },
      ]),
    )
  }

  async #assertEmpty(tables: readonly Table[]): Promise<void> {
    for (const { name } of tables) {
      // Every schema has these from the start.
      const others = name === 'setting' ? ` where name not in ('epoch', 'secret')` : ''
      const rows = await this.#rows(`select 1 from "${name}"${others} limit 1`)
      if (rows.length > 0) {
        throw new Error(
          `There are data in ${this.name} already (${name}). Name an empty database, or another schema with ?schema=NAME.`,
        )
      }
    }
  }

  async write(table: Table, rows: readonly Row[], { last, rows: count }: Progress): Promise<void> {
    const columns = table.columns.map(({ name }) => `"${name}"`).join(', ')
    const arrays = table.columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')
    // Only the settings have a row from the start.
    const merge = table.name === 'setting' ? ' on conflict (name) do update set value = excluded.value' : ''
    const text = `insert into "${table.name}" (${columns}) select * from unnest(${arrays})${merge}`
    const values = table.columns.map((_, index) => rows.map((row) => row[index]))
    await this.#atomically(async () => {
      // Progress and rows are lost together, if they are; the last commit waits for all of them.
      await this.#rows('set local synchronous_commit = off')
      await this.#rows(text, values)
      await this.#rows(
        `insert into moving values ($1, $2, $3)
         on conflict (name) do update set last = excluded.last, rows = excluded.rows`,
        [table.name, JSON.stringify(last), count],
      )
    })
  }

  async digest({ name, columns }: Table): Promise<Digest> {
    const netstrings = columns.map(({ name: column }) => {
      const text = `"${column}"::text`
      return `coalesce(octet_length(${text}) || ':' || ${text}, '-')`
    })
    const number = `('x' || substr(md5(${netstrings.join(' || ')}), 1, 15))::bit(60)::bigint`
    const others = name === 'setting' ? ` where name not in ('secret', '${MOVING_FROM}')` : ''
    const [row] = await this.#rows(
      `select count(*) as rows, coalesce(sum(${number}), 0)::text as sum from "${name}"${others}`,
    )
    return { rows: Number(row?.rows), sum: BigInt(String(row?.sum)) }
  }

  countsOf(user: string, now: number): Promise<Counts> {
    // The query's answer; its name does not carry the type.
    return this.#queries.countNotifications?.(new PostgresReader(this.#client, now), {
      user,
    } as never) as Promise<Counts>
  }

  async finish(secret: string | undefined): Promise<void> {
    // The first queries would be planned for empty tables.
    await this.#rows('analyze')
    const counted = await this.#rows(
      `select table_name as "table", column_name as "column" from information_schema.columns
       where table_schema = current_schema() and is_identity = 'YES'`,
    )
    await this.#atomically(async () => {
      for (const { table, column } of counted)
        await this.#rows(
          `select setval(pg_get_serial_sequence('"${table}"', '${column}'), coalesce(max("${column}"), 0) + 1, false)
           from "${table}"`,
        )
      await this.#rows(
        `insert into setting values ('secret', $1) on conflict (name) do update set value = excluded.value`,
        [secret ?? randomBytes(SECRET_BYTES).toString('base64url')],
      )
      await this.#rows('drop table moving')
      await this.#rows('delete from setting where name = $1', [MOVING_FROM])
    })
  }

  async close(): Promise<void> {
    await this.#end()
  }

  async #rows(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#client.query<Record<string, unknown>>(text, values)).rows
  }

  async #atomically(work: () => Promise<void>): Promise<void> {
    await this.#client.query('begin')
    try {
      await work()
      await this.#client.query('commit')
    } catch (error) {
      await this.#client.query('rollback').catch(() => {})
      throw error
    }
  }
}
