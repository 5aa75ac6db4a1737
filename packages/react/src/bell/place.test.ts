import { expect, test } from 'vitest'
import { place } from './place.ts'

const bell = { left: 900, right: 940, top: 10, bottom: 50 }
const usual = {
  anchor: bell,
  panel: { width: 400, height: 500 },
  window: { width: 1000, height: 800 },
  isRtl: false,
}

test.each([
  ['under the bell, ends together', { ...usual, placement: 'bottom-end' as const }, { left: 540, top: 58 }],
  [
    'mirrored, begins with the bell, inside the window',
    { ...usual, placement: 'bottom-end' as const, isRtl: true },
    { left: 592, top: 58 },
  ],
  [
    'never over the left edge',
    { ...usual, anchor: { ...bell, left: 10, right: 50 }, placement: 'bottom-end' as const },
    { left: 8, top: 58 },
  ],
  [
    'above when there is no room below',
    { ...usual, anchor: { ...bell, top: 700, bottom: 740 }, placement: 'bottom-end' as const },
    { left: 540, top: 192 },
  ],
  ['below when there is no room above', { ...usual, placement: 'top-end' as const }, { left: 540, top: 58 }],
  [
    'at the top edge when there is room nowhere',
    { ...usual, window: { width: 1000, height: 400 }, placement: 'top-end' as const },
    { left: 540, top: 8 },
  ],
])('is %s', (_, options, expected) => {
  expect(place(options)).toEqual(expected)
})
