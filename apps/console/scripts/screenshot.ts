/**
 * `npm run screenshot -w @belfry/console [-- --all FOLDER]`, after `npm run build`: writes `docs/screenshot.png` and
 * its dark sister, and with `--all` also both pages on a phone, in German and in Arabic.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BelfryServer, startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const DOCS = join(import.meta.dirname, '../../../docs')
const { values } = parseArgs({ options: { all: { type: 'string' } } })

interface Scene {
  kind: string
  to: string
  /** Who clicks it at once. */
  readBy?: readonly string[]
}

/** Oldest first. */
const STORY: readonly Scene[] = [
  { kind: 'Plain words', to: 'Everyone', readBy: ['ada', 'grace'] },
  { kind: 'Project', to: 'Grace', readBy: ['grace'] },
  { kind: 'Order shipped', to: 'Ada' },
  { kind: 'Task', to: 'Grace' },
  { kind: 'Low stock', to: 'Everyone' },
  { kind: 'Budget', to: 'Ada' },
  { kind: 'System alert', to: 'Room lobby' },
  { kind: 'Appointment', to: 'Grace' },
  { kind: 'New order', to: 'Everyone' },
]

/** Longer than any highlight or fade. */
const CALM_MS = 2_500
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

interface Look {
  isDark?: boolean
  isRtl?: boolean
  language?: string
}

interface Shot {
  file: string
  look?: Look
  size?: { width: number; height: number }
  path?: string
}

const browser = await launchBrowser()
try {
  await onFreshServer((server) => photograph(server, { file: join(DOCS, 'screenshot.png') }))
  await onFreshServer((server) =>
    photograph(server, { file: join(DOCS, 'screenshot-dark.png'), look: { isDark: true } }),
  )
  if (values.all !== undefined) await photographAll(values.all)
} finally {
  await browser.close()
}

/** Nothing from one picture is in the next. */
async function onFreshServer(run: (server: BelfryServer) => Promise<void>): Promise<void> {
  const server = await startServer({ env: { PLAYGROUND: 'on' } })
  try {
    await run(server)
  } finally {
    await server.close()
  }
}

async function photographAll(folder: string): Promise<void> {
  const shots: Shot[] = [
    { file: 'wide.png', size: { width: 1600, height: 900 } },
    { file: 'german.png', look: { language: 'de' } },
    { file: 'arabic.png', look: { language: 'ar', isRtl: true } },
    { file: 'phone.png', size: PHONE },
    { file: 'inbox.png', path: '/inbox?as=grace' },
    { file: 'inbox-phone.png', path: '/inbox?as=grace', size: PHONE },
    { file: 'sign-in.png', path: '/inbox' },
  ]
  for (const shot of shots) {
    await onFreshServer((server) => photograph(server, { ...shot, file: join(folder, shot.file) }))
  }
}

async function photograph(server: BelfryServer, { file, look, size = DESKTOP, path }: Shot): Promise<void> {
  const page = await openPlayground(browser, server, { look, viewport: size })
  await tell(page)
  if (path !== undefined) await page.goto(server.url + path)
  await page.mouse.move(2, 2)
  // Messages go after 3.5 s each, the highlight of new rows sooner.
  const going = page.locator('[data-belfry-toast]:not([data-tone=urgent])')
  await going.first().waitFor({ state: 'detached' })
  await page.waitForTimeout(CALM_MS)
  await page.screenshot({
    path: file,
    fullPage: size === PHONE && path === undefined,
    animations: 'disabled',
  })
  await page.context().close()
}

async function openPlayground(
  browser: Browser,
  server: BelfryServer,
  { look = {}, ...options }: BrowserContextOptions & { look?: Look | undefined },
): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  await context.addInitScript((look) => localStorage.setItem('belfry:look', look), JSON.stringify(look))
  const page = await context.newPage()
  await page.goto(server.url)
  await page.locator('[data-belfry-connection][data-status=online]').nth(1).waitFor()
  return page
}

async function tell(page: Page): Promise<void> {
  for (const { kind, to, readBy = [] } of STORY) {
    await page.getByRole('radio', { name: to, exact: true }).check({ force: true })
    const stored = page.waitForResponse('**/api/notifications/send')
    await page.getByRole('button', { name: kind, exact: true }).click()
    await stored
    for (const name of readBy) await page.locator(`.phone[data-person=${name}] [data-unread]`).first().click()
  }
}
