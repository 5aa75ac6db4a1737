import { expect, it } from 'vitest'
import { createRandom } from './random.ts'

it('gives the same sequence for the same seed, and another for another', () => {
  const take = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 20 }, () => random.int(0, 1_000))
  }
  expect(take(7)).toEqual(take(7))
  expect(take(7)).not.toEqual(take(8))
})

it('stays within its bounds, shuffles without loss, and picks from what there is', () => {
  const random = createRandom(1)
  const items = Array.from({ length: 50 }, (_, index) => index)
  for (let round = 0; round < 500; round++) {
    const value = random.int(3, 5)
    expect(value).toBeGreaterThanOrEqual(3)
    expect(value).toBeLessThanOrEqual(5)
    expect(items).toContain(random.pick(items))
  }
  const shuffled = random.shuffled(items)
  expect(shuffled).not.toEqual(items)
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(items)
})
