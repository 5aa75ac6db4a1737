import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  buildPackages,
  type Example,
  openTab,
  PATIENCE_MS,
  startExample,
  WALK_WITHIN_MS,
} from '../example-process.ts'

let example: Example
let browser: Browser

beforeAll(async () => {
  buildPackages()
  ;[example, browser] = await Promise.all([startExample(['examples/vanilla/server.ts']), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await example?.close()
})

const unreadOf = (page: Page) => page.locator('#unread').innerText()
const expectUnread = (page: Page, count: number) =>
  expect.poll(() => unreadOf(page), { timeout: PATIENCE_MS }).toBe(`${count} unread`)
const stateOf = (page: Page) =>
  page.locator('#items li').evaluateAll((rows) => rows.map((row) => row.hasAttribute('data-unread')))

it('signs in, counts, shows rows live in two tabs, marks read by a click, and keeps it', {
  timeout: WALK_WITHIN_MS,
}, async () => {
  const complaints: string[] = []
  const context = await browser.newContext()
  const page = await openTab(context, complaints)
  await page.goto(example.url)
  await page.getByLabel('E-mail').fill('ada@example.com')
  await page.getByLabel('Password').fill('analytical')
  await page.getByRole('button', { name: 'Make an account' }).click()
  await expectUnread(page, 0)
  await page.getByText('Nothing yet.').waitFor()

  const other = await openTab(context, complaints)
  await other.goto(example.url)
  await expectUnread(other, 0)
  for (const count of [1, 2]) {
    await page.getByRole('button', { name: 'Send me one' }).click()
    for (const tab of [page, other]) await expectUnread(tab, count)
  }

  await page.locator('#items button').last().click()
  for (const tab of [page, other]) await expectUnread(tab, 1)
  expect(await stateOf(other)).toEqual([true, false])
  await page.reload()
  await expectUnread(page, 1)
  expect(await stateOf(page)).toEqual([true, false])

  await example.stop()
  await example.start()
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  for (const tab of [page, other]) await expectUnread(tab, 0)

  await page.getByRole('button', { name: 'Sign out' }).click()
  for (const tab of [page, other]) {
    await tab.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await tab.locator('#items li').count()).toBe(0)
  }
  await context.close()
  // A server that restarts is not reachable for a moment, and its line may close while something is sent, which a browser reports.
  expect(
    complaints.filter(
      (text) => !/ERR_CONNECTION_REFUSED|WebSocket connection|WebSocket is already in CLOSING/.test(text),
    ),
  ).toEqual([])
})

it('says why nobody was signed in', async () => {
  const complaints: string[] = []
  const context = await browser.newContext()
  const page = await openTab(context, complaints)
  await page.goto(example.url)
  await page.getByLabel('E-mail').fill('nobody@example.com')
  await page.getByLabel('Password').fill('no password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect.poll(() => page.getByRole('alert').innerText(), { timeout: PATIENCE_MS }).toMatch(/\w+/)
  expect(await page.locator('#inbox').isVisible()).toBe(false)
  await context.close()
})
