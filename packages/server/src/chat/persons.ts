import type { Reader } from '../store/store.ts'

export interface Person {
  id: string
  /** What others may call this user. */
  name: string
  roles: string[]
}

/** Below the number of parameters that both databases take in one statement. */
const PER_QUERY = 500

/** People by id; who is unknown or deleted goes by the id. */
export async function personsOf(reader: Reader, ids: Iterable<string>): Promise<Map<string, Person>> {
  const all = [...new Set(ids)]
  const found = new Map<string, Person>(all.map((id) => [id, { id, name: id, roles: [] }]))
  for (let at = 0; at < all.length; at += PER_QUERY) {
    const some = all.slice(at, at + PER_QUERY)
    const rows = await reader.query((db) =>
      db.selectFrom('account').select(['id', 'email', 'roles']).where('id', 'in', some),
    )
    for (const { id, email, roles } of rows) {
      // The whole address is for its owner alone.
      found.set(id, { id, name: email?.split('@')[0] ?? id, roles: JSON.parse(roles) })
    }
  }
  return found
}
