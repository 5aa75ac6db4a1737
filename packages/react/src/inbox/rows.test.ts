import type { Item } from '@belfry/protocol'
import { describe, expect, test } from 'vitest'
import { type RowsOptions, rowsOf } from './rows.ts'

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
const keys = (some: Given[], more: Partial<RowsOptions>) =>
  rowsOf(some.map(item), { ...options, ...more }).map(({ key }) => key)

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
