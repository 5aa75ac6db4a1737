/** security.md D5 and D6, on the screen: whatever people send, the page keeps its shape and shows it literally. */
import { startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: Awaited<ReturnType<typeof startServer>>
let browser: Browser
let page: Page

const HOSTILE = [
  { title: '<img src=x onerror=alert(1)>', message: '{{7*7}} %s%n <script>alert(1)</script>' },
  { title: 'W'.repeat(200), message: 'long'.repeat(500) },
  { title: `Z${'\u0301\u0302\u0303'.repeat(60)}`, message: '\u202eright to left\nand\nlines' },
  { title: 'طلب جديد', message: 'طلب جديد من المتجر', priority: 'urgent' },
]

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startServer({ env: { PLAYGROUND: 'on' } }), launchBrowser()])
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Sign in both' }).click()
  await page.getByText('Live').nth(1).waitFor()
  // One by one, so that the wire log is long, too.
  const filler = Array.from({ length: 40 }, (_, at) => ({ title: `Row ${at}`, message: 'A row' }))
  const bodies = [...filler, ...HOSTILE].map((one) => JSON.stringify({ audience: { all: true }, ...one }))
  const statuses = await page.evaluate(async (bodies) => {
    const { token } = JSON.parse(sessionStorage.getItem('belfry:session:ada') ?? '{}')
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const statuses = new Set<number>()
    for (const body of bodies) {
      statuses.add((await fetch('/api/notifications/send', { method: 'POST', headers, body })).status)
    }
    return [...statuses]
  }, bodies)
  expect(statuses).toEqual([201])
  await page.locator('.row', { hasText: 'طلب جديد' }).nth(1).waitFor()
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

test('markup is text', async () => {
  expect(await page.locator('.row img, .row script').count()).toBe(0)
  expect(
    await page.locator('[data-person=ada] .row', { hasText: '<img src=x onerror=alert(1)>' }).count(),
  ).toBe(1)
})

test.each([
  [1280, 'ltr'],
  [820, 'ltr'],
  [360, 'ltr'],
  [1280, 'rtl'],
  [360, 'rtl'],
])('at %i px, %s, nothing stands outside its place', async (width, dir) => {
  await page.setViewportSize({ width, height: 800 })
  await page.evaluate((dir) => {
    document.documentElement.dir = dir
  }, dir)
  const found = await page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight } = document.documentElement
    const end = document.querySelector('main')?.getBoundingClientRect().bottom ?? 0
    const outside = [...document.querySelectorAll('.pane')].flatMap((pane) => {
      const frame = pane.getBoundingClientRect()
      return [...pane.querySelectorAll('.row *')].filter((part) => {
        const { left, right } = part.getBoundingClientRect()
        return left < frame.left - 1 || right > frame.right + 1
      })
    })
    return {
      sideways: scrollWidth - clientWidth,
      below: Math.max(0, Math.round(scrollHeight - (end + scrollY)) - 100),
      outside: outside.map(({ className }) => className),
    }
  })
  expect(found).toEqual({ sideways: 0, below: 0, outside: [] })
})
