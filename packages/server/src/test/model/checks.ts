import { deepStrictEqual } from 'node:assert/strict'
import type { Counts, Item, SyncFrame } from '@belfry/protocol'
import type { SyncAnswer } from '../../core/sync.ts'
import type { Draw } from '../random.ts'
import type { Row } from './oracle.ts'
import type { ReferenceReader } from './reader.ts'
import type { World } from './world.ts'

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** All numbers of all people. */
export async function checkCounts(world: World): Promise<void> {
  const users = world.people
  const found = (await world.store.read('countsOfMany', { users })) as Counts[]
  deepStrictEqual(
    found.map(({ at, ...numbers }, index) => [users[index], at, plain(numbers)]),
    users.map((user) => [user, headsOf(world, user), plain(world.oracle.counts(user))]),
    'counts',
  )
}

const plain = ({ byCategory, ...rest }: Omit<Counts, 'at'>) => ({
  ...rest,
  byCategory: Object.entries(byCategory).sort(([a], [b]) => (a < b ? -1 : 1)),
})

function headsOf(world: World, user: string): Record<string, number> {
  return Object.fromEntries(
    [...world.oracle.person(user).topics].map((topic) => [topic, world.heads[topic] ?? 0]),
  )
}

interface Filter {
  query: Record<string, unknown>
  has(row: Row): boolean
}

const isActive = (row: Row) => row.archivedAt === null && row.snoozedUntil === null
const inbox: Filter = { query: {}, has: isActive }
const filters: Filter[] = [
  { query: { archived: true }, has: (row) => row.archivedAt !== null && row.snoozedUntil === null },
  { query: { snoozed: true }, has: (row) => row.snoozedUntil !== null },
  {
    query: { snoozed: true, unread: true },
    has: (row) => row.snoozedUntil !== null && row.readAt === null,
  },
  { query: { unread: true }, has: (row) => isActive(row) && row.readAt === null },
  { query: { unread: false }, has: (row) => isActive(row) && row.readAt !== null },
  { query: { category: 'order' }, has: (row) => isActive(row) && row.sent.body.category === 'order' },
  { query: { priority: 'high' }, has: (row) => isActive(row) && row.sent.body.priority === 'high' },
  { query: { type: 'order:new' }, has: (row) => isActive(row) && row.sent.body.type === 'order:new' },
]

/** Whole lists of all people, page by page: order, state, times. */
export async function checkLists(world: World, draw: Draw): Promise<void> {
  for (const user of world.people) {
    for (const filter of [inbox, draw.pick(filters)]) {
      const items = await allPages(world, user, { ...filter.query, limit: draw.int(1, 9) })
      const expected = world.oracle.visible(user).filter(filter.has)
      deepStrictEqual(
        items.map(shown),
        expected.map(rowShown),
        `list of ${user} ${JSON.stringify(filter.query)}`,
      )
    }
  }
}

async function allPages(world: World, user: string, query: Record<string, unknown>): Promise<Item[]> {
  const items: Item[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const input = { user, ...query, ...(cursor === undefined ? {} : { cursor }) }
    const page = (await world.store.read('listNotifications', input)) as Page
    items.push(...page.notifications)
    cursor = page.nextCursor
  }
  return items
}

interface Page {
  notifications: Item[]
  nextCursor: string | null
}

const shown = (item: Item) => ({
  ...{ id: item.id, topic: item.topic, offset: item.offset, type: item.type, category: item.category },
  ...{ title: item.title, message: item.message, priority: item.priority, createdAt: item.createdAt },
  ...{ expiresAt: item.expiresAt ?? null, editedAt: item.editedAt ?? null },
  ...{ status: item.status, readAt: item.readAt, seenAt: item.seenAt, archivedAt: item.archivedAt },
  ...{ snoozedUntil: item.snoozedUntil ?? null, originId: item.originId ?? null },
})

function rowShown(row: Row): ReturnType<typeof shown> {
  const { sent, readAt, seenAt } = row
  const { type, category, title, message, priority, expiresAt, editedAt } = sent.body
  const passive = row.isDelivered ? 'delivered' : 'pending'
  return {
    ...{ id: sent.id, topic: sent.topic, offset: sent.offset, type, category, title, message, priority },
    ...{
      createdAt: new Date(sent.createdAt).toISOString(),
      expiresAt: iso(expiresAt),
      editedAt: iso(editedAt),
    },
    status: readAt !== null ? 'read' : seenAt !== null ? 'seen' : passive,
    ...{ readAt: iso(readAt), seenAt: iso(seenAt), archivedAt: iso(row.archivedAt) },
    ...{ snoozedUntil: iso(row.snoozedUntil), originId: sent.origin ?? null },
  }
}

/** What readers of the log hold: those that heard every entry, and one that comes back with an older cursor. */
export async function checkReaders(world: World, draw: Draw): Promise<void> {
  for (const reader of world.readers.values()) checkReader(world, reader, 'live reader')
  const [index] = world.asleep.length === 0 ? [] : [draw.int(0, world.asleep.length - 1)]
  if (index === undefined) return
  const [reader] = world.asleep.splice(index, 1)
  if (!reader) return
  await catchUp(world, reader)
  checkReader(world, reader, 'reader with an older cursor')
  deepStrictEqual(reader.offsets, { ...reader.offsets, ...headsOf(world, reader.user) }, 'cursor after sync')
}

async function catchUp(world: World, reader: ReferenceReader): Promise<void> {
  const { user, epoch, cursor } = reader
  let frame: SyncFrame
  let next: typeof cursor = cursor
  do {
    frame = ((await world.store.read('sync', { user, epoch, cursor: next })) as SyncAnswer).frame
    deepStrictEqual(frame.complete, true, 'a cursor of this epoch is answered with entries')
    const { at: _, ...numbers } = frame.counts
    deepStrictEqual(plain(numbers), plain(world.oracle.counts(user)), 'counts beside a sync')
    reader.take(frame)
    next = frame.cursor
  } while (frame.complete && frame.more)
}

function checkReader(world: World, reader: ReferenceReader, title: string): void {
  const held = [...reader.items.values()].sort((a, b) => (a.id < b.id ? 1 : -1))
  const expected = world.oracle.visible(reader.user).map((row) => ({
    id: row.sent.id,
    category: row.sent.body.category,
    title: row.sent.body.title,
    message: row.sent.body.message,
    priority: row.sent.body.priority,
    ...(row.sent.body.editedAt === null ? {} : { editedAt: iso(row.sent.body.editedAt) }),
    readAt: iso(row.readAt),
    seenAt: iso(row.seenAt),
    archivedAt: iso(row.archivedAt),
    snoozedUntil: iso(row.snoozedUntil),
  }))
  deepStrictEqual(held, expected, `${title} of ${reader.user}`)
}
