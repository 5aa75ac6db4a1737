import { Failure, type Item, type ParsedInput } from '@belfry/protocol'
import { sql } from 'kysely'
import { sideBySide } from '../core/side-by-side.ts'
import type { Builder } from '../store/sql/statement.ts'
import type { Reader } from '../store/store.ts'
import { rankUpTo } from './ranks.ts'
import { toItems } from './state.ts'
import { intervalsOf, visibleItems } from './statements.ts'

export type ListInput = ParsedInput<'listNotifications'> & { user: string }
export interface Page {
  notifications: Item[]
  nextCursor: string | null
}

type Row = Awaited<ReturnType<typeof pageOfInterval>>[number]

interface Bounds {
  topic: string
  above: number
  upTo: number
}

/**
 * A page of the merged inbox, newest first: ids are in order of acceptance, so the cursor is the last id shown, and
 * pages neither repeat nor skip when something new arrives.
 */
export async function listNotifications(reader: Reader, input: ListInput): Promise<Page> {
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor)
  const intervals = await reader.all(intervalsOf, { user: input.user })
  const pages = await sideBySide(intervals, async (interval): Promise<Row[]> => {
    // What is snoozed was not cleared.
    const above = input.snoozed ? interval.from_rank : Math.max(interval.from_rank, interval.cleared_rank)
    let upTo = interval.to_rank ?? interval.items
    if (after !== undefined)
      upTo = await rankUpTo(reader, interval.topic, justBefore(after), { low: above, high: upTo })
    return upTo > above ? pageOfInterval(reader, input, { topic: interval.topic, above, upTo }) : []
  })
  const rows = pages.flat()
  rows.sort((a, b) => (a.id < b.id ? 1 : -1))
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    notifications: await toItems(reader, input.user, page),
    nextCursor: rows.length > input.limit && last ? encodeCursor(last.id) : null,
  }
}

function pageOfInterval(reader: Reader, input: ListInput, { topic, above, upTo }: Bounds) {
  return reader.query((db: Builder) => {
    let query = visibleItems(db, input.user)
      .where('i.topic', '=', topic)
      .where('i.rank', '>', above)
      .where('i.rank', '<=', upTo)
      .where('e.deleted_at', 'is', null)
      .where('e.snoozed_until', input.snoozed ? 'is not' : 'is', null)
      .orderBy('i.rank', 'desc')
      .limit(input.limit + 1)
    if (input.snoozed) query = query.where('i.rank', 'in', snoozedRanks(db, input.user, topic))
    else query = query.where('e.archived_at', input.archived ? 'is not' : 'is', null)
    if (input.unread !== undefined)
      query = query.where(input.unread ? isUnread : sql<boolean>`not ${isUnread}`)
    if (input.type !== undefined) query = query.where('i.type', '=', input.type)
    if (input.category !== undefined) query = query.where('i.category', '=', input.category)
    if (input.priority !== undefined) query = query.where('i.priority', '=', input.priority)
    if (input.q !== undefined) query = query.where(contains(input.q))
    return query
  })
}

/** Few, and found by an index of their own: not by the one that has the topic, too, and all its exceptions. */
const snoozedRanks = (db: Builder, user: string, topic: string) =>
  db
    .selectFrom('exception')
    .select('rank')
    .where('user_id', '=', user)
    .where('snoozed_until', '>', 0)
    .where(sql<string>`topic || ''`, '=', topic)

// Never null, so that its negation is the rest.
const isUnread = sql<boolean>`coalesce(e.is_read = 0, i.rank > s.read_rank)`

/** Words of the text itself: wildcards in the search stand for themselves. */
function contains(text: string) {
  const pattern = `%${JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  return sql<boolean>`lower(coalesce(i.body, b.body)) like lower(${pattern}) escape '\\'`
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

function encodeCursor(id: string): string {
  return Buffer.from(id).toString('base64url')
}

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!ID.test(id))
    throw new Failure('validation_failed', { field: 'cursor', message: 'This cursor is not one of ours.' })
  return id
}

/** A text that sorts right before `id` and after every smaller id. */
function justBefore(id: string): string {
  return id.slice(0, -1) + String.fromCharCode(id.charCodeAt(id.length - 1) - 1)
}
