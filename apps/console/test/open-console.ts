/** The console in a real browser, with an ear for everything that a page must never say. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BelfryServer, startServer } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import axe from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

const CONSOLE = join(import.meta.dirname, '..')
/** Patience for a busy machine, not a promise. */
const PATIENCE_MS = 10_000

/** What a browser keeps of the page's looks; see look.ts. */
export interface ChosenLook {
  isDark?: boolean
  isRtl?: boolean
  language?: string
}

export class OpenConsole {
  readonly server: BelfryServer
  readonly browser: Browser
  context: BrowserContext | undefined
  /** Errors of the console, exceptions, and what the policy of the page refused. */
  complaints: string[] = []

  constructor(server: BelfryServer, browser: Browser) {
    this.server = server
    this.browser = browser
  }

  /** A browser of its own, which `afterEach` closes. */
  async newContext(look: ChosenLook = {}, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    await this.context?.close()
    const size = { viewport: { width: 1280, height: 900 } }
    this.context = await this.browser.newContext({ ...size, ...options })
    this.context.setDefaultTimeout(PATIENCE_MS)
    await this.context.addInitScript((chosen) => {
      if (!localStorage.getItem('belfry:look')) localStorage.setItem('belfry:look', chosen)
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`policy: ${violatedDirective} ${blockedURI}`),
      )
    }, JSON.stringify(look))
    return this.context
  }

  async newPage(path = '/'): Promise<Page> {
    const context = this.context ?? (await this.newContext())
    const page = await context.newPage()
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    await page.goto(this.server.url + path)
    return page
  }
}

/** One server and one browser for the tests of a file, a fresh context for each. */
export function withConsole(env: Record<string, string> = {}): () => OpenConsole {
  let opened: OpenConsole | undefined
  beforeAll(async () => {
    if (!existsSync(join(CONSOLE, 'dist/index.html'))) {
      const { build } = await import('vite')
      await build({ root: CONSOLE, logLevel: 'warn' })
    }
    opened = new OpenConsole(...(await Promise.all([startServer({ env }), launchBrowser()])))
  })
  afterEach(async () => {
    await opened?.context?.close()
    const complaints = opened?.complaints.splice(0)
    if (opened) opened.context = undefined
    expect(complaints).toEqual([])
  })
  afterAll(async () => {
    await opened?.browser.close()
    await opened?.server.close()
  })
  return () => {
    if (!opened) throw new Error('not open yet')
    return opened
  }
}

export const eventually = <T>(read: () => Promise<T>, withinMs = PATIENCE_MS) =>
  expect.poll(read, { timeout: withinMs })

export const rowOf = (scope: Page | Locator, title: string) =>
  scope.locator('[data-belfry-row]', { hasText: title })

export const isUnread = (row: Locator) => row.evaluate((element) => 'unread' in element.dataset)

/** A tool of a row, which shows under the pointer. */
export async function pressTool(row: Locator, name: string): Promise<void> {
  await row.hover()
  await row.getByRole('button', { name, exact: true }).click()
}

interface Axe {
  run(
    root: Document,
    options: object,
  ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}

/** Serious and critical faults; put in by the debugger, which the page's policy does not bind. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    // Put there by its source.
    const axe: Axe = Reflect.get(globalThis, 'axe')
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
  })
}
