/** One server, one browser and one app for the acceptance tests of a file (ui.md §8). */
import { join } from 'node:path'
import {
  admin,
  type BelfryServer,
  createFaultProxy,
  eventually,
  type FaultProxy,
  type Person,
  startServer,
} from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type ServedApp, serveApp } from '../serve-app.ts'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import { type PlayedOptions, playBrowser } from './played-browser.ts'

const APP = join(import.meta.dirname, 'app')

/** The browser's own lines about a network that the test has cut. */
const CUT = /net::ERR_|WebSocket connection|WebSocket is already in CLOSING/

/** What the address of the app says: `token`, `page=inbox`, `theme`, `dir`, `lang`, `shortcuts=off`, … */
export type AppQuery = Readonly<Record<string, string>>

export interface DeviceOptions extends Partial<PlayedOptions> {
  context?: BrowserContextOptions
  /** For what outlasts a test: `reset` leaves it open. */
  isKept?: boolean
}

interface TabOptions {
  /** Origin that the app is loaded from; the loopback without it. */
  origin?: string
  /** Default: as the device says. */
  isFocused?: boolean
}

export interface World {
  readonly browser: Browser
  readonly server: BelfryServer
  /** Between every page and the server. */
  readonly proxy: FaultProxy
  readonly app: ServedApp
  /** Who sends. */
  readonly sender: Person
  /** Errors, warnings and refusals of the policy in all pages since the last `reset`. */
  readonly complaints: string[]
  /** Tabs of one device share storage, locks and channels. Closed by `reset`. */
  device(options?: DeviceOptions): Promise<BrowserContext>
  /** A tab with the app, connected to the server through `proxy` unless the query has another `url`. */
  open(device: BrowserContext, query: AppQuery, options?: TabOptions): Promise<Page>
  /** Closes all devices, heals the network, and answers what the pages complained about. */
  reset(): Promise<string[]>
  close(): Promise<void>
}

export interface WorldOptions {
  workerPrelude?: string
  isProduction?: boolean
  env?: Record<string, string>
}

/** The app also answers under this name, which a browser takes for a site on plain http. */
export const plainOrigin = ({ url }: ServedApp): string => `http://plain.test:${new URL(url).port}`

/** Close it after use. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { workerPrelude = '', isProduction = false, env = {} } = options
  const app = await serveApp({ root: APP, workerPrelude, isProduction })
  const origins = [app.url, plainOrigin(app)].join()
  const [server, browser] = await Promise.all([
    startServer({ env: { CORS_ORIGINS: origins, ...env } }),
    launchBrowser(),
  ])
  const [proxy, sender] = await Promise.all([createFaultProxy(server), admin(server)])
  const complaints: string[] = []
  const devices = new Set<BrowserContext>()
  return {
    app,
    server,
    browser,
    proxy,
    sender,
    complaints,
    async device({ context, isKept = false, ...played } = {}) {
      const device = await browser.newContext({ reducedMotion: 'reduce', ...context })
      if (!isKept) devices.add(device)
      await device.addInitScript(playBrowser, { ...AT_REST, ...played })
      device.on('page', (page) => listen(page, complaints))
      return device
    },
    async open(device, query, { origin = app.url, isFocused } = {}) {
      const page = await device.newPage()
      if (isFocused !== undefined) await page.addInitScript(`played.isFocused = ${isFocused}`)
      await page.goto(`${origin}/?${new URLSearchParams({ url: proxy.url, ...query })}`)
      return page
    },
    async reset() {
      await Promise.all([...devices].map((device) => device.close()))
      devices.clear()
      proxy.heal()
      return complaints.splice(0)
    },
    async close() {
      await browser.close()
      await server.close()
      await app.close()
    },
  }
}

/** Inside `evaluate` this is the page's. */
declare const app: AppHandle

/** Resolves when the page follows the server: what is sent now arrives live. */
export const online = (page: Page): Promise<boolean> =>
  eventually('a page that is online', () =>
    page.evaluate(() => app.kit.client?.getSnapshot().status === 'online'),
  )

const AT_REST: PlayedOptions = { isFocused: true, permission: 'default', ask: 'granted' }

function listen(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    const isBad = ['error', 'warning'].includes(message.type())
    if (isBad && !CUT.test(message.text())) complaints.push(message.text())
  })
}
