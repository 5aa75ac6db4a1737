import { type EntryKind, Failure, type Item } from '@belfry/protocol'
import type { Actor } from '../core/actor.ts'
import { append } from '../core/log.ts'
import { topics } from '../core/topics.ts'
import { statement } from '../store/sql/statement.ts'
import type { Reader, Tx } from '../store/store.ts'
import { compact } from './compact.ts'
import { firstSeenAt, iso, isRead, isSeen, type Mark, type StateRow, toItem } from './item.ts'
import { marksFrom, successorOf, visibleItem } from './statements.ts'
import { wake } from './wake.ts'

/** Deleted items can be restored this long; the undo of ui.md §5. */
const RESTORABLE_MS = 7 * 24 * 3600 * 1000

type Row = NonNullable<Awaited<ReturnType<typeof find>>>
type Exception = Pick<
  StateRow,
  'is_read' | 'read_at' | 'seen_at' | 'archived_at' | 'deleted_at' | 'snoozed_until'
>

const find = (reader: Reader, user: string, id: string) => reader.get(visibleItem, { user, id })

/** The user's item, under an id that it had before a snooze too. */
async function findCurrent(reader: Reader, user: string, id: string): Promise<Row | undefined> {
  const row = await find(reader, user, id)
  if (row && row.deleted_at !== 0) return row
  const successor = await reader.get(successorOf, { topic: topics.user(user), id })
  return successor && find(reader, user, successor.id)
}

const keepException = statement<
  { user: string; topic: string; rank: number; category: string } & Exception
>()((db, p) =>
  db
    .insertInto('exception')
    .values({
      user_id: p.user,
      topic: p.topic,
      rank: p.rank,
      category: p.category,
      is_read: p.is_read,
      read_at: p.read_at,
      seen_at: p.seen_at,
      archived_at: p.archived_at,
      deleted_at: p.deleted_at,
      snoozed_until: p.snoozed_until,
    })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'topic', 'rank']).doUpdateSet((row) => ({
        is_read: row.ref('excluded.is_read'),
        read_at: row.ref('excluded.read_at'),
        seen_at: row.ref('excluded.seen_at'),
        archived_at: row.ref('excluded.archived_at'),
        deleted_at: row.ref('excluded.deleted_at'),
        snoozed_until: row.ref('excluded.snoozed_until'),
      })),
    ),
)

/** A change of one item's state; undefined when the item is in that state already. Pure. */
export type Transition = (row: StateRow, now: number) => Partial<Exception> | undefined

const read: Transition = (row, now) =>
  isRead(row) ? undefined : { is_read: 1, read_at: now, seen_at: firstSeenAt(row, now) }

/** Below the pointer only an explicit 0 makes an item unread, and while it is snoozed, wherever the pointer will be. */
const unreadFlag = (row: StateRow, snoozedUntil: number | null) =>
  row.rank <= row.read_rank || snoozedUntil !== null ? 0 : null

/** Snoozing has seen it; read or not, it stays as it is, whatever the pointers do. */
const snoozed =
  (until: number): Transition =>
  (row, now) =>
    row.snoozed_until === until
      ? undefined
      : { is_read: isRead(row) ? 1 : 0, seen_at: firstSeenAt(row, now), snoozed_until: until }

export const transitions = {
  'item.read': read,
  // It stays seen: whatever reads also sees.
  'item.unread': (row) =>
    isRead(row) ? { is_read: unreadFlag(row, row.snoozed_until), read_at: null } : undefined,
  'item.seen': (row, now) => (isSeen(row) ? undefined : { seen_at: now }),
  'item.archived': (row, now) =>
    row.archived_at === null ? { ...read(row, now), archived_at: now } : undefined,
  'item.unarchived': (row) => (row.archived_at === null ? undefined : { archived_at: null }),
  'item.unsnoozed': (row) =>
    row.snoozed_until === null
      ? undefined
      : { is_read: isRead(row) ? 1 : unreadFlag(row, null), snoozed_until: null },
  'item.deleted': (_, now) => ({ deleted_at: now }),
  'item.restored': () => ({ deleted_at: null }),
} as const satisfies Partial<Record<EntryKind, Transition>>

export type StateKind = keyof typeof transitions | 'item.snoozed'

/** Whether the change may be asked for: deleted items can only be restored, others cannot. */
function isEligible(row: Row, kind: StateKind, now: number): boolean {
  if (kind !== 'item.restored') return row.deleted_at === null
  return row.deleted_at !== null && row.deleted_at > now - RESTORABLE_MS
}

type Change =
  | { ids: string[]; kind: keyof typeof transitions }
  | { ids: string[]; kind: 'item.snoozed'; until: number }

/**
 * Applies one transition to the caller's items. One unknown id is `not_found`; among several, unknown ones are
 * neither changed nor counted.
 */
async function change(tx: Tx, actor: Actor, wanted: Change): Promise<Record<string, never>> {
  if (actor.kind !== 'user') throw new Failure('unauthorized')
  const { kind, ids } = wanted
  const transition = wanted.kind === 'item.snoozed' ? snoozed(wanted.until) : transitions[wanted.kind]
  const done: Row[] = []
  const touched = new Map<string, Row>()
  for (const id of new Set(ids)) {
    const row = await findCurrent(tx, actor.id, id)
    const isKnown = row !== undefined && isEligible(row, kind, tx.now)
    if (!isKnown && ids.length === 1) throw new Failure('not_found')
    const patch = isKnown ? transition(row, tx.now) : undefined
    if (!row || !patch) continue
    // Its place is among what was cleared since: it comes back on top.
    if (kind === 'item.unsnoozed' && row.rank <= row.cleared_rank) {
      await wake(tx, actor.id, row)
      continue
    }
    const next = { ...row, ...patch }
    tx.write(keepException, { user: actor.id, ...next })
    done.push(next)
    touched.set(`${row.topic} ${row.part}`, row)
  }
  for (const { topic, part } of touched.values()) await compact(tx, { user: actor.id, topic, part })
  if (done.length > 0) await announce(tx, actor.id, wanted, done)
  return {}
}

async function announce(tx: Tx, user: string, wanted: Change, rows: Row[]): Promise<void> {
  const { kind } = wanted
  const topic = topics.user(user)
  const ids = rows.map((row) => row.id)
  switch (kind) {
    case 'item.unread':
      return void (await append(tx, topic, kind, { ids }))
    case 'item.restored':
    case 'item.unarchived':
    case 'item.unsnoozed':
      return void (await append(tx, topic, kind, { ids, items: await toItems(tx, user, rows) }))
    case 'item.snoozed':
      return void (await append(tx, topic, kind, { ids, at: iso(tx.now), until: iso(wanted.until) }))
    default:
      return void (await append(tx, topic, kind, { ids, at: iso(tx.now) }))
  }
}

const handler =
  (kind: keyof typeof transitions) =>
  (tx: Tx, actor: Actor, { ids }: { ids: string[] }) =>
    change(tx, actor, { kind, ids })

export const markRead = handler('item.read')
export const markUnread = handler('item.unread')
export const markSeen = handler('item.seen')
export const archive = handler('item.archived')
export const unarchive = handler('item.unarchived')
export const restore = handler('item.restored')
export const deleteNotifications = handler('item.deleted')
export const unsnooze = handler('item.unsnoozed')
export const deleteNotification = (tx: Tx, actor: Actor, { id }: { id: string }) =>
  change(tx, actor, { kind: 'item.deleted', ids: [id] })

/** Longer is forgetting. */
const MAX_SNOOZE_MS = 366 * 24 * 3600 * 1000

export function snooze(tx: Tx, actor: Actor, { ids, until: text }: { ids: string[]; until: string }) {
  const until = Date.parse(text)
  if (until <= tx.now || until > tx.now + MAX_SNOOZE_MS) {
    const message = 'until: Choose a time in the future, at most a year from now.'
    throw new Failure('validation_failed', { field: 'until', message })
  }
  return change(tx, actor, { kind: 'item.snoozed', ids, until })
}

/** Rows to items, with the times at which pointers passed them. */
export async function toItems(
  reader: Reader,
  user: string,
  rows: Parameters<typeof toItem>[0][],
): Promise<Item[]> {
  const lowest = new Map<string, number>()
  for (const { topic, rank, read_rank, seen_rank } of rows) {
    if (rank > read_rank && rank > seen_rank) continue
    lowest.set(topic, Math.min(rank, lowest.get(topic) ?? rank))
  }
  const marks = new Map<string, Mark[]>()
  for (const [topic, rank] of lowest) marks.set(topic, await reader.all(marksFrom, { user, topic, rank }))
  return rows.map((row) => toItem(row, marks.get(row.topic) ?? []))
}
