/** ui.md §8: long lists. */
import { type Person, register, sendTo } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type AppHandle, counts, row, rows, soon } from './inbox-page.ts'
import { eventIn, tapWire } from './wire.ts'
import { type AppQuery, createWorld, type World } from './world.ts'

/** Inside `evaluate` this is the page's. */
declare const app: AppHandle

/** Hundreds of pages are read, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 180_000 })

let world: World
let ada: Person

beforeAll(async () => {
  world = await createWorld({ isProduction: true })
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await register(world.server)
})

afterEach(async () => expect(await world.reset()).toEqual([]))

/** As many as one request takes. */
const BULK = 100

async function seed(count: number): Promise<void> {
  for (let at = 0; at < count; at += BULK) {
    const notifications = Array.from({ length: Math.min(BULK, count - at) }, (_, index) => ({
      audience: { user: ada.id },
      message: `number ${at + index + 1}`,
    }))
    const { status } = await world.sender.http.post('/api/notifications/bulk', { notifications })
    expect(status).toBe(201)
  }
}

async function openInbox(query: AppQuery = {}): Promise<Page> {
  const page = await world.open(await world.device(), { token: ada.token, page: 'inbox', ...query })
  await rows(page).first().waitFor()
  await rows(page).first().hover()
  return page
}

const SCROLLER = '[data-part=scroller]'

/** Two frames without a change of the place. */
const atRest = (page: Page): Promise<void> =>
  page.evaluate(async (selector) => {
    const scroller = document.querySelector(selector)
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    for (let before = Number.NaN; before !== scroller?.scrollTop; ) {
      before = scroller?.scrollTop ?? 0
      await frame()
      await frame()
    }
  }, SCROLLER)

/** The first row that shows whole, and where. */
const firstShown = (page: Page) =>
  page.evaluate((selector) => {
    const edge = document.querySelector(selector)?.getBoundingClientRect().top ?? 0
    const shown = [...document.querySelectorAll('main [data-belfry-row]')].find(
      (one) => one.getBoundingClientRect().top >= edge,
    )
    return { id: shown?.getAttribute('data-belfry-row'), top: shown?.getBoundingClientRect().top }
  }, SCROLLER)

/** Each change above may round the place to a whole pixel. */
const ROUNDING_PX = 3

async function expectSamePlace(page: Page, before: Awaited<ReturnType<typeof firstShown>>): Promise<void> {
  await atRest(page)
  const { id, top = 0 } = await firstShown(page)
  expect(id).toBe(before.id)
  expect(Math.abs(top - (before.top ?? 0))).toBeLessThan(ROUNDING_PX)
}

test('12. A scrolled list stays where it is, the pill counts, and activating it shows what is new', async () => {
  await seed(40)
  const page = await openInbox()
  await counts(page, 40)
  await page.mouse.wheel(0, 900)
  await soon(() => page.locator(SCROLLER).evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(800)
  await atRest(page)
  const before = await firstShown(page)
  for (const text of ['new 1', 'new 2', 'new 3']) await sendTo(world.sender, ada, text)
  const pill = page.locator('[data-belfry-pill]')
  await soon(() => pill.innerText()).toBe('3 new notifications')
  await expectSamePlace(page, before)
  // What goes above, from the middle, moves nothing either.
  const { body } = await ada.http.get('/api/notifications?limit=10')
  const above = body.notifications?.find(({ message }) => message === 'number 38')
  await ada.http.delete(`/api/notifications/${above?.id}`)
  await counts(page, 42)
  await expectSamePlace(page, before)
  await pill.click()
  await row(page, 'new 3').waitFor()
  await soon(() => page.locator(SCROLLER).evaluate(({ scrollTop }) => scrollTop)).toBe(0)
  await pill.waitFor({ state: 'detached' })
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain('new 3')
})

test('A list reads as many at a time as the app wants', async () => {
  await seed(60)
  const device = await world.device()
  const wire = await tapWire(device)
  const page = await world.open(device, { token: ada.token, page: 'inbox', unread: 'true', pageSize: '25' })
  await soon(() => rows(page).first().getAttribute('aria-setsize')).toBe('-1')
  await rows(page).first().hover()
  await soon(async () => {
    await page.mouse.wheel(0, WHEEL_PX)
    return row(page, 'number 1').count()
  }).toBe(1)
  const asked = wire.sent.filter((frame) => eventIn(frame) === 'listNotifications')
  expect(asked.map((frame) => /"limit":(\d+)/.exec(frame)?.[1])).toEqual(asked.map(() => '25'))
  expect(asked.length).toBeGreaterThan(1)
})

test('From deep in a long list the pill leads to what is new, the whole list and a filtered one', async () => {
  for (const filter of [{}, { unread: 'true' }]) {
    ada = await register(world.server)
    await seed(1_200)
    const page = await openInbox({ pageSize: '100', ...filter })
    // By now the newest are dropped.
    await wheelTo(page, 1, WHEEL_PX)
    await sendTo(world.sender, ada, 'news')
    const pill = page.locator('[data-belfry-pill]')
    await soon(() => pill.innerText()).toBe('1 new notification')
    await pill.click()
    await row(page, 'news').waitFor()
    await soon(() => page.locator(SCROLLER).evaluate(({ scrollTop }) => scrollTop)).toBe(0)
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain('news')
    await pill.waitFor({ state: 'detached' })
    await page.close()
  }
})

/** Source: ui.md §5, List, and C11. */
const MAX_ROWS = 100
const MAX_ITEMS = 1_000
/** Of one turn of the wheel, in pixels: about a page of rows. */
const WHEEL_PX = 4_500

interface Watched {
  maxRows: number
  maxItems: number
  /** Pairs of neighbours that do not follow each other. */
  faults: string[]
  /** How many different rows have been on screen. */
  met: Set<string>
  frames: { count: number; slow: number; longestMs: number }
}

/** Runs in the page: looks at each frame, and at the order of what shows in it. */
function watchFrames(): void {
  const frames = { count: 0, slow: 0, longestMs: 0 }
  const watched: Watched = { maxRows: 0, maxItems: 0, faults: [], met: new Set(), frames }
  Object.assign(window, { watched })
  const view = app.kit.client?.list({}, { pageSize: app.kit.pageSize })
  let last = performance.now()
  const look = (now: number) => {
    const frameMs = now - last
    last = now
    frames.count += 1
    frames.longestMs = Math.max(frames.longestMs, frameMs)
    // Source: ui.md §8, 22.
    if (frameMs > 50) frames.slow += 1
    const shown = [...document.querySelectorAll('main [data-belfry-row] [data-part=message]')]
    const numbers = shown.map((one) => Number(one.textContent.slice('number '.length)))
    for (const [index, number] of numbers.entries()) {
      watched.met.add(String(number))
      const before = numbers[index - 1]
      if (before !== undefined && number !== before - 1) watched.faults.push(`${before}, ${number}`)
    }
    watched.maxRows = Math.max(watched.maxRows, shown.length)
    watched.maxItems = Math.max(watched.maxItems, view?.getSnapshot().items.length ?? 0)
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

declare const watched: Watched

const COUNT = 10_000
/** On the way back, so far that everything stored has been dropped and read again twice. */
const WAY_BACK = 2_500

/** Turns the wheel until a row has come: two turns in one frame may jump over it. */
async function wheelTo(page: Page, number: number, step: number): Promise<void> {
  for (let turn = 0; turn < COUNT; turn += 1) {
    await page.mouse.wheel(0, step)
    const hasCome = await page.evaluate(
      ({ wanted, isDown }) => {
        const shown = document.querySelectorAll('main [data-belfry-row] [data-part=message]')
        const numbers = [...shown].map(({ textContent }) => Number(textContent?.replace('number ', '')))
        // The newest, which have the largest numbers, are on top.
        return numbers.some((one) => (isDown ? one <= wanted : one >= wanted))
      },
      { wanted: number, isDown: step > 0 },
    )
    if (hasCome) return
  }
  throw new Error(`“number ${number}” never came.`)
}

test('22. Of 10,000 items at most 100 are in the document and 1,000 stored, to the end and back', async () => {
  await seed(COUNT)
  // Fewer, longer pages: the way is long enough.
  const page = await openInbox({ pageSize: '50' })
  await page.evaluate(watchFrames)
  await wheelTo(page, 1, WHEEL_PX)
  await wheelTo(page, WAY_BACK, -WHEEL_PX)
  const { maxRows, maxItems, faults, frames } = await page.evaluate(() => watched)
  // How fast it is depends on the machine: a figure, not a test.
  console.info('frames while scrolling through 10,000 items:', frames)
  expect(faults).toEqual([])
  expect(maxRows).toBeLessThanOrEqual(MAX_ROWS)
  expect(maxItems).toBeLessThanOrEqual(MAX_ITEMS)
  expect(maxItems).toBeGreaterThan(MAX_ITEMS / 2)
})
