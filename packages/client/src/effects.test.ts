import { body, idOf, item, items } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { applyChange, type InboxChange } from './effects.ts'
import type { ItemList } from './item-list.ts'

const AT = '2026-11-24T13:00:00.000Z'
const LATER = '2026-11-24T14:00:00.000Z'
const listOf = (...numbers: number[]): ItemList => ({ items: items(...numbers), floor: '', removed: [] })
const after = (list: ItemList, ...changes: InboxChange[]) => changes.reduce(applyChange, list)
const ids = (list: ItemList) => list.items.map(({ id }) => id)

test('a new item stands in its place, whatever comes first', () => {
  const created = (n: number): InboxChange => ({ kind: 'item.created', data: body(n) })
  expect(ids(after(listOf(), created(2), created(3), created(1)))).toEqual([idOf(3), idOf(2), idOf(1)])
})

test('an item that comes again keeps its state and takes the new text', () => {
  const read = after(listOf(1), { kind: 'item.read', data: { ids: [idOf(1)], at: AT } })
  const again = after(read, { kind: 'item.created', data: body(1, { title: 'New text' }) })
  expect(again.items).toHaveLength(1)
  expect(again.items[0]).toMatchObject({ title: 'New text', readAt: AT, isRead: true })
})

test('an item from a page of the log comes with its state', () => {
  const seen = { ...item(1), status: 'seen' as const, seenAt: AT }
  expect(after(listOf(1), { kind: 'item.created', data: seen }).items[0]).toMatchObject({
    status: 'seen',
    seenAt: AT,
  })
})

test('read implies seen and keeps its first time; unread returns to seen', () => {
  const read = after(
    listOf(1),
    { kind: 'item.read', data: { ids: [idOf(1)], at: AT } },
    { kind: 'item.read', data: { ids: [idOf(1)], at: LATER } },
  )
  expect(read.items[0]).toMatchObject({
    status: 'read',
    readAt: AT,
    seenAt: AT,
    is_read: true,
    delivered: true,
  })
  const unread = after(read, { kind: 'item.unread', data: { ids: [idOf(1)] } })
  expect(unread.items[0]).toMatchObject({ status: 'seen', readAt: null, seenAt: AT, isRead: false })
})

test('seen never makes read', () => {
  const seen = after(listOf(1), { kind: 'item.seen', data: { ids: [idOf(1)], at: AT } })
  expect(seen.items[0]).toMatchObject({ status: 'seen', seenAt: AT, readAt: null })
})

test('everything up to an item is read, of one category where it is named', () => {
  const list = after(listOf(3, 2), { kind: 'item.created', data: body(1, { category: 'task' }) })
  const all = after(list, { kind: 'inbox.read', data: { upTo: idOf(2), at: AT } })
  expect(all.items.map(({ isRead }) => isRead)).toEqual([false, true, true])
  const some = after(list, { kind: 'inbox.read', data: { upTo: idOf(3), at: AT, category: 'task' } })
  expect(some.items.map(({ isRead }) => isRead)).toEqual([false, false, true])
})

test('a deleted item leaves the list and comes back in its place', () => {
  const gone = after(listOf(3, 2, 1), { kind: 'item.deleted', data: { ids: [idOf(2)], at: AT } })
  expect(ids(gone)).toEqual([idOf(3), idOf(1)])
  expect(gone.removed.map(({ id }) => id)).toEqual([idOf(2)])
  const back = after(gone, { kind: 'item.restored', data: { ids: [idOf(2)], items: [...gone.removed] } })
  expect(ids(back)).toEqual([idOf(3), idOf(2), idOf(1)])
})

test('an archived item leaves the list and is read', () => {
  const gone = after(listOf(1), { kind: 'item.archived', data: { ids: [idOf(1)], at: AT } })
  expect(gone.items).toEqual([])
  expect(gone.removed[0]).toMatchObject({ archivedAt: AT, readAt: AT })
})

test('a recalled item is gone for good', () => {
  const gone = after(listOf(2, 1), { kind: 'item.recalled', data: { id: idOf(1), reason: 'recalled' } })
  expect(ids(gone)).toEqual([idOf(2)])
  expect(gone.removed).toEqual([])
})

test('an item older than what is loaded comes with its page, not before', () => {
  const list: ItemList = { items: items(9, 8), floor: idOf(8), removed: [] }
  const restored = after(list, { kind: 'item.restored', data: { ids: [idOf(3)], items: items(3) } })
  expect(ids(restored)).toEqual([idOf(9), idOf(8)])
})

test('clearing up to an item leaves what is newer, and nothing older to load', () => {
  const list: ItemList = { items: items(9, 8, 7), floor: idOf(7), removed: [] }
  const cleared = after(list, { kind: 'inbox.cleared', data: { upTo: idOf(8), at: AT } })
  expect(ids(cleared)).toEqual([idOf(9)])
  expect(cleared.floor).toBe('')
})

test('a list is never changed in place', () => {
  const list = listOf(2, 1)
  const frozen: ItemList = { ...list, items: Object.freeze(list.items.map((one) => Object.freeze(one))) }
  after(
    frozen,
    { kind: 'item.read', data: { ids: [idOf(1)], at: AT } },
    { kind: 'item.created', data: body(3) },
  )
  expect(ids(frozen)).toEqual([idOf(2), idOf(1)])
  expect(frozen.items[1]?.readAt).toBeNull()
})
