import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildPage } from './build-page.ts'

const SRC = join(import.meta.dirname, '../src')

/** A page with a toaster, a button and a dialog. */
const PAGE = `
  import { createElement as h } from 'react'
  import { createRoot } from 'react-dom/client'
  import { useKit } from '${SRC}/kit/KitContext.ts'
  import { NotificationProvider } from '${SRC}/kit/NotificationProvider.tsx'
  import { useAnnouncer } from '${SRC}/speech/useAnnouncer.ts'
  import { Toaster } from '${SRC}/toasts/Toaster.tsx'
  import { useToast } from '${SRC}/toasts/useToast.ts'

  function Content() {
    const { announce } = useAnnouncer()
    Object.assign(window, { toast: useToast(), announce, kit: useKit() })
    return [
      h('button', { key: 'outside', id: 'outside' }, 'Outside'),
      h('dialog', { key: 'kept', id: 'kept' }, h('button', null, 'Kept')),
    ]
  }

  const clicked = (item) => { window.clicked = item.id }
  createRoot(document.getElementById('root')).render(
    h(NotificationProvider, { onNotificationClick: clicked }, h(Toaster), h(Content)),
  )
`

let browser: Browser
let server: Server
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  const files = await buildPage(PAGE)
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', "default-src 'self'")
    const code = files.get(request.url ?? '')
    response.setHeader('content-type', code === undefined ? 'text/html' : 'text/javascript')
    response.end(code ?? '<!doctype html><div id="root"></div><script type="module" src="/page.js"></script>')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

beforeEach(async () => {
  complaints = []
  context = await browser.newContext()
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.clock.install()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.locator('#outside').waitFor()
})

afterEach(async () => {
  await context.close()
  // Refusals of the policy among them.
  expect(complaints).toEqual([])
})

const show = (...titles: string[]) =>
  page.evaluate(`for (const title of ${JSON.stringify(titles)}) toast.show({ title })`)

const toasts = () => page.locator('[data-belfry-toast]')
const titles = () => page.locator('[data-belfry-toast-title]').allInnerTexts()

const hosting = (selector: string) => page.locator(`${selector} > [data-belfry-toaster]`).waitFor()

test('F8 leads to the toasts, Escape through them and back', async () => {
  await show('A', 'B')
  await expect.poll(titles).toEqual(['A', 'B'])
  await page.locator('#outside').focus()
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.innerText')
  await page.keyboard.press('F8')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('A')
  await page.keyboard.press('Escape')
  await expect.poll(titles).toEqual(['B'])
  expect(await focused()).toBe('B')
  await page.keyboard.press('Escape')
  await expect.poll(titles).toEqual([])
  expect(await focused()).toBe('outside')
})

test('Escape in a toast leaves the dialog below it open', async () => {
  await page.evaluate(`document.querySelector('#kept').showModal()`)
  await show('A')
  await hosting('#kept')
  await toasts().first().focus()
  await page.keyboard.press('Escape')
  await expect.poll(titles).toEqual([])
  expect(await page.locator('#kept').getAttribute('open')).not.toBeNull()
})

test('an action runs once and takes its toast away; an item opens', async () => {
  await page.evaluate(`
    toast.show({ title: 'Deleted', action: { label: 'Undo', run: () => { window.ran = (window.ran ?? 0) + 1 } } })
    toast.show({ title: 'Order 7', item: { id: 'item-7', readAt: '2026-11-24T12:00:00Z' } })
  `)
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Order 7' }).click()
  await expect.poll(titles).toEqual([])
  expect(await page.evaluate('[ran, clicked]')).toEqual([1, 'item-7'])
})

test('markup in a toast shows literally', async () => {
  const text = '<img src=x onerror="window.broken = true">'
  await show(text)
  await expect.poll(titles).toEqual([text])
  expect(await page.locator('[data-belfry-toast] img').count()).toBe(0)
})

test('the same text twice reaches the region twice', async () => {
  const region = page.locator('[data-belfry-announcer="polite"]')
  expect(await region.innerHTML()).toBe('')
  await page.evaluate(`
    window.changes = 0
    const count = (records) => { changes += records.filter(({ addedNodes }) => addedNodes.length > 0).length }
    new MutationObserver(count).observe(document.querySelector('[data-belfry-announcer="polite"]'), {
      childList: true, characterData: true, subtree: true,
    })
    announce('Saved')
    announce('Saved')
  `)
  await page.clock.runFor(1_000)
  await expect.poll(() => region.innerText()).toBe('Saved')
  expect(await page.evaluate('changes')).toBe(1)
  await page.clock.runFor(1_000)
  await expect.poll(() => page.evaluate('changes')).toBe(2)
  await page.clock.runFor(7_000)
  await expect.poll(() => region.innerHTML()).toBe('')
})
