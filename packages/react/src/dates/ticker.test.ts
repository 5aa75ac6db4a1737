import { FakeClock } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { Ticker } from './ticker.ts'

function setUp() {
  const clock = new FakeClock()
  const page = {
    hidden: false,
    watchers: new Set<() => void>(),
    isHidden: () => page.hidden,
    watch(listener: () => void) {
      page.watchers.add(listener)
      return () => void page.watchers.delete(listener)
    },
    turn(hidden: boolean) {
      page.hidden = hidden
      for (const watcher of page.watchers) watcher()
    },
  }
  return { clock, page, ticker: new Ticker(clock.schedule.bind(clock), page) }
}

test('any number of listeners share one timer that ticks every 30 s', async () => {
  const { clock, ticker } = setUp()
  const heard: string[] = []
  const stops = ['a', 'b', 'c'].map((name) => ticker.subscribe(() => heard.push(name)))
  expect(clock.size).toBe(1)
  await clock.advance(29_999)
  expect(heard).toEqual([])
  await clock.advance(1)
  expect(heard).toEqual(['a', 'b', 'c'])
  await clock.advance(60_000)
  expect(ticker.getSnapshot()).toBe(3)
  for (const stop of stops) stop()
})

test('it stands while the page is hidden and ticks at once when it is shown', async () => {
  const { clock, page, ticker } = setUp()
  const stop = ticker.subscribe(() => undefined)
  page.turn(true)
  expect(clock.size).toBe(0)
  await clock.advance(90_000)
  expect(ticker.getSnapshot()).toBe(0)
  page.turn(false)
  expect(ticker.getSnapshot()).toBe(1)
  await clock.advance(30_000)
  expect(ticker.getSnapshot()).toBe(2)
  stop()
})

test('on a page that is hidden from the start nothing runs', async () => {
  const { clock, page, ticker } = setUp()
  page.turn(true)
  const stop = ticker.subscribe(() => undefined)
  expect(clock.size).toBe(0)
  page.turn(false)
  expect(clock.size).toBe(1)
  stop()
})

test('the last listener to go leaves no timer and no watcher', async () => {
  const { clock, page, ticker } = setUp()
  for (let count = 0; count < 20; count += 1) {
    const stops = [ticker.subscribe(() => undefined), ticker.subscribe(() => undefined)]
    expect(clock.size).toBe(1)
    for (const stop of stops) stop()
  }
  expect(clock.size).toBe(0)
  expect(page.watchers.size).toBe(0)
})
