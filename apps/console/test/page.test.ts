import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BelfryServer, register, startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import axe from 'axe-core'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const CONSOLE = join(import.meta.dirname, '..')
/** Patience for a busy machine, not a promise. */
const PATIENCE_MS = 8_000
/** It looks at every element, several times in a test. */
const AXE_WITHIN_MS = 40_000

let server: BelfryServer
let browser: Browser
let context: BrowserContext
let page: Page
/** What a page must never say: errors of the console, exceptions, what its policy refused. */
let complaints: string[]

beforeAll(async () => {
  if (!existsSync(join(CONSOLE, 'dist/index.html'))) {
    const { build } = await import('vite')
    await build({ root: CONSOLE, logLevel: 'warn' })
  }
  ;[server, browser] = await Promise.all([startServer({ env: { PLAYGROUND: 'on' } }), launchBrowser()])
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(PATIENCE_MS)
  complaints = []
  page = await open(context)
})

afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

async function open(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    )
  })
  return page
}

async function signInBoth(): Promise<{ ada: Locator; grace: Locator }> {
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Sign in both' }).click()
  const [ada, grace] = [page.locator('[data-person=ada]'), page.locator('[data-person=grace]')]
  for (const pane of [ada, grace]) await pane.getByText('Live').waitFor()
  return { ada, grace }
}

let sent = 0
/** Sends through the composer, with a title of its own. */
async function send(target: string): Promise<string> {
  sent += 1
  const title = `Note ${sent} to ${target}`
  await page.getByRole('radio', { name: target, exact: true }).check({ force: true })
  await page.getByLabel('Title').fill(title)
  const stored = page.waitForResponse('**/api/notifications/send')
  await page.getByRole('button', { name: 'Send as Ada' }).click()
  expect((await stored).status()).toBe(201)
  return title
}

const row = (pane: Locator, title: string) => pane.locator('.row', { hasText: title })
const readOf = (pane: Locator, title: string) => row(pane, title).locator('.row-main').click()

async function unreadOf(pane: Locator): Promise<number> {
  const name = await pane.locator('.bell').getAttribute('aria-label')
  return Number(/(\d+) unread/.exec(name ?? '')?.[1])
}

const expectUnread = (pane: Locator, count: number) =>
  expect.poll(() => unreadOf(pane), { timeout: PATIENCE_MS }).toBe(count)
const stateOf = (pane: Locator, title: string) =>
  expect.poll(() => row(pane, title).getAttribute('data-unread'), { timeout: PATIENCE_MS })

async function markAll(pane: Locator): Promise<void> {
  const button = pane.getByRole('button', { name: 'Mark all read' })
  await expect.poll(() => pane.locator('.rows, .empty').count(), { timeout: PATIENCE_MS }).toBe(1)
  if (await button.isEnabled()) await button.click()
  await expectUnread(pane, 0)
}

describe('the playground', () => {
  it('shows at once what was sent, and its badge, announcement and checklist', async () => {
    const { ada, grace } = await signInBoth()
    const before = [await unreadOf(ada), await unreadOf(grace)]
    const title = await send('Grace')
    await row(grace, title).waitFor()
    await expectUnread(grace, (before[1] ?? 0) + 1)
    expect(await row(ada, title).count()).toBe(0)
    expect(await unreadOf(ada)).toBe(before[0])
    await page
      .getByRole('status')
      .filter({ hasText: `Grace: ${title}` })
      .waitFor({ state: 'attached' })
    expect(await page.locator('.checklist [data-done=true]').allInnerTexts()).toEqual([
      expect.stringContaining('Sign in both'),
      expect.stringContaining('Send one'),
      expect.stringContaining('See it arrive'),
    ])
    await page.locator('.lines', { hasText: 'entries' }).waitFor()
  })

  it('marks read by a click, and a refresh keeps people and states', async () => {
    const { grace } = await signInBoth()
    await markAll(grace)
    const [read, unread] = [await send('Grace'), await send('Grace')]
    await expectUnread(grace, 2)
    await readOf(grace, read)
    await expectUnread(grace, 1)
    await page.locator('.checklist [data-done=true]', { hasText: 'Mark it read' }).waitFor()
    await page.reload()
    await grace.getByText('Live').waitFor()
    await stateOf(grace, read).toBe('false')
    await stateOf(grace, unread).toBe('true')
    expect(await unreadOf(grace)).toBe(1)
    await markAll(grace)
    await stateOf(grace, unread).toBe('false')
  })

  it('reaches everyone, a room and a role, each person once', async () => {
    const { ada, grace } = await signInBoth()
    for (const target of ['Everyone', 'Room lobby', 'Role user']) {
      const title = await send(target)
      for (const pane of [ada, grace]) {
        await row(pane, title).waitFor()
        expect(await row(pane, title).count()).toBe(1)
      }
    }
  })

  it('catches up once after it was offline', async () => {
    const { grace } = await signInBoth()
    await markAll(grace)
    await grace.getByRole('switch').click()
    await grace.getByText('You are offline').waitFor()
    const titles = [await send('Grace'), await send('Everyone'), await send('Room lobby')]
    for (const title of titles) expect(await row(grace, title).count()).toBe(0)
    await grace.getByRole('switch').click()
    await grace.getByText('3 arrived while you were away').waitFor()
    const shown = await grace.locator('.row-title').allInnerTexts()
    expect(shown.slice(0, 3)).toEqual(titles.toReversed())
    expect(new Set(shown).size).toBe(shown.length)
    await expectUnread(grace, 3)
    await page.locator('.checklist [data-done=true]', { hasText: 'Go offline' }).waitFor()
  })

  it('deletes with a way back to the same place, by keyboard too', async () => {
    const { grace } = await signInBoth()
    const [older, newer] = [await send('Grace'), await send('Grace')]
    await row(grace, newer).waitFor()
    const remove = grace.getByRole('button', { name: `Delete ${older}` })
    await remove.focus()
    await remove.press('Enter')
    await expect.poll(() => row(grace, older).count(), { timeout: PATIENCE_MS }).toBe(0)
    const undo = grace.getByRole('button', { name: 'Undo' })
    expect(await undo.evaluate((button) => button === document.activeElement)).toBe(true)
    await undo.press('Enter')
    await row(grace, older).waitFor()
    expect((await grace.locator('.row-title').allInnerTexts()).slice(0, 2)).toEqual([newer, older])
  })

  it.each(['light', 'dark'] as const)(
    'has no serious fault of accessibility when %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(server.url)
      await page.getByRole('button', { name: 'Sign in both' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      const { grace } = await signInBoth()
      for (const kind of ['System alert', 'Low stock', 'Info']) {
        await page.getByRole('button', { name: kind, exact: true }).click()
        await send('Everyone')
      }
      await row(grace, `Note ${sent} `).waitFor()
      await readOf(grace, `Note ${sent} `)
      await grace.getByRole('switch').click()
      await grace.getByText('You are offline').waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.setViewportSize({ width: 390, height: 844 })
      // Colours are the same as before; what changes is where things are.
      if (colorScheme === 'light') expect(await faultsOf(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBe(0)
    },
    AXE_WITHIN_MS,
  )

  it('loads older pages', async () => {
    const { ada, grace } = await signInBoth()
    const { token } = await page.evaluate(() =>
      JSON.parse(sessionStorage.getItem('belfry:session:ada') ?? '{}'),
    )
    const notifications = Array.from({ length: 60 }, (_, at) => ({
      audience: { all: true },
      message: `Bulk ${at}`,
    }))
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }
    const body = JSON.stringify({ notifications })
    const reply = await fetch(`${server.url}/api/notifications/bulk`, { method: 'POST', headers, body })
    expect(reply.status).toBe(201)
    await row(ada, 'Bulk 59').waitFor()
    await page.reload()
    await grace.getByText('Live').waitFor()
    const first = await grace.locator('.row').count()
    await grace.getByRole('button', { name: 'Load more' }).click()
    await expect.poll(() => grace.locator('.row').count(), { timeout: PATIENCE_MS }).toBeGreaterThan(first)
    const shown = await grace.locator('.row-message').allInnerTexts()
    const bulk = shown.filter((text) => text.startsWith('Bulk'))
    expect(bulk).toEqual(Array.from({ length: 60 }, (_, at) => `Bulk ${59 - at}`))
  })
})

interface Axe {
  run(
    root: Document,
    options: object,
  ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}

/** Through the debugger, which the page's policy does not bind. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    // Put there by its source.
    const axe: Axe = Reflect.get(globalThis, 'axe')
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  })
}

describe('without the playground', () => {
  let plain: BelfryServer

  beforeAll(async () => {
    plain = await startServer()
  })

  afterAll(() => plain?.close())

  it(
    'asks for e-mail and password, and shows that person’s inbox',
    async () => {
      const person = await register(plain)
      await page.goto(plain.url)
      await page.getByLabel('E-mail').fill(person.email)
      await page.getByLabel('Password').fill('not the password')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('Invalid credentials').waitFor()
      await page.getByLabel('Password').fill(person.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText('All quiet').waitFor()
      await person.http.post('/api/notifications/test', { title: 'Hello there', message: 'A test' })
      await page.locator('.row', { hasText: 'Hello there' }).waitFor()
      expect(await faultsOf(page)).toEqual([])
      // The browser itself logs the two refusals that this test asks for: no playground, wrong password.
      expect(complaints).toEqual([expect.stringContaining('404'), expect.stringContaining('401')])
      complaints = []
    },
    AXE_WITHIN_MS,
  )
})
