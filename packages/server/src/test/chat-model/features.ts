import { createHash } from 'node:crypto'
import { Failure } from '@belfry/protocol'
import { sql } from 'kysely'
import { chatCountsOf } from '../../chat/unread.ts'
import type { Actor } from '../../core/actor.ts'
import { prepare as prepareReal, features as real, handlers as realHandlers } from '../../features.ts'
import type { Features, Handler, Reader, Tx } from '../../store/store.ts'
import { people } from '../features.ts'
import { timed, timedQueries } from '../timed.ts'
import { EDIT_WINDOW_MS, MAX_MEMBERS, REHEARSED } from './limits.ts'

export const prepare = (): Promise<void> =>
  prepareReal({ chat: { policy: 'default', maxMembers: MAX_MEMBERS, editWindowMs: EDIT_WINDOW_MS } })

interface Rehearsal {
  name: string
  input: never
}

/** Runs a command and takes it back. @throws Failure always: the command's own, or one that says that it worked */
async function rehearse(tx: Tx, actor: Actor, { name, input }: Rehearsal): Promise<never> {
  const handler = realHandlers[name]
  if (!handler) throw new Error(`No handler ${name}`)
  await handler(tx, actor, input)
  throw new Failure('internal', { errorId: REHEARSED })
}

/** Whose rows are looked at: those of one history, in a store that others have used before. */
interface Scope {
  users: string[]
  chats: string[]
}

/** Each table, and the column that says whose a row is. Logs only grow, so their topics' heads tell of them. */
const TABLES: [table: string, column: string, of: 'users' | 'chats' | 'topics'][] = [
  ['chat', 'id', 'chats'],
  ['room', 'id', 'chats'],
  ['member', 'chat_id', 'chats'],
  ['member', 'user_id', 'users'],
  ['message', 'chat_id', 'chats'],
  ['message', 'sender_id', 'users'],
  ['mention', 'chat_id', 'chats'],
  ['report', 'chat_id', 'chats'],
  ['media', 'owner_id', 'users'],
  ['reaction', 'user_id', 'users'],
  ['block', 'user_id', 'users'],
  ['subscription', 'user_id', 'users'],
  ['topic', 'topic', 'topics'],
  ['item', 'topic', 'topics'],
  ['exception', 'user_id', 'users'],
  ['mark', 'user_id', 'users'],
]

/** A digest of everything that a refused command must leave alone. */
async function digest(reader: Reader, { users, chats }: Scope): Promise<string> {
  const topics = [...users.map((user) => `user:${user}`), ...chats.map((chat) => `room:${chat}`)]
  const values = { users, chats, topics }
  const hash = createHash('sha256')
  for (const [table, column, of] of TABLES) {
    const wanted = sql.join(values[of].length === 0 ? [''] : values[of])
    const rows = sql<object>`(select * from ${sql.table(table)} where ${sql.ref(column)} in (${wanted}))`
    hash.update(JSON.stringify(await reader.query((db) => db.selectFrom(rows.as('rows')).selectAll())))
  }
  return hash.digest('hex')
}

/** By another path than what devices are told. */
const countsOfChats = (reader: Reader, { user, chatIds }: { user: string; chatIds: string[] }) =>
  chatCountsOf(reader, user, chatIds)

const handlers: Record<string, Handler> = { ...realHandlers, addPerson: people.addPerson, rehearse }

/** What a server runs, people without accounts, and every command and query at the time that it is given. */
export const features: Features = {
  handlers: timed(handlers),
  queries: timedQueries({ ...real.queries, digest, countsOfChats }),
}
