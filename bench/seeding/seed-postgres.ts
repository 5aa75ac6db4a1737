// The same data as seed.ts makes, in a PostgreSQL that a Belfry made its tables in. The database makes the rows itself.

import type { Databases } from '@belfry/testkit/services'

const YEAR_MS = 365 * 86_400_000

const topicsOf = (user: string) => [`'user:' || ${user}`, `'all'`, `'role:user'`]
const id = (user: string) => `'u' || lpad(${user}::text, 7, '0')`
const topic = (name: string, items: string) => `
  insert into topic (topic, head, items, categories)
  select ${name}, ${items}, ${items}, case when ${items} = 0 then '{}' else '{"order":' || ${items} || '}' end`

/** Half of the items belong to a thousandth of the users; the rest is spread evenly. */
const shares = (accounts: number, items: number) => {
  const heavy = Math.max(1, Math.floor(accounts / 1_000))
  const perHeavy = Math.floor(items / 2 / heavy)
  const perLight = Math.floor((items - heavy * perHeavy) / Math.max(1, accounts - heavy))
  return { heavy, perHeavy, perLight }
}

const itemsOf = (first: number, last: number, perUser: number, at: number) => `
  insert into item (id, topic, rank, "offset", category, created_at, sender, type, priority, body)
  select substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(tail, 1, 3) || '-8' || substr(tail, 4, 3) || '-' ||
    substr(tail, 7) || '000', topic, rank, rank, 'order', time, 'system', 'order:new', 'medium',
    '{"title":"A new order","message":"Order ' || number || ' received","meta":{"orderId":"o-' || number || '"}}'
  from generate_series(${first}, ${last}) as account, generate_series(1, ${perUser}) as rank,
    lateral (select (account - ${first})::bigint * ${perUser} + rank as number, 'user:' || ${id('account')} as topic) as one,
    lateral (select ${at} + number as time) as two,
    lateral (select lpad(to_hex(time), 12, '0') as hex, lpad(to_hex(number), 15, '0') as tail) as three`

/** Fills the database, which must be empty but for its tables. */
export const seedPostgres = (
  { query }: Pick<Databases, 'query'>,
  database: string,
  { accounts, items }: { accounts: number; items: number },
): void => {
  const at = Date.now() - items
  const { heavy, perHeavy, perLight } = shares(accounts, items)
  const users = `from generate_series(0, ${accounts - 1}) as account`
  const run = (statement: string) =>
    query(`set search_path = belfry; set synchronous_commit = off; ${statement}`, database)
  run(
    `${topic(`'user:' || ${id('account')}`, `case when account < ${heavy} then ${perHeavy} else ${perLight} end`)} ${users}`,
  )
  run(`insert into topic (topic) values ('all'), ('role:user') on conflict do nothing`)
  run(`insert into account (id, roles, created_at) select ${id('account')}, '["user"]', ${at} ${users}`)
  run(`insert into session (id, user_id, created_at, expires_at)
    select 'session-' || ${id('account')}, ${id('account')}, ${at}, ${at + YEAR_MS} ${users}`)
  for (const name of topicsOf(id('account')))
    run(`insert into subscription (user_id, topic, part, from_offset, from_rank, delivered_rank, seen_rank, read_rank, cleared_rank)
      select ${id('account')}, ${name}, 0, 0, 0, 0, 0, 0, 0 ${users}`)
  if (perHeavy > 0) run(itemsOf(0, heavy - 1, perHeavy, at))
  if (perLight > 0) run(itemsOf(heavy, accounts - 1, perLight, at + heavy * perHeavy))
  query('vacuum analyze', database)
}
