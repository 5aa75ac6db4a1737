/** ui.md §8: which noise a new item makes, and where. */
import {
  createFaultProxy,
  delay,
  eventually,
  type FaultProxy,
  type Person,
  register,
  sendTo,
} from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import { soon } from './inbox-page.ts'
import type { Played } from './played-browser.ts'
import { createWorld, plainOrigin, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const app: AppHandle
declare const played: Played

/** Three pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

/** Source: line 6 of ui.md §8. */
const OFFLINE_MS = 60_000
const ITEMS_WHILE_OFFLINE = 30
/** Longer than the slowest claim of a noise: two beats of the leader without locks, ui.md §5. */
const CLAIMED_MS = 2_000

/** Source: ui.md §3, `minIntervalMs`; longer than `CLAIMED_MS`. */
const SOUND_EVERY_MS = 3_000

let world: World
let outage: Outage

beforeAll(async () => {
  world = await createWorld()
  outage = await beginOutage()
})

afterAll(async () => {
  await world?.close()
})

afterEach(async () => {
  expect(await world.reset()).toEqual([])
})

const numberIn = (page: Page) => page.evaluate(() => app.kit.client?.getSnapshot().counts.unread)
const shows = (pages: readonly Page[], unread: number) =>
  eventually(`${unread} unread`, async () => {
    const numbers = await Promise.all(pages.map(numberIn))
    return numbers.every((number) => number === unread)
  })

const sumOf = async (counts: readonly Promise<number>[]) =>
  (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
const sounds = (pages: readonly Page[]) => sumOf(pages.map((page) => page.evaluate(() => played.sounds)))
const shown = (pages: readonly Page[]) => sumOf(pages.map((page) => page.evaluate(() => played.shown.length)))
const toasts = (page: Page) => page.locator('[data-belfry-toast-title]').allInnerTexts()

interface TabsOptions {
  origin?: string
  count?: number
}

async function tabsOf(device: BrowserContext, person: Person, options: TabsOptions = {}): Promise<Page[]> {
  const { origin = world.app.url, count = 3 } = options
  const pages: Page[] = []
  for (let n = 0; n < count; n += 1) {
    const page = await world.open(device, { token: person.token }, { origin })
    await page.getByRole('button', { name: 'Notifications' }).waitFor()
    // Lets it play sounds.
    await page.locator('h1').click()
    pages.push(page)
  }
  await shows(pages, 0)
  return pages
}

const leaderOf = (pages: readonly Page[]) =>
  eventually('one leader', async () => {
    const leads = (page: Page) => page.evaluate(() => app.isLeader)
    const states = await Promise.all(pages.map(leads))
    const leaders = pages.filter((_, index) => states[index])
    return leaders.length === 1 && leaders[0]
  })

/** Ends the tab without any of its events, as a browser short of memory does. */
async function kill(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const gone = page.waitForEvent('crash')
  // It never answers.
  devtools.send('Page.crash').catch(() => undefined)
  await gone
}

test('1. three tabs, one event: one sound, one OS notification; leader killed: again one', async () => {
  const ada = await register(world.server)
  const device = await world.device({ isFocused: false, permission: 'granted' })
  const tabs = await tabsOf(device, ada)
  const leader = await leaderOf(tabs)
  await sendTo(world.sender, ada, 'One')
  await shows(tabs, 1)
  await delay(CLAIMED_MS)
  expect([await sounds(tabs), await shown(tabs)]).toEqual([1, 1])
  expect([await sounds([leader]), await shown([leader])]).toEqual([1, 1])

  await kill(leader)
  const left = tabs.filter((tab) => tab !== leader)
  await leaderOf(left)
  await sendTo(world.sender, ada, 'Two')
  await shows(left, 2)
  await delay(CLAIMED_MS)
  expect([await sounds(left), await shown(left)]).toEqual([1, 1])
})

test('ten tabs, one event: one sound, one OS notification, and the number in each', async () => {
  const ada = await register(world.server)
  const device = await world.device({ isFocused: false, permission: 'granted' })
  const tabs = await tabsOf(device, ada, { count: 10 })
  await leaderOf(tabs)
  for (const number of [1, 2]) {
    await sendTo(world.sender, ada, `Number ${number}`)
    await shows(tabs, number)
    await delay(SOUND_EVERY_MS)
    expect([await sounds(tabs), await shown(tabs)]).toEqual([number, number])
  }
})

test('2. the same over plain http, without Web Locks: one sound', async () => {
  const ada = await register(world.server)
  const device = await world.device({ isFocused: false })
  const tabs = await tabsOf(device, ada, { origin: plainOrigin(world.app) })
  const leader = await leaderOf(tabs)
  expect(await leader.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false])
  await sendTo(world.sender, ada, 'One')
  await shows(tabs, 1)
  await delay(CLAIMED_MS)
  expect([await sounds(tabs), await sounds([leader])]).toEqual([1, 1])

  await kill(leader)
  const left = tabs.filter((tab) => tab !== leader)
  await leaderOf(left)
  await sendTo(world.sender, ada, 'Two')
  await shows(left, 2)
  await delay(CLAIMED_MS)
  expect(await sounds(left)).toBe(1)
})

test('3. only the focused tab shows the toast', async () => {
  const ada = await register(world.server)
  const device = await world.device({ isFocused: false, permission: 'granted' })
  const tabs = await tabsOf(device, ada)
  const titles = () => Promise.all(tabs.map(toasts))
  for (const [index, tab] of tabs.entries()) {
    await tab.evaluate(() => played.focus(true))
    await sendTo(world.sender, ada, 'text', { title: `Item ${index}` })
    await shows(tabs, index + 1)
    await soon(() => toasts(tab)).toEqual([`Item ${index}`])
    expect(await titles()).toEqual(tabs.map((_, other) => (other <= index ? [`Item ${other}`] : [])))
    await tab.evaluate(() => played.focus(false))
  }
  await delay(CLAIMED_MS)
  expect([await sounds(tabs), await shown(tabs)]).toEqual([3, 0])
})

test('18. no permission call without a gesture', async () => {
  const ada = await register(world.server)
  const device = await world.device()
  const untouched = await device.newPage()
  const devtools = await device.newCDPSession(untouched)
  await untouched.goto(`${world.app.url}/?${new URLSearchParams({ url: world.proxy.url, token: ada.token })}`)
  // Playwright's own questions to a page count as gestures there; these do not.
  const ask = async (expression: string) => {
    const { result } = await devtools.send('Runtime.evaluate', { expression, awaitPromise: true })
    return result.value as unknown
  }
  await soon(() => ask('globalThis.app?.browser.supported')).toBe(true)
  expect(await ask('navigator.userActivation.isActive')).toBe(false)
  expect(await ask('app.browser.request()')).toBe('default')
  expect(await ask('String(played.asked)')).toBe('')

  const page = await world.open(device, { token: ada.token })
  const asked = () => page.evaluate(() => played.asked)
  await page.getByRole('button', { name: 'Notifications' }).click()
  await sendTo(world.sender, ada, 'text', { title: 'One' })
  await page.locator('[data-belfry-row]').click()
  await page.getByRole('button', { name: 'Turn on' }).waitFor()
  expect(await asked()).toEqual([])
  await page.getByRole('button', { name: 'Turn on' }).click()
  await soon(asked).toEqual(['click'])
})

interface Outage {
  person: Person
  device: BrowserContext
  page: Page
  proxy: FaultProxy
  endsAtMs: number
}

/** Lasts while the other tests run, so that nobody has to wait for it. */
async function beginOutage(): Promise<Outage> {
  const person = await register(world.server)
  const proxy = await createFaultProxy(world.server)
  // High enough for all rows.
  const device = await world.device({ isKept: true, context: { viewport: { width: 800, height: 8_000 } } })
  await device.addInitScript(countToasts)
  const page = await world.open(device, { url: proxy.url, token: person.token, page: 'inbox' })
  await page.locator('h1').click()
  await sendTo(world.sender, person, 'text', { title: 'Before' })
  await shows([page], 1)
  await page.getByRole('button', { name: 'Dismiss' }).click()
  proxy.faults.isRefusing = true
  proxy.cut()
  await device.setOffline(true)
  const endsAtMs = performance.now() + OFFLINE_MS
  for (let n = 1; n <= ITEMS_WHILE_OFFLINE; n += 1) {
    await sendTo(world.sender, person, 'text', { title: `Missed ${n}` })
  }
  return { person, device, page, proxy, endsAtMs }
}

function countToasts(): void {
  const seen = new Set<string>()
  Object.assign(window, { toastsSeen: seen })
  new MutationObserver(() => {
    for (const toast of document.querySelectorAll<HTMLElement>('[data-belfry-toast-title]')) {
      seen.add(toast.innerText)
    }
  }).observe(document, { childList: true, subtree: true })
}
declare const toastsSeen: Set<string>

test(
  '6. 60 s offline, 30 new items: order and count right, no toast, at most one sound',
  async () => {
    const { device, page, proxy, endsAtMs } = outage
    await delay(endsAtMs - performance.now())
    const before = await sounds([page])
    proxy.heal()
    await device.setOffline(false)
    const missed = Array.from({ length: ITEMS_WHILE_OFFLINE }, (_, n) => `Missed ${ITEMS_WHILE_OFFLINE - n}`)
    const titles = async () =>
      (await page.locator('[data-belfry-row] [data-part=title]').allInnerTexts()).map((title) =>
        title.replace(/^Unread:\s/, ''),
      )
    await expect.poll(titles, { timeout: 5_000 }).toEqual([...missed, 'Before'])
    await page.getByRole('button', { name: `Notifications, ${ITEMS_WHILE_OFFLINE + 1} unread` }).waitFor()
    await delay(CLAIMED_MS)
    expect(await page.evaluate(() => [...toastsSeen])).toEqual(['Before'])
    expect((await sounds([page])) - before).toBeLessThanOrEqual(1)
    await device.close()
  },
  OFFLINE_MS + 30_000,
)
