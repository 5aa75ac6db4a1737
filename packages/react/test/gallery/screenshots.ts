/**
 * `npm run gallery -w @belfry/react -- FOLDER [SCENE]`: writes a picture of each state of the kit, and says what
 * axe-core finds there. For eyes: nothing is compared.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '@belfry/testkit/browser'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { CHAT_SHOTS } from './chat-shots.ts'
import { serveGallery } from './serve.ts'

const [folder = '.', only] = process.argv.slice(2)

/** Source: WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']

const DESKTOP = { width: 860, height: 640 }
const PHONE = { width: 390, height: 844 }

/** A way of looking, by its name. */
const LOOKS: Readonly<Record<string, { query: string; context: BrowserContextOptions }>> = {
  light: { query: '', context: { viewport: DESKTOP, colorScheme: 'light' } },
  dark: { query: 'theme=dark', context: { viewport: DESKTOP, colorScheme: 'light' } },
  rtl: { query: 'dir=rtl&lang=ar', context: { viewport: DESKTOP, colorScheme: 'light' } },
  german: { query: 'lang=de', context: { viewport: DESKTOP, colorScheme: 'dark' } },
  phone: { query: '', context: { viewport: PHONE, colorScheme: 'light', hasTouch: true, isMobile: true } },
  forced: { query: '', context: { viewport: DESKTOP, forcedColors: 'active' } },
}

export interface Shot {
  name: string
  scene: string
  looks: readonly string[]
  steps?: (page: Page) => Promise<unknown>
}

const ALL = Object.keys(LOOKS)
const TWO = ['light', 'dark']
const MOST = ['light', 'dark', 'rtl', 'phone', 'forced']

const firstRow = (page: Page) => page.locator('[data-belfry-row]').first()

async function select(page: Page): Promise<void> {
  await firstRow(page).focus()
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
}

async function scrollAndWait(page: Page): Promise<void> {
  await page.locator('[data-part=scroller]').evaluate((element) => element.scrollBy(0, 300))
  await page.waitForTimeout(200)
  for (let n = 0; n < 3; n += 1) {
    await page.evaluate(() => dispatchEvent(new CustomEvent('gallery:arrive')))
  }
  await page.locator('[data-belfry-pill]').waitFor()
}

const scrollDown = (page: Page) =>
  page.locator('[data-part=scroller]').evaluate((element) => element.scrollBy(0, 420))

const SHOTS: readonly Shot[] = [
  { name: 'panel', scene: 'panel', looks: ALL },
  { name: 'panel-more', scene: 'panel', looks: MOST, steps: scrollDown },
  {
    name: 'hover',
    scene: 'panel',
    looks: TWO,
    steps: (page) => page.locator('[data-belfry-row]').nth(1).hover(),
  },
  { name: 'focus', scene: 'panel', looks: [...TWO, 'forced'], steps: (page) => page.keyboard.press('Tab') },
  { name: 'closed', scene: 'closed', looks: [...TWO, 'rtl', 'forced'] },
  { name: 'closed-many', scene: 'closed-many', looks: TWO },
  { name: 'closed-none', scene: 'closed-none', looks: ['light'] },
  { name: 'loading', scene: 'loading', looks: MOST },
  { name: 'error', scene: 'error', looks: TWO },
  { name: 'refused', scene: 'refused', looks: TWO },
  { name: 'offline', scene: 'offline', looks: MOST },
  { name: 'empty', scene: 'empty', looks: [...TWO, 'phone'] },
  {
    name: 'filter-empty',
    scene: 'panel',
    looks: [...TWO, 'rtl'],
    steps: (page) => page.getByRole('tab').last().click(),
  },
  { name: 'search', scene: 'search', looks: TWO },
  {
    name: 'groups',
    scene: 'groups',
    looks: TWO,
    steps: (page) => page.locator('[data-group] [aria-expanded]').first().click(),
  },
  { name: 'bulk', scene: 'panel', looks: [...TWO, 'rtl', 'forced'], steps: select },
  {
    name: 'snooze-menu',
    scene: 'panel',
    looks: ALL,
    steps: async (page) => {
      await page.locator('[data-belfry-row]').nth(1).press('s')
      await page.locator('[data-belfry-snooze] time').first().waitFor()
    },
  },
  {
    name: 'snoozed',
    scene: 'snoozed',
    looks: MOST,
    steps: async (page) => {
      await page.getByRole('tab').last().click()
      await page.locator('[data-belfry-row]').first().hover()
    },
  },
  { name: 'returned', scene: 'snoozed', looks: TWO },
  { name: 'pill', scene: 'panel', looks: [...TWO, 'phone', 'forced'], steps: scrollAndWait },
  {
    name: 'fresh',
    scene: 'panel',
    looks: TWO,
    steps: (page) => page.evaluate(() => dispatchEvent(new CustomEvent('gallery:arrive'))),
  },
  {
    name: 'prompt',
    scene: 'panel',
    looks: MOST,
    steps: (page) => page.locator('[data-part=meta]').nth(1).click(),
  },
  { name: 'push', scene: 'closed-push', looks: TWO },
  { name: 'toasts', scene: 'toasts', looks: MOST },
  { name: 'toasts-many', scene: 'toasts-many', looks: MOST },
  { name: 'connection-degraded', scene: 'connection-degraded', looks: TWO },
  { name: 'connection-reconnecting', scene: 'connection-reconnecting', looks: [...TWO, 'phone', 'forced'] },
  { name: 'connection-offline', scene: 'connection-offline', looks: TWO },
  { name: 'connection-unauthorized', scene: 'connection-unauthorized', looks: ['light'] },
  { name: 'connection-online', scene: 'connection', looks: TWO },
  {
    name: 'help',
    scene: 'panel',
    looks: MOST,
    steps: async (page) => {
      await firstRow(page).focus()
      await page.keyboard.press('?')
    },
  },
]

mkdirSync(folder, { recursive: true })
const gallery = await serveGallery()
const browser = await launchBrowser()
try {
  for (const shot of [...SHOTS, ...CHAT_SHOTS]) {
    if (only !== undefined && !shot.name.startsWith(only)) continue
    for (const look of shot.looks) await photograph(browser, shot, look)
  }
} finally {
  await browser.close()
  await gallery.close()
}

async function photograph(browser: Browser, { name, scene, steps }: Shot, look: string): Promise<void> {
  const { query, context: options } = LOOKS[look] ?? { query: '', context: {} }
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const title = `${name}-${look}`
  // A browser without a screen refuses what nobody has been asked for.
  await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { value: 'default' }))
  page.on('pageerror', (error) => console.error(title, error))
  page.on('console', (message) => message.type() === 'error' && console.error(title, message.text()))
  await page.goto(`${gallery.url}/?scene=${scene}&${query}`)
  const isChat = name.startsWith('chat')
  await page.locator(isChat ? '[data-belfry-chat-system]' : '[data-belfry-bell] > button').waitFor()
  if (/^(panel|groups|search)$/.test(scene)) await firstRow(page).waitFor()
  if (scene.startsWith('toasts')) await page.locator('[data-belfry-toast]').nth(2).waitFor()
  if (/^connection-/.test(scene)) await page.locator('[data-belfry-bell] [data-belfry-connection]').waitFor()
  await steps?.(page)
  await page.waitForTimeout(name === 'fresh' ? 100 : 400)
  await page.screenshot({ path: join(folder, `${title}.png`) })
  for (const line of await findings(page)) console.log(`${title}: ${line}`)
  await context.close()
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async (values) => {
    const inPage: typeof axe = Reflect.get(globalThis, 'axe')
    const { violations } = await inPage.run(document, { runOnly: { type: 'tag', values } })
    return violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${html.slice(0, 120)} ${failureSummary}`),
    )
  }, RULES)
}
