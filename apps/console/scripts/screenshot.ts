/**
 * `npm run screenshot -w @belfry/console [-- --all FOLDER]`, after `npm run build`: writes `docs/screenshot.png` with
 * both people live, and with `--all` also dark, on a phone, signed out and offline.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, Page } from 'playwright-core'

const ROOT = join(import.meta.dirname, '../../..')
const { values } = parseArgs({ options: { all: { type: 'string' } } })

/** What is sent, oldest first: the button, and to whom. */
const STORY = [
  ['Info', 'Everyone'],
  ['Project', 'Grace'],
  ['Order updated', 'Ada'],
  ['Task', 'Grace'],
  ['Low stock', 'Everyone'],
  ['System alert', 'Room lobby'],
  ['Budget', 'Ada'],
  ['New order', 'Grace'],
] as const

const server = await startServer({ env: { PLAYGROUND: 'on' } })
const browser = await launchBrowser()
try {
  await photograph(browser, { file: join(ROOT, 'docs/screenshot.png'), scheme: 'light' })
  if (values.all !== undefined) {
    const folder = values.all
    await photograph(browser, { file: join(folder, 'dark.png'), scheme: 'dark', isFull: true })
    const phone = { width: 390, height: 844 }
    await photograph(browser, { file: join(folder, 'phone.png'), scheme: 'light', size: phone, isFull: true })
  }
} finally {
  await browser.close()
  await server.close()
}

interface Shot {
  file: string
  scheme: 'light' | 'dark'
  size?: { width: number; height: number }
  isFull?: boolean
}

async function photograph(
  browser: Browser,
  { file, scheme, size = { width: 1280, height: 800 }, isFull = false }: Shot,
) {
  const context = await browser.newContext({ viewport: size, colorScheme: scheme, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Sign in both' }).waitFor()
  if (isFull) await page.screenshot({ path: file.replace('.png', '-signed-out.png') })
  await page.getByRole('button', { name: 'Sign in both' }).click()
  await page.getByText('Live').nth(1).waitFor()
  if (scheme === 'light' && !isFull) await tell(page)
  await page.mouse.move(2, 2)
  // The highlight of new rows fades in 2 s.
  await page.waitForTimeout(2_500)
  await page.screenshot({ path: file, fullPage: isFull, animations: 'disabled' })
  if (isFull) await page.screenshot({ path: await offline(page, file) })
  await context.close()
}

/** Offline, with something deleted, and a narrow look at the toast. */
async function offline(page: Page, file: string): Promise<string> {
  const grace = page.locator('[data-person=grace]')
  await grace.locator('.row').first().hover()
  await grace.locator('.row-delete').first().click()
  await page.locator('[data-person=ada]').getByRole('switch').click()
  await grace.getByText('Undo').waitFor()
  return file.replace('.png', '-offline.png')
}

async function tell(page: Page): Promise<void> {
  for (const [kind, target] of STORY) {
    await page.getByRole('button', { name: kind, exact: true }).click()
    await page.getByRole('radio', { name: target, exact: true }).check({ force: true })
    const stored = page.waitForResponse('**/api/notifications/send')
    await page.getByRole('button', { name: 'Send as Ada' }).click()
    await stored
  }
  const grace = page.locator('[data-person=grace]')
  await grace.locator('.row-main', { hasText: 'Maintenance' }).click()
  await grace.locator('.row-main', { hasText: 'Atlas' }).click()
  await page.locator('[data-person=ada] .row-main', { hasText: 'Maintenance' }).click()
}
