import { type Statement, statement } from '../store/sql/statement.ts'

export const insertAccount = statement<{
  id: string
  email: string | null
  hash: string | null
  roles: string
  now: number
}>()((db, p) =>
  db
    .insertInto('account')
    .values({
      id: p.id,
      email: p.email,
      password_hash: p.hash,
      roles: p.roles,
      disabled: 0,
      created_at: p.now,
    })
    .onConflict((conflict) => conflict.doNothing()),
)

export const accountRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('account').selectAll().where('id', '=', p.id),
)

export const accountRowByEmail = statement<{ email: string }>()((db, p) =>
  db.selectFrom('account').selectAll().where('email', '=', p.email),
)

export const setAccess = statement<{ id: string; roles: string; disabled: number }>()((db, p) =>
  db.updateTable('account').set({ roles: p.roles, disabled: p.disabled }).where('id', '=', p.id),
)

/** Changes the hash only if it still is the one that was checked. */
export const replaceHash = statement<{ id: string; from: string; to: string }>()((db, p) =>
  db
    .updateTable('account')
    .set({ password_hash: p.to })
    .where('id', '=', p.id)
    .where('password_hash', '=', p.from),
)

/** Keeps the id, so that nobody gets it again, and nothing else. */
export const blankAccount = statement<{ id: string }>()((db, p) =>
  db
    .updateTable('account')
    .set({ email: null, password_hash: null, roles: '[]', disabled: 1 })
    .where('id', '=', p.id),
)

/** Another enabled account that hears `topic`; asked with the topic of admins. */
export const otherEnabled = statement<{ topic: string; id: string }>()((db, p) =>
  db
    .selectFrom('subscription as s')
    .innerJoin('account as a', 'a.id', 's.user_id')
    .select('a.id')
    .where('s.topic', '=', p.topic)
    .where('s.to_offset', 'is', null)
    .where('a.disabled', '=', 0)
    .where('a.id', '!=', p.id)
    .limit(1),
)

export const insertSession = statement<{ id: string; user: string; now: number; expiresAt: number }>()(
  (db, p) =>
    db
      .insertInto('session')
      .values({ id: p.id, user_id: p.user, created_at: p.now, expires_at: p.expiresAt, revoked_at: null }),
)

export const sessionRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('session').selectAll().where('id', '=', p.id),
)

export const extendSession = statement<{ id: string; user: string; expiresAt: number }>()((db, p) =>
  db
    .updateTable('session')
    .set({ expires_at: p.expiresAt })
    .where('id', '=', p.id)
    .where('user_id', '=', p.user)
    .where('revoked_at', 'is', null),
)

export const revokeSession = statement<{ id: string; user: string; now: number }>()((db, p) =>
  db
    .updateTable('session')
    .set({ revoked_at: p.now })
    .where('id', '=', p.id)
    .where('user_id', '=', p.user)
    .where('revoked_at', 'is', null),
)

/** All sessions of a user but one; `keep` may name none. */
export const revokeSessions = statement<{ user: string; keep: string; now: number }>()((db, p) =>
  db
    .updateTable('session')
    .set({ revoked_at: p.now })
    .where('user_id', '=', p.user)
    .where('id', '!=', p.keep)
    .where('revoked_at', 'is', null),
)

export const deleteExpiredSessions = statement<{ before: number }>()((db, p) =>
  db.deleteFrom('session').where('expires_at', '<', p.before),
)

export const insertKey = statement<{
  id: string
  name: string
  hash: string
  owner: string
  scopes: string
  now: number
}>()((db, p) =>
  db.insertInto('api_key').values({
    id: p.id,
    name: p.name,
    hash: p.hash,
    owner_id: p.owner,
    scopes: p.scopes,
    created_at: p.now,
    revoked_at: null,
  }),
)

export const keyRow = statement<{ id: string }>()((db, p) =>
  db.selectFrom('api_key').selectAll().where('id', '=', p.id),
)

export const keyRowByHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom('api_key').selectAll().where('hash', '=', p.hash),
)

export const keyRows = statement<object>()((db) => db.selectFrom('api_key').selectAll().orderBy('id', 'desc'))

export const liveKeysOf = statement<{ owner: string }>()((db, p) =>
  db.selectFrom('api_key').select('id').where('owner_id', '=', p.owner).where('revoked_at', 'is', null),
)

export const setKeyRevoked = statement<{ id: string; now: number }>()((db, p) =>
  db.updateTable('api_key').set({ revoked_at: p.now }).where('id', '=', p.id).where('revoked_at', 'is', null),
)

interface OfUser {
  user: string
  topic: string
  now: number
  /** Offset of the entry that says so. */
  last: number
}

/** Takes away what a user leaves behind, beside the account itself. */
export const erasures: readonly Statement<OfUser, unknown>[] = [
  statement<OfUser>()((db, p) => db.deleteFrom('session').where('user_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('subscription').where('user_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('exception').where('user_id', '=', p.user)),
  statement<OfUser>()((db, p) => db.deleteFrom('mark').where('user_id', '=', p.user)),
  // A principal is written as a user's topic is.
  statement<OfUser>()((db, p) => db.deleteFrom('idempotency').where('principal', '=', p.topic)),
  // Nodes that were not told must find it: that the account is gone is all that it says.
  statement<OfUser>()((db, p) =>
    db.deleteFrom('entry').where('topic', '=', p.topic).where('offset', '<', p.last),
  ),
  statement<OfUser>()((db, p) => db.deleteFrom('revoked').where('topic', '=', p.topic)),
  // Other recipients of the same send may read their text from this user's item: that one stays, withdrawn.
  statement<OfUser>()((db, p) =>
    db
      .deleteFrom('item')
      .where('topic', '=', p.topic)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('item as o')
              .select('o.id')
              .whereRef('o.body_id', '=', 'item.id')
              .whereRef('o.topic', '<>', 'item.topic'),
          ),
        ),
      ),
  ),
  statement<OfUser>()((db, p) =>
    db
      .updateTable('item')
      .set({ revoked_at: p.now })
      .where('topic', '=', p.topic)
      .where('revoked_at', 'is', null),
  ),
  statement<OfUser>()((db, p) => db.deleteFrom('topic').where('topic', '=', p.topic)),
]
