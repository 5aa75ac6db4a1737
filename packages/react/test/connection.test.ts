/** Providers and hooks in a browser, against the server as it runs. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  admin,
  type BelfryServer,
  createFaultProxy,
  type FaultProxy,
  type Person,
  register,
  send,
  startServer,
} from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildPage } from './build-page.ts'
import { ConnectionPage } from './connection-page.tsx'

const PAGE = `
  import { createElement } from 'react'
  import { hydrateRoot } from 'react-dom/client'
  import { ConnectionPage } from '${import.meta.dirname}/connection-page.tsx'

  const root = document.getElementById('root')
  hydrateRoot(root, createElement(ConnectionPage, { url: root.dataset.url }))
`

let browser: Browser
let pages: Server
let server: BelfryServer
let proxy: FaultProxy
let ada: Person
let context: BrowserContext
let complaints: string[]
let sockets: number

beforeAll(async () => {
  const files = await buildPage(PAGE)
  pages = createServer((request, response) => {
    const code = files.get(request.url ?? '')
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript')
    const html = renderToString(createElement(ConnectionPage, { url: proxy.url }))
    const body = `<div id="root" data-url="${proxy.url}">${html}</div><script type="module" src="/page.js"></script>`
    response.end(code ?? `<!doctype html>${body}`)
  })
  await once(pages.listen(0, '127.0.0.1'), 'listening')
  server = await startServer({ env: { CORS_ORIGINS: origin() } })
  proxy = await createFaultProxy(server)
  ada = await register(server)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await proxy?.close()
  await server?.close()
  pages?.close()
})

beforeEach(async () => {
  complaints = []
  sockets = 0
  context = await browser.newContext()
})

afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const origin = () => `http://127.0.0.1:${(pages.address() as AddressInfo).port}`

async function open(): Promise<Page> {
  const page = await context.newPage()
  page.on('websocket', () => {
    sockets += 1
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(`${origin()}/`)
  return page
}

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText()
const reaches = (page: Page, id: string, expected: string) =>
  expect.poll(() => text(page, id), { timeout: 5_000 }).toBe(expected)

async function signIn(page: Page): Promise<void> {
  await reaches(page, 'session', 'signedOut nobody')
  await page.evaluate(`auth.login('${ada.email}', '${ada.password}')`)
  await reaches(page, 'first', 'online true')
}

test('one socket for all providers and hooks, none before sign-in, none after it in any tab', async () => {
  const page = await open()
  await reaches(page, 'session', 'signedOut nobody')
  expect([sockets, proxy.openConnections]).toEqual([0, 0])
  await signIn(page)
  await reaches(page, 'second', 'online true')
  expect(sockets).toBe(1)
  await page.locator('#remount').click()
  await reaches(page, 'second', 'online true')
  await send(await admin(server), { audience: { user: ada.id }, message: 'hello' })
  for (const name of ['first', 'second']) await reaches(page, name, 'online true hello')
  expect(sockets).toBe(1)

  const other = await open()
  await reaches(other, 'session', `signedIn ${ada.email}`)
  await reaches(other, 'first', 'online true')
  expect(sockets).toBe(2)
  await page.evaluate('auth.logout()')
  for (const tab of [page, other]) {
    await expect.poll(() => text(tab, 'session'), { timeout: 1_000 }).toBe('signedOut nobody')
    await expect.poll(() => text(tab, 'first')).toContain('idle false')
  }
  expect(await page.evaluate(`localStorage.getItem('belfry:auth:${proxy.url}')`)).toBeNull()
  expect(sockets).toBe(2)
})
