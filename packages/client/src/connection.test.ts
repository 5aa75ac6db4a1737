import { expect, test } from 'vitest'
import { retryDelay } from './connection.ts'

test('waits double from half a second to half a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 2000].map((failures) => retryDelay(failures, 0))
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
})

test('chance takes off up to half of a wait', () => {
  expect(retryDelay(3, 0.999)).toBe(1001)
  expect(retryDelay(3, 0.5)).toBe(1500)
})
