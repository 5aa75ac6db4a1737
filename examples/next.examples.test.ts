/** Installed, built and started as its README says; then walked by two people in three tabs. */
import { join } from 'node:path'
import { eventually, ROOT } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  buildPackages,
  type Example,
  openTab,
  PATIENCE_MS,
  runToEnd,
  startExample,
  WALK_WITHIN_MS,
} from './example-process.ts'

const HERE = join(ROOT, 'examples/next')
/** A machine of two cores that downloads everything needs three minutes. */
const READY_WITHIN_MS = 900_000
/** Sessions outlive a restart. */
const SESSION_SECRET = 'a-secret-of-the-test-suite-0123456789abcdef'
/** What a browser says by itself while a server is away. */
const OUTAGE = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection/

/** Inside `evaluate` this is the page's: what a person would see and hear of the device. */
declare const played: { isFocused: boolean; tones: number; shown: string[] }

let browser: Browser
let example: Example
let complaints: string[]

beforeAll(async () => {
  buildPackages({ types: true })
  runToEnd('npm', ['ci'], HERE)
  runToEnd('npm', ['run', 'build'], HERE)
  const env = { NODE_ENV: 'production', SESSION_SECRET }
  ;[example, browser] = await Promise.all([startExample(['server.ts'], { cwd: HERE, env }), launchBrowser()])
}, READY_WITHIN_MS)

afterAll(async () => {
  await browser?.close()
  await example?.close()
})

/** @param isFocused A headless browser calls every page focused, and allows no notifications: both are played. */
async function openPlayedTab(context: BrowserContext, isFocused: boolean): Promise<Page> {
  const page = await openTab(context, complaints)
  await page.addInitScript((isFirstFocused) => {
    const play: typeof played = { isFocused: isFirstFocused, tones: 0, shown: [] }
    Object.assign(globalThis, { played: play })
    document.hasFocus = () => play.isFocused
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (when) {
      play.tones += 1
      start.call(this, when)
    }
    const key = 'played-permission'
    Object.defineProperty(Notification, 'permission', { get: () => localStorage.getItem(key) ?? 'default' })
    Notification.requestPermission = async () => {
      localStorage.setItem(key, 'granted')
      return 'granted'
    }
    ServiceWorkerRegistration.prototype.showNotification = async (title) => {
      play.shown.push(title)
    }
  }, isFocused)
  return page
}

async function signIn(page: Page, url: string, user: string, password: string): Promise<void> {
  await page.goto(`${url}/login`)
  await page.getByLabel('Name').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await bellOf(page, 0).waitFor()
}

/** Answers the order's number. */
async function order(page: Page, customer: string): Promise<void> {
  await page.getByLabel('Customer').selectOption(customer)
  const placed = page.waitForResponse((response) => response.request().method() === 'POST')
  await page.getByRole('button', { name: 'Place order' }).click()
  expect((await placed).ok()).toBe(true)
}

const bellOf = (page: Page, unread: number) =>
  page.getByRole('button', {
    name: unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`,
    exact: true,
  })
const rowsOf = (page: Page) => page.getByRole('article')
const toastsOf = (page: Page) => page.locator('[data-belfry-toast]')
const playedIn = (page: Page) => page.evaluate(() => played)
const countRows = (page: Page) => expect.poll(() => rowsOf(page).count(), { timeout: PATIENCE_MS })

async function focus(page: Page, isFocused: boolean): Promise<void> {
  await page.evaluate((next) => {
    played.isFocused = next
    dispatchEvent(new Event(next ? 'focus' : 'blur'))
  }, isFocused)
}

async function openPanel(page: Page, unread: number): Promise<void> {
  await bellOf(page, unread).click()
  await page.getByRole('tab', { name: 'All' }).waitFor()
}

it('is walked by two people in three tabs, and no console says a word', {
  timeout: WALK_WITHIN_MS,
}, async () => {
  complaints = []
  const contexts = [await browser.newContext(), await browser.newContext()] as const
  const ada = await openPlayedTab(contexts[0], true)
  const grace = await openPlayedTab(contexts[1], true)
  const other = await openPlayedTab(contexts[1], false)
  await signIn(ada, example.url, 'ada', 'analytical')
  await signIn(grace, example.url, 'grace', 'nanosecond')
  await other.goto(example.url)
  await bellOf(other, 0).click()
  await other.keyboard.press('Escape')
  await openPanel(grace, 0)

  await isToldOnce(ada, grace, other)
  await isReadByClick(grace, other)
  await isKeptInOrder(grace, other)
  await isToldOutside(ada, grace, other)
  await comesBack(ada, grace, other)
  await isSignedOut(grace, other)

  await bellOf(ada, 0).waitFor()
  for (const context of contexts) await context.close()
  expect(complaints.filter((text) => !OUTAGE.test(text))).toEqual([])
})

/** A row in both tabs; toast and sound in the focused one alone. */
async function isToldOnce(ada: Page, grace: Page, other: Page): Promise<void> {
  await order(ada, 'grace')
  for (const tab of [grace, other]) await bellOf(tab, 1).waitFor()
  await countRows(grace).toBe(1)
  await toastsOf(grace).waitFor()
  await eventually('a sound', async () => (await playedIn(grace)).tones > 0)
  expect(await toastsOf(other).count()).toBe(0)
  expect((await playedIn(other)).tones).toBe(0)
  expect(await grace.title()).toBe('(1) Shop')
}

/** It leads to its page without a load, and a refresh keeps what was read. */
async function isReadByClick(grace: Page, other: Page): Promise<void> {
  const { tones } = await playedIn(grace)
  await rowsOf(grace).click()
  await grace.getByRole('heading', { name: /^Order / }).waitFor()
  expect((await playedIn(grace)).tones).toBe(tones)
  for (const tab of [grace, other]) await bellOf(tab, 0).waitFor()
  await grace.goto(example.url)
  await grace.reload()
  await openPanel(grace, 0)
  await countRows(grace).toBe(1)
}

/** Unread again, filtered, deleted and brought back. */
async function isKeptInOrder(grace: Page, other: Page): Promise<void> {
  await rowsOf(grace).hover()
  await rowsOf(grace).getByRole('button', { name: 'Mark as unread' }).click()
  for (const tab of [grace, other]) await bellOf(tab, 1).waitFor()
  await grace.getByRole('tab', { name: /^Unread/ }).click()
  await countRows(grace).toBe(1)
  await grace.getByRole('button', { name: 'Mark all as read' }).click()
  for (const tab of [grace, other]) await bellOf(tab, 0).waitFor()
  await grace.getByRole('button', { name: 'Show all' }).click()
  await countRows(grace).toBe(1)
  await rowsOf(grace).hover()
  await rowsOf(grace).getByRole('button', { name: 'Delete' }).click()
  await countRows(grace).toBe(0)
  await grace.getByRole('button', { name: 'Undo' }).click()
  await countRows(grace).toBe(1)
}

/** After the first opened one it is offered; with no tab focused it comes once. */
async function isToldOutside(ada: Page, grace: Page, other: Page): Promise<void> {
  await rowsOf(grace).click()
  await grace.goto(example.url)
  await openPanel(grace, 0)
  await rowsOf(grace).getByRole('link').click()
  await grace.getByRole('heading', { name: /^Order / }).waitFor()
  await openPanel(grace, 0)
  await grace.getByRole('button', { name: 'Turn on' }).click()
  for (const tab of [grace, other]) {
    await tab.goto(example.url)
    await bellOf(tab, 0).waitFor()
    await focus(tab, false)
  }
  await order(ada, 'grace')
  const shown = async () => (await Promise.all([grace, other].map(playedIn))).flatMap((one) => one.shown)
  await expect.poll(shown, { timeout: PATIENCE_MS }).toEqual(['New order'])
  for (const tab of [grace, other]) {
    await bellOf(tab, 1).waitFor()
    expect(await toastsOf(tab).count()).toBe(0)
  }
  await focus(grace, true)
}

/** While the server is away it is said; afterwards nothing is missing. */
async function comesBack(ada: Page, grace: Page, other: Page): Promise<void> {
  await example.stop()
  const trouble = grace.locator('[data-belfry-connection]')
  await trouble.filter({ hasText: /Reconnecting|Offline/ }).waitFor({ state: 'attached' })
  await trouble.locator('[data-belfry-connection-shape]').waitFor()
  await bellOf(grace, 1).waitFor()
  await example.start()
  await expect.poll(() => trouble.count(), { timeout: PATIENCE_MS }).toBe(0)
  await order(ada, 'grace')
  for (const tab of [grace, other]) await bellOf(tab, 2).waitFor({ timeout: 2 * PATIENCE_MS })
  await openPanel(grace, 2)
  await countRows(grace).toBe(3)
}

async function isSignedOut(grace: Page, other: Page): Promise<void> {
  await grace.keyboard.press('Escape')
  await grace.getByRole('button', { name: 'Sign out grace' }).click()
  for (const tab of [grace, other]) {
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await tab.locator('[data-belfry-bell]').count()).toBe(0)
  }
}

it('runs in development, where React reports every difference', { timeout: WALK_WITHIN_MS }, async () => {
  complaints = []
  const development = await startExample(['server.ts'], { cwd: HERE, env: { SESSION_SECRET } })
  try {
    const context = await browser.newContext()
    const page = await openTab(context, complaints)
    context.setDefaultTimeout(2 * PATIENCE_MS)
    await signIn(page, development.url, 'ada', 'analytical')
    await order(page, 'ada')
    await bellOf(page, 1).waitFor()
    await page.reload()
    await bellOf(page, 1).waitFor()
    await context.close()
  } finally {
    await development.close()
  }
  expect(complaints).toEqual([])
})
