import {
  body,
  counts,
  created,
  cursor,
  entry,
  idOf,
  item,
  items,
  ME,
  page,
  read,
  snapshot,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { applyCounts, applyLive, applySync, emptyInbox, type Inbox, settleCounts } from './inbox.ts'

const known = (...numbers: number[]): Inbox => applySync(emptyInbox, snapshot(items(...numbers))).inbox
const ids = (inbox: Inbox) => inbox.list.items.map(({ id }) => id)
const at = (inbox: Inbox) => inbox.cursor?.offsets[ME]

test('a snapshot takes the place of everything and tells nothing as new', () => {
  const applied = applySync(known(2, 1), snapshot(items(9), { cursor: cursor(9, 'e2') }))
  expect(ids(applied.inbox)).toEqual([idOf(9)])
  expect(applied.created).toEqual([])
  expect(applied.inbox.cursor).toEqual(cursor(9, 'e2'))
})

test('the next entry is applied, an old one ignored', () => {
  const first = applyLive(known(2, 1), [created(3)])
  expect(ids(first.inbox)).toEqual([idOf(3), idOf(2), idOf(1)])
  expect(first.created.map(({ id }) => id)).toEqual([idOf(3)])
  const again = applyLive(first.inbox, [created(3), created(2)])
  expect(again.inbox).toEqual(first.inbox)
  expect(again.created).toEqual([])
})

test('a gap stops, and what comes after it is handed back', () => {
  const applied = applyLive(known(2, 1), [created(3), created(5), created(6)])
  expect(at(applied.inbox)).toBe(3)
  expect(applied.rest.map(({ offset }) => offset)).toEqual([5, 6])
})

test('an entry of an unknown topic is a gap', () => {
  const applied = applyLive(
    known(),
    [created(1, { topic: 'room:x' })].map((one) => ({ ...one, topic: 'room:x' })),
  )
  expect(applied.rest).toHaveLength(1)
})

test('a joined topic is followed from its offset, and a left one keeps where it was', () => {
  const joined = applyLive(known(), [entry(1, 'topic.joined', { topic: 'room:x', offset: 7 })]).inbox
  const heard = applyLive(joined, [entry(8, 'item.created', body(1, { topic: 'room:x' }), 'room:x')])
  expect(heard.created).toHaveLength(1)
  const left = applyLive(heard.inbox, [entry(2, 'topic.left', { topic: 'room:x', offset: 8 })]).inbox
  expect(left.cursor?.offsets).toEqual({ [ME]: 2, 'room:x': 8 })
})

test('a page of the log skips what was applied and ends where it says', () => {
  const frame = page([read(2, 1), entry(3, 'item.created', item(3))], {
    cursor: { epoch: 'e1', offsets: { [ME]: 3, all: 12 } },
  })
  const applied = applySync(known(2, 1), frame)
  expect(applied.entries.map(({ offset }) => offset)).toEqual([3])
  expect(applied.created.map(({ id }) => id)).toEqual([idOf(3)])
  expect(applied.inbox.cursor?.offsets).toEqual({ [ME]: 3, all: 12 })
})

test('a page may bring entries of a topic before the entry that joins it', () => {
  const room = entry(5, 'item.created', item(3, { topic: 'room:x' }), 'room:x')
  const frame = page([room, entry(3, 'topic.joined', { topic: 'room:x', offset: 4 })], {
    cursor: { epoch: 'e1', offsets: { [ME]: 3, 'room:x': 5 } },
  })
  const applied = applySync(known(2, 1), frame)
  expect(applied.created).toHaveLength(1)
  expect(applied.inbox.cursor?.offsets['room:x']).toBe(5)
})

test('an unknown kind moves the cursor and is kept', () => {
  const strange = { topic: ME, offset: 3, kind: 'moon.landed', data: { crew: 3 }, at: '' }
  // As a later server would send it.
  const applied = applyLive(known(2, 1), [strange as never])
  expect(at(applied.inbox)).toBe(3)
  expect(applied.inbox.others).toEqual([strange])
})

test('data in an unknown shape moves the cursor and is kept', () => {
  const broken = { topic: ME, offset: 3, kind: 'item.restored', data: null, at: '' }
  const applied = applyLive(known(2, 1), [broken as never, created(4)])
  expect(at(applied.inbox)).toBe(4)
  expect(applied.inbox.others).toEqual([broken])
})

test('a new item in an unknown shape moves no numbers, and harms none', () => {
  const inbox = applyCounts(known(2, 1), counts(2, 2))
  const broken = { topic: ME, offset: 3, kind: 'item.created', data: null, at: '' }
  // As a later server would send it.
  expect(applyLive(inbox, [broken as never]).inbox.counts).toEqual(inbox.counts)
})

test('older numbers are ignored', () => {
  const inbox = applyCounts(known(2, 1), counts(1, 2))
  expect(applyCounts(inbox, counts(2, 1)).counts.unread).toBe(1)
})

test('numbers that are ahead wait for their entries', () => {
  const ahead = applyCounts(known(2, 1), counts(3, 3))
  expect(ahead.counts.unread).toBe(2)
  expect(applyLive(ahead, [created(3)]).inbox.counts.unread).toBe(3)
})

test('numbers that are ahead of nothing hold once the server says that nothing is missing', () => {
  const ahead = applyCounts(known(2, 1), counts(3, 3))
  expect(settleCounts(ahead).counts.unread).toBe(3)
})

test('a new item moves the numbers at once, and numbers that come later for it change nothing', () => {
  const moved = applyLive(applyCounts(known(2, 1), counts(2, 2)), [created(3)]).inbox
  expect(moved.counts).toMatchObject({ at: { [ME]: 3 }, unread: 3, total: counts(2, 2).total + 1 })
  expect(applyCounts(moved, moved.counts).counts).toEqual(moved.counts)
})

test('numbers are not moved past a change that only the server can count', () => {
  const moved = applyLive(applyCounts(known(2, 1), counts(2, 2)), [read(3, 1), created(4)]).inbox
  expect(moved.counts).toEqual(counts(2, 2))
  expect(applyCounts(moved, counts(4, 2)).counts).toEqual(counts(4, 2))
})

test('no more than 1,000 items are kept; the far end can be loaded again', () => {
  const many = Array.from({ length: 1200 }, (_, index) => created(index + 1))
  const { inbox } = applyLive(known(), many)
  expect(inbox.list.items).toHaveLength(1000)
  expect(inbox.list.floor).toBe(idOf(201))
  expect(inbox.nextCursor).toBeUndefined()
})
