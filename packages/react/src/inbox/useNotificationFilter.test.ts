import { expect, test } from 'vitest'
import { filterFrom, queryWith } from './useNotificationFilter.ts'

test('an address keeps a filter, and what else is in it', () => {
  const query = queryWith('?tab=inbox&type=old', { category: 'order', unread: true, search: 'red & blue' })
  expect(filterFrom(query)).toEqual({ category: 'order', unread: true, search: 'red & blue' })
  expect(new URLSearchParams(query).get('tab')).toBe('inbox')
  expect(queryWith(query, {})).toBe('?tab=inbox')
})

test('an address without a filter shows everything', () => {
  expect(filterFrom('?unread=yes&archived=')).toEqual({})
  expect(queryWith('?unread=true', {})).toBe('')
})
