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
  ;[example, browser] = await Promise.all([startExample(['examples/express/server.ts']), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await example?.close()
})

async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.goto(example.url)
  await page.getByLabel('Name').fill(user)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function order(page: Page, customer: string): Promise<void> {
  await page.getByLabel('Customer').selectOption(customer)
  const placed = page.waitForResponse('**/orders')
  await page.getByRole('button', { name: 'Place order' }).click()
  expect((await placed).status()).toBe(201)
}

const bellOf = (page: Page, unread: number) =>
  page.getByRole('button', { name: `Notifications, ${unread} unread`, exact: true })
const stateOf = (page: Page) =>
  page
    .locator('#items li')
    .evaluateAll((rows) => rows.map((row) => [row.textContent, row.hasAttribute('data-unread')]))

it('gives the people of the app a bell, shows what a route sends live, and keeps what was read', {
  timeout: WALK_WITHIN_MS,
}, async () => {
  const complaints: string[] = []
  const contexts = [await browser.newContext(), await browser.newContext()] as const
  const ada = await openTab(contexts[0], complaints)
  const grace = await openTab(contexts[1], complaints)
  await signIn(ada, 'ada', 'analytical')
  await bellOf(ada, 0).waitFor()
  // Before she has ever signed in.
  await order(ada, 'grace')
  await signIn(grace, 'grace', 'nanosecond')
  await bellOf(grace, 1).click()
  await order(ada, 'grace')
  await bellOf(grace, 2).waitFor()
  await grace.getByText('Order A-1 was placed.').click()
  await bellOf(grace, 1).waitFor()
  await grace.reload()
  await bellOf(grace, 1).click()
  const rows = [
    [expect.stringContaining('Order A-2 was placed.'), true],
    [expect.stringContaining('Order A-1 was placed.'), false],
  ]
  await expect.poll(() => stateOf(grace), { timeout: PATIENCE_MS }).toEqual(rows)
  await bellOf(ada, 0).waitFor()
  await grace.getByRole('button', { name: 'Mark all as read' }).click()
  await bellOf(grace, 0).waitFor()
  await grace.getByRole('button', { name: 'Sign out' }).click()
  await grace.getByRole('button', { name: 'Sign in' }).waitFor()
  for (const context of contexts) await context.close()
  expect(complaints).toEqual([])
})

it('lets in nobody whom the app has not let in', async () => {
  const send = (path: string, token: string) =>
    fetch(`${example.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ customer: 'grace', total: '1' }),
    })
  const wrong = await fetch(`${example.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'ada', password: 'wrong' }),
  })
  expect(wrong.status).toBe(401)
  expect((await send('/api/orders', 'made-up')).status).toBe(401)
  expect(
    (await fetch(`${example.url}/api/notifications`, { headers: { authorization: 'Bearer made-up' } }))
      .status,
  ).toBe(401)
})
