import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { eventually } from '@belfry/testkit'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, CDPSession, Page, Worker } from 'playwright-core'
import { transformWithOxc } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ShownByWorker, WORKER_STAGE, type WorkerStage } from './worker-stage.ts'

const SOURCE = join(import.meta.dirname, '../src/sw/belfry-sw.ts')

/** Inside `evaluate` this names the worker's global scope. */
declare const self: WorkerStage

let server: Server
let origin: string
let browser: Browser
let context: BrowserContext
let page: Page
let worker: Worker
let devtools: CDPSession
let registrationId: string

beforeAll(async () => {
  const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE, { target: 'es2022' })
  server = createServer(({ url }, response) => {
    const isWorker = url === '/belfry-sw.js'
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html')
    response.end(isWorker ? WORKER_STAGE + code : '<title>App</title>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

beforeEach(async () => {
  context = await browser.newContext()
  // Stays open when the app's own tab is closed.
  devtools = await context.newCDPSession(await context.newPage())
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    })
  })
  await devtools.send('ServiceWorker.enable')
  page = await context.newPage()
  await page.goto(origin)
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/belfry-sw.js')
    await navigator.serviceWorker.ready
  })
  registrationId = await registered
  worker = await eventually('a worker', () => context.serviceWorkers()[0])
  await focus(false)
})

afterEach(() => context.close())

const focus = (isFocused: boolean) =>
  worker.evaluate((is) => {
    self.isFocused = is
  }, isFocused)

const readShown = () =>
  worker.evaluate(() =>
    self.shown.map(({ title, tag, body, icon, data }) => ({ title, tag, body, icon, data })),
  )

/** Ends when the worker has done with it. */
async function push(data: unknown): Promise<void> {
  const readFinished = () => worker.evaluate(() => self.finished)
  const before = await readFinished()
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: text })
  await eventually('the end of the push', async () => (await readFinished()) > before)
}

const titles = async () => (await readShown()).map(({ title }) => title)

describe('a push', () => {
  it('shows while no tab is focused', async () => {
    await push({ id: 'item-1', title: 'Order 1', body: 'Two chairs', url: '/orders/1', icon: '/icon.png' })
    expect((await readShown())[0]).toEqual({
      title: 'Order 1',
      tag: 'item-1',
      body: 'Two chairs',
      icon: `${origin}/icon.png`,
      data: { id: 'item-1', url: '/orders/1' },
    })
  })

  it('shows while no tab is open', async () => {
    await page.close()
    await push({ id: 'item-1', title: 'Order 1' })
    expect(await titles()).toEqual(['Order 1'])
  })

  it('shows nothing while a tab is focused and visible', async () => {
    await focus(true)
    await push({ id: 'item-1', title: 'Order 1' })
    expect(await titles()).toEqual([])
  })

  it('takes the place of the one with the same tag', async () => {
    await push({ id: 'item-1', title: 'Message', tag: 'chat-1' })
    await push({ id: 'item-2', title: '2 messages', tag: 'chat-1' })
    expect(await titles()).toEqual(['2 messages'])
  })

  it.each(['', 'no json', '[]', 'null', '{"title":7}', '{"title":""}'])(
    'of %j shows a sentence',
    async (data) => {
      await push(data)
      expect(await titles()).toEqual(['New notification'])
    },
  )

  it.each(['javascript:alert(1)', '//evil.example/x.png', '/\\evil.example', 'https://me:pw@evil.example/'])(
    'shows no icon from %s',
    async (icon) => {
      await push({ id: 'item-1', title: 'Order 1', icon })
      expect(await readShown()).toMatchObject([{ title: 'Order 1', icon: undefined }])
    },
  )

  it('with nothing unread closes all', async () => {
    await push({ id: 'item-1', title: 'Order 1' })
    await push({ id: 'item-2', title: 'Order 2' })
    expect(await titles()).toHaveLength(2)
    await push({ unread: 0 })
    expect(await titles()).toEqual([])
  })

  it('closes what was read elsewhere', async () => {
    await push({ id: 'item-1', title: 'Order 1' })
    await push({ id: 'item-2', title: 'Order 2' })
    await push({ close: ['item-1', 7] })
    expect(await titles()).toEqual(['Order 2'])
  })
})

it('a page closes what was read', async () => {
  await push({ id: 'item-1', title: 'Order 1', tag: 'chat-1' })
  await push({ id: 'item-2', title: 'Order 2' })
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage('nonsense')
    active?.postMessage({ type: 'belfry:close', ids: ['item-1'] })
  })
  await eventually('one', async () => (await titles()).length === 1)
  expect(await titles()).toEqual(['Order 2'])
})

describe('a click', () => {
  const click = (data: unknown) =>
    worker.evaluate(async (given) => {
      let isClosed = false
      const close = () => {
        isClosed = true
      }
      await self.click({ data: given as ShownByWorker['data'], close })
      return isClosed
    }, data)

  it('closes the notification and lets an open tab follow it', async () => {
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data))
          navigator.serviceWorker.startMessages()
        }),
    )
    expect(await click({ id: 'item-1', url: '/orders/1' })).toBe(true)
    expect(await told).toEqual({ type: 'belfry:open', id: 'item-1', url: `${origin}/orders/1` })
    expect(await worker.evaluate(() => self.opened)).toEqual([])
  })

  it.each([
    ['/orders/1', '/orders/1'],
    ['https://shop.example/orders/1', 'https://shop.example/orders/1'],
    ['javascript:alert(1)', '/'],
    ['data:text/html,hi', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['https://me:pw@evil.example/', '/'],
    [{ toString: 'x' }, '/'],
    [undefined, '/'],
  ])('on %j without a tab opens %s', async (url, opened) => {
    await page.close()
    await click({ id: 'item-1', url })
    const [href] = await worker.evaluate(() => self.opened)
    expect(new URL(href ?? '', origin).href).toBe(new URL(opened, origin).href)
  })
})
