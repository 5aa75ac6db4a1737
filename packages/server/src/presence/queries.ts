import type { PresenceRow } from '../store/sql/chat-schema.ts'
import type { Reader } from '../store/store.ts'
import { wishOf } from './handlers.ts'
import type { Durable } from './peer.ts'
import {
  blocksAround,
  blocksWithin,
  chatRow,
  chatsOf,
  membersOf,
  presenceRows,
  sharersAmong,
  sharersOf,
} from './statements.ts'

/** Below the number of parameters that both databases take in one statement. */
const PER_QUERY = 500

/** What is kept of users, in the order asked. */
export async function durableOf(reader: Reader, { users }: { users: string[] }): Promise<Durable[]> {
  const rows = new Map<string, PresenceRow>()
  for (let at = 0; at < users.length; at += PER_QUERY) {
    const some = users.slice(at, at + PER_QUERY)
    for (const row of await reader.query((db) => presenceRows(db, some))) rows.set(row.user_id, row)
  }
  return users.map((user) => {
    const row = rows.get(user)
    return { wish: wishOf(row, reader.now), lastActive: row?.last_active ?? null }
  })
}

export interface Contacts {
  /** Chats of any size. */
  chats: string[]
  /** Who may know whether the user is there. */
  sharers: string[]
}

export async function contactsOf(reader: Reader, { user }: { user: string }): Promise<Contacts> {
  const blocked = await blockedAround(reader, user)
  const sharers = await reader.all(sharersOf, { user })
  return {
    chats: (await reader.all(chatsOf, { user })).map(({ chat_id }) => chat_id),
    sharers: sharers.map(({ user_id }) => user_id).filter((other) => !blocked.has(other)),
  }
}

export interface SightAsked {
  viewer: string
  /** Staff sees everyone but who has blocked it. */
  isStaff: boolean
  users: string[]
}

/** Whom of the asked users each viewer may see. */
export async function mayBeSeen(reader: Reader, { asked }: { asked: SightAsked[] }): Promise<string[][]> {
  const answers: string[][] = []
  for (const { viewer, isStaff, users } of asked) {
    const known = new Set(isStaff ? await knownAmong(reader, users) : await sharing(reader, viewer, users))
    const blocked = await blockedAround(reader, viewer)
    answers.push(users.filter((user) => user === viewer || (known.has(user) && !blocked.has(user))))
  }
  return answers
}

async function sharing(reader: Reader, viewer: string, users: string[]): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < users.length; at += PER_QUERY) {
    const some = users.slice(at, at + PER_QUERY)
    for (const row of await reader.query((db) => sharersAmong(db, viewer, some))) found.push(row.user_id)
  }
  return found
}

/** Deleted accounts have no roles left. */
async function knownAmong(reader: Reader, users: string[]): Promise<string[]> {
  if (users.length === 0) return []
  const rows = await reader.query((db) =>
    db.selectFrom('account').select('id').where('id', 'in', users).where('roles', '!=', '[]'),
  )
  return rows.map(({ id }) => id)
}

async function blockedAround(reader: Reader, user: string): Promise<Set<string>> {
  const rows = await reader.all(blocksAround, { user })
  return new Set(rows.flatMap((row) => [row.user_id, row.blocked_id]).filter((other) => other !== user))
}

/** What typing in a chat has to know of it. */
export interface ChatFacts {
  state: string
  memberCount: number
  members: { userId: string; name: string; isWriter: boolean; mutedUntil: number | null }[]
  /** Pairs that hear nothing of each other. */
  blocks: [string, string][]
}

/** Undefined for a chat that does not exist. */
export async function chatFactsOf(
  reader: Reader,
  { chatId: chat }: { chatId: string },
): Promise<ChatFacts | undefined> {
  const row = await reader.get(chatRow, { chat })
  if (!row) return undefined
  const members = await reader.all(membersOf, { chat })
  const blocks = await reader.all(blocksWithin, { chat })
  return {
    state: row.state,
    memberCount: row.member_count,
    members: members.map(({ user_id: userId, role, access, muted_until: mutedUntil, email }) => ({
      ...{ userId, mutedUntil },
      // The whole address is for its owner alone.
      name: email?.split('@')[0] ?? userId,
      isWriter: role !== 'observer' && access === 'readwrite',
    })),
    blocks: blocks.map((block) => [block.user_id, block.blocked_id]),
  }
}
