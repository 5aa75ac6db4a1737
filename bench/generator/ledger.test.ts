import { expect, test } from 'vitest'
import { Ledger } from './ledger.ts'

test('what was issued and did not arrive is lost', () => {
  const ledger = new Ledger({ width: 1, base: 100 })
  const first = ledger.issue(7)
  ledger.issue(8)
  expect(ledger.arrive(first, 7)).toBe('first')
  expect(ledger.counts).toEqual({ lost: 1, repeated: 0, misdelivered: 0 })
})

test('a second arrival is a repeat, and does not pay for a lost one', () => {
  const ledger = new Ledger({ width: 1, base: 1 })
  const first = ledger.issue(7)
  ledger.issue(7)
  ledger.arrive(first, 7)
  expect(ledger.arrive(first, 7)).toBe('repeated')
  expect(ledger.counts).toEqual({ lost: 1, repeated: 1, misdelivered: 0 })
})

test('an arrival at somebody else is misdelivered and still lost to its owner', () => {
  const ledger = new Ledger({ width: 1, base: 1 })
  expect(ledger.arrive(ledger.issue(7), 8)).toBe('misdelivered')
  expect(ledger.counts).toEqual({ lost: 1, repeated: 0, misdelivered: 1 })
})

test('with many recipients each of them is owed each sequence once', () => {
  const ledger = new Ledger({ width: 3, base: 1 })
  const sequence = ledger.issue(0)
  for (const recipient of [0, 2, 2]) ledger.arrive(sequence, recipient)
  expect(ledger.isComplete(sequence)).toBe(false)
  expect(ledger.arrive(sequence, 3)).toBe('misdelivered')
  expect(ledger.counts).toEqual({ lost: 1, repeated: 1, misdelivered: 1 })
  ledger.arrive(sequence, 1)
  expect(ledger.isComplete(sequence)).toBe(true)
})

test('grouped, each owner has recipients of its own', () => {
  const ledger = new Ledger({ width: 3, base: 1, isGrouped: true })
  const sequence = ledger.issue(2)
  for (const recipient of [5, 9]) expect(ledger.arrive(sequence, recipient)).toBe('misdelivered')
  for (const recipient of [6, 7, 8]) expect(ledger.arrive(sequence, recipient)).toBe('first')
  expect(ledger.isComplete(sequence)).toBe(true)
  expect(ledger.arrive(sequence, 7)).toBe('repeated')
})

test('a refused request is owed to nobody, whether or not it was delivered before', () => {
  const ledger = new Ledger({ width: 2, base: 1 })
  const sequence = ledger.issue(0)
  ledger.arrive(sequence, 1)
  ledger.withdraw(sequence)
  expect(ledger.counts.lost).toBe(0)
  ledger.arrive(sequence, 0)
  expect(ledger.counts).toEqual({ lost: 0, repeated: 0, misdelivered: 0 })
})

test('a sequence of an earlier phase is a stray', () => {
  const ledger = new Ledger({ width: 1, base: 10 })
  ledger.issue(0)
  expect(ledger.arrive(9, 0)).toBe('stray')
  expect(ledger.arrive(11, 0)).toBe('stray')
})
