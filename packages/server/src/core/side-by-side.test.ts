import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { sideBySide } from './side-by-side.ts'

const numbers = Array.from({ length: 120 }, (_, index) => index)

it('does everything, and answers in the order of the question', async () => {
  const doubled = await sideBySide(numbers, async (one) => {
    await sleep((120 - one) % 7)
    return one * 2
  })
  expect(doubled).toEqual(numbers.map((one) => one * 2))
})

it('throws what the first has thrown, when nothing that has begun is under way any more', async () => {
  let underWay = 0
  const work = sideBySide(numbers, async (one) => {
    underWay += 1
    await sleep(one % 5)
    underWay -= 1
    if (one >= 60) throw new Error(String(one))
  })
  await expect(work).rejects.toThrow('60')
  expect(underWay).toBe(0)
})
