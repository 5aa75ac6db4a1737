import { expect, test } from 'vitest'
import { replaceBetween } from './report/docs.ts'
import { type Figures, median, resultOf, verdictsOn } from './result.ts'

const resultWith = (runs: { belfry?: readonly Figures[]; tutorial: readonly Figures[] }) =>
  resultOf(
    {
      name: 'b0',
      title: 'A test',
      measures: [
        {
          key: 'perS',
          label: 'rate',
          unit: '/s',
          bars: [
            { is: '>=', value: 100 },
            { is: '>=', value: 4, times: 'tutorial' },
          ],
        },
      ],
      run: () => Promise.reject(new Error('not run')),
    },
    { runs, faults: [], notes: [] },
  )

const verdicts = (result: ReturnType<typeof resultWith>) =>
  result.measures.flatMap((measure) => verdictsOn(result, measure)).map(({ isMet }) => isMet)

test('a median ignores the one bad run', () => {
  expect(median([3, 1, 1_000])).toBe(3)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('a bar holds alone or against the other server of the same run', () => {
  const tutorial = [{ perS: 30 }, { perS: 31 }, { perS: 9 }]
  expect(verdicts(resultWith({ belfry: [{ perS: 110 }], tutorial }))).toEqual([true, false])
  expect(verdicts(resultWith({ belfry: [{ perS: 130 }], tutorial }))).toEqual([true, true])
})

test('what was not measured is neither met nor missed', () => {
  expect(verdicts(resultWith({ tutorial: [{ perS: 30 }] }))).toEqual([null, null])
})

test('only what stands between the markers is replaced', () => {
  const page = 'a\n<!-- b1: begin -->\nold\n<!-- b1: end -->\nz'
  expect(replaceBetween(page, 'b1', 'new')).toBe('a\n<!-- b1: begin -->\nnew\n<!-- b1: end -->\nz')
  expect(() => replaceBetween(page, 'b2', 'new')).toThrow('b2')
})
