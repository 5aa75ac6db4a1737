import { statement } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'

export interface Person {
  id: string
  /** What others may call this user. */
  name: string
  roles: string[]
}

/** Below the number of parameters that both databases take in one statement. */
const PER_QUERY = 500

const accountOf = statement<{ id: string }>()((db, p) =>
  db.selectFrom('account').select(['id', 'email', 'roles']).where('id', '=', p.id),
)

const accountsOf = (reader: Reader, ids: string[]) =>
  reader.query((db) => db.selectFrom('account').select(['id', 'email', 'roles']).where('id', 'in', ids))

/** People by id; who is unknown or deleted goes by the id. */
export async function personsOf(reader: Reader, ids: Iterable<string>): Promise<Map<string, Person>> {
  const all = [...new Set(ids)]
  const found = new Map<string, Person>(all.map((id) => [id, toPerson({ id, email: null, roles: null })]))
  for (let at = 0; at < all.length; at += PER_QUERY) {
    const some = all.slice(at, at + PER_QUERY)
    const [only = ''] = some
    // One is asked for most often, by a statement that is compiled once.
    const rows =
      some.length === 1 ? await reader.all(accountOf, { id: only }) : await accountsOf(reader, some)
    for (const row of rows) found.set(row.id, toPerson(row))
  }
  return found
}

export function toPerson({
  id,
  email,
  roles,
}: {
  id: string
  email: string | null
  roles: string | null
}): Person {
  // The whole address is for its owner alone.
  return { id, name: email?.split('@')[0] ?? id, roles: roles === null ? [] : JSON.parse(roles) }
}
