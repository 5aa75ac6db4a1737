import { idOf, items } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { applyChange, type InboxChange } from './effects.ts'
import { emptyList } from './item-list.ts'
import { applyPage, type Loaded, startPage, withChanges } from './list-page.ts'

const loaded = (...numbers: number[]): Loaded => ({
  list: { ...emptyList, items: items(...numbers), floor: idOf(numbers.at(-1) ?? 0) },
  nextCursor: 'c1',
  journal: undefined,
})
const ids = ({ list }: Loaded) => list.items.map(({ id }) => id)

function changed(before: Loaded, ...changes: InboxChange[]): Loaded {
  return withChanges(before, changes.reduce(applyChange, before.list), changes)
}

test('a page of older items goes below, and each item is there once', () => {
  const more = applyPage(startPage(loaded(6, 5, 4)), { notifications: items(4, 3, 2), nextCursor: 'c2' })
  expect(ids(more)).toEqual([6, 5, 4, 3, 2].map(idOf))
  expect(more.nextCursor).toBe('c2')
  expect(more.list.floor).toBe(idOf(2))
  const end = applyPage(startPage(more), { notifications: items(1), nextCursor: null })
  expect(end.list.floor).toBe('')
})

test('what happened while a page was on its way is done to its items, too', () => {
  const moved = changed(
    startPage(loaded(6, 5)),
    { kind: 'item.read', data: { ids: [idOf(3)], at: '2026-11-24T12:00:00.000Z' } },
    { kind: 'item.deleted', data: { ids: [idOf(2)], at: '' } },
  )
  const more = applyPage(moved, { notifications: items(4, 3, 2), nextCursor: null })
  expect(ids(more)).toEqual([6, 5, 4, 3].map(idOf))
  expect(more.list.items.find(({ id }) => id === idOf(3))?.isRead).toBe(true)
})

test('what happened before a page was asked for is in it already', () => {
  const moved = startPage(changed(loaded(6, 5), { kind: 'item.deleted', data: { ids: [idOf(3)], at: '' } }))
  expect(ids(applyPage(moved, { notifications: items(4, 3), nextCursor: null }))).toContain(idOf(3))
})
