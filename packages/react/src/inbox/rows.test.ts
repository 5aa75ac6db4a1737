import type { Item } from '@belfry/protocol'
import { describe, expect, test } from 'vitest'
import { type RowsOptions, rowsOf, withDivider } from './rows.ts'

interface Given {
  id: string
  day?: string
  type?: string
  groupKey?: string
  isRead?: boolean
}

// Only what the rows look at.
const item = ({ id, day = 'today', type = 'order', groupKey, isRead }: Given): Item =>
  ({ id, type, createdAt: day, groupKey, readAt: isRead ? 'then' : null }) as Item

const options: RowsOptions = {
  groupBy: 'none',
  dayOf: ({ createdAt }) => createdAt,
  typeOf: ({ type }) => type,
  open: new Set(),
}
const rows = (some: Given[], more: Partial<RowsOptions>) => rowsOf(some.map(item), { ...options, ...more })
const keys = (some: Given[], more: Partial<RowsOptions>) => rows(some, more).map(({ key }) => key)

describe('the rows of a list', () => {
  test('are its items, in order', () => {
    expect(keys([{ id: 'b' }, { id: 'a' }], {})).toEqual(['b', 'a'])
  })

  test('by date have a heading where a day begins', () => {
    const some = [{ id: 'c' }, { id: 'b' }, { id: 'a', day: 'earlier' }]
    expect(keys(some, { groupBy: 'date' })).toEqual(['heading:today', 'c', 'b', 'heading:earlier', 'a'])
  })

  test('by type put the type with the newest item first', () => {
    const some = [{ id: 'c', type: 'task' }, { id: 'b' }, { id: 'a', type: 'task' }]
    expect(keys(some, { groupBy: 'type' })).toEqual(['heading:task', 'c', 'a', 'heading:order', 'b'])
  })

  test('by group fold unread items of one key at the place of the newest, and leave read ones alone', () => {
    const some = [
      { id: 'e', groupKey: 'chat' },
      { id: 'd' },
      { id: 'c', groupKey: 'chat' },
      { id: 'b', groupKey: 'chat', isRead: true },
      { id: 'a', groupKey: 'alone' },
    ]
    expect(keys(some, { groupBy: 'group' })).toEqual(['group:chat', 'd', 'b', 'a'])
    expect(keys(some, { groupBy: 'group', open: new Set(['chat']) })).toEqual([
      'group:chat',
      'e',
      'c',
      'd',
      'b',
      'a',
    ])
  })
})

describe('the divider under what is new', () => {
  const some = [{ id: 'c' }, { id: 'b' }, { id: 'a', day: 'earlier' }]
  const divided = (last: string, more: Partial<RowsOptions> = {}) =>
    withDivider(rows(some, { groupBy: 'date', ...more }), last, 'New').map(({ key }) => key)

  test('stands above the newest item of the last visit, also when that one is gone', () => {
    expect(divided('b')).toEqual(['heading:today', 'c', 'divider', 'b', 'heading:earlier', 'a'])
    expect(divided('bb')).toEqual(divided('b'))
  })

  test('leaves a heading to what is below it', () => {
    expect(divided('a')).toEqual(['heading:today', 'c', 'b', 'divider', 'heading:earlier', 'a'])
  })

  test('is not there when nothing is new, or nothing old', () => {
    expect(divided('c')).not.toContain('divider')
    expect(divided('0')).not.toContain('divider')
  })
})
