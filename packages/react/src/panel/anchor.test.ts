import { expect, test } from 'vitest'
import type { ListRow } from '../inbox/rows.ts'
import { isChangedAbove } from './anchor.ts'

/** Words in capitals are headings. */
const rows = (text: string): ListRow[] =>
  text.split(' ').map((key): ListRow => {
    if (key === key.toUpperCase()) return { kind: 'heading', key, label: key }
    // Only keys count here.
    return { kind: 'group', key, items: [], isOpen: false }
  })

const isAbove = (before: string, after: string, at: number) => isChangedAbove(rows(before), rows(after), at)

test('rows that come above keep the place, also below a heading that stays', () => {
  expect(isAbove('c b a', 'e d c b a', 0)).toBe(true)
  expect(isAbove('TODAY c b a', 'TODAY d c b a', 0)).toBe(true)
  expect(isAbove('YESTERDAY c b a', 'TODAY d YESTERDAY c b a', 0)).toBe(true)
})

test('rows that go above keep the place, wherever above, also with the first one on screen among them', () => {
  expect(isAbove('TODAY d c OLD b a', 'OLD b a', 4)).toBe(true)
  expect(isAbove('e d c b a', 'e c b a', 2)).toBe(true)
  expect(isAbove('e d c b a', 'b a', 2)).toBe(true)
})

test('rows that come or go below, or on both sides, do not', () => {
  expect(isAbove('c b a', 'c b a z', 1)).toBe(false)
  expect(isAbove('c b a', 'c b', 1)).toBe(false)
  expect(isAbove('c b a', 'd c b a z', 1)).toBe(false)
  expect(isAbove('c b a', 'd b a', 1)).toBe(false)
  expect(isAbove('c b a', 'c b a', 1)).toBe(false)
})
