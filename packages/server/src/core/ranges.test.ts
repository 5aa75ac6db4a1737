import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRange, type Range } from './ranges.ts'

const add = (ranges: Range[], watermark = 0) =>
  ranges.reduce((at, range) => addRange(at.watermark, at.late, range), { watermark, late: [] as Range[] })

describe('what was handed over', () => {
  it.each<[string, Range[], number, Range[]]>([
    ['moves the mark when it follows it', [[1, 3]], 3, []],
    ['waits above a gap', [[3, 4]], 0, [[3, 4]]],
    [
      'moves the mark over what waited once the gap is filled',
      [
        [3, 4],
        [1, 2],
      ],
      4,
      [],
    ],
    [
      'joins ranges that touch',
      [
        [3, 4],
        [5, 6],
      ],
      0,
      [[3, 6]],
    ],
    [
      'joins ranges that overlap',
      [
        [5, 9],
        [3, 6],
      ],
      0,
      [[3, 9]],
    ],
    [
      'changes nothing when it is repeated',
      [
        [3, 4],
        [3, 4],
      ],
      0,
      [[3, 4]],
    ],
    [
      'may begin below the mark',
      [
        [1, 3],
        [2, 5],
      ],
      5,
      [],
    ],
  ])('%s', (_, ranges, watermark, late) => {
    expect(add(ranges)).toEqual({ watermark, late })
  })

  it('is the set of ranks it was told, in whatever order', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(8))
      .map(([from, more]): Range => [from, from + more])
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), (ranges) => {
        const { watermark, late } = add(ranges)
        const isIn = (rank: number) =>
          rank <= watermark || late.some(([from, to]) => from <= rank && rank <= to)
        for (let rank = 1; rank <= 70; rank += 1) {
          expect(isIn(rank)).toBe(ranges.some(([from, to]) => from <= rank && rank <= to))
        }
        expect(late.every(([from], index) => from > (late[index - 1]?.[1] ?? watermark) + 1)).toBe(true)
      }),
    )
  })

  it('never needs more than a hundred ranges: the oldest gap counts as filled', () => {
    const { watermark, late } = add(
      Array.from({ length: 150 }, (_, index): Range => [3 * index + 2, 3 * index + 3]),
    )
    expect(late).toHaveLength(100)
    expect(watermark).toBe(3 * 49 + 3)
  })
})
