import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { launchBrowser } from '@belfry/testkit/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../src')
const PAGE_ID = '\0toaster-page.js'

/** A page with a toaster, a button and two dialogs, one of which comes and goes. */
const PAGE = `
  import { createElement as h, useState } from 'react'
  import { createRoot } from 'react-dom/client'
  import { useKit } from '${SRC}/kit/KitContext.ts'
  import { NotificationProvider } from '${SRC}/kit/NotificationProvider.tsx'
  import { useAnnouncer } from '${SRC}/speech/useAnnouncer.ts'
  import { Toaster } from '${SRC}/toasts/Toaster.tsx'
  import { useToast } from '${SRC}/toasts/useToast.ts'

  function Content() {
    const [isOpen, setOpen] = useState(false)
    const { announce } = useAnnouncer()
    Object.assign(window, { toast: useToast(), setOpen, announce, kit: useKit() })
    return [
      h('button', { key: 'outside', id: 'outside' }, 'Outside'),
      h('dialog', { key: 'kept', id: 'kept' }, h('button', null, 'Kept')),
      isOpen && h('dialog', { key: 'passing', id: 'passing', ref: (dialog) => dialog?.showModal() }),
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
  const code = await builtPage()
  server = createServer((request, response) => {
    response.setHeader('content-security-policy', "default-src 'self'")
    const isScript = request.url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(
      isScript ? code : '<!doctype html><div id="root"></div><script type="module" src="/page.js"></script>',
    )
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

async function builtPage(): Promise<string> {
  const result = await build({
    configFile: false,
    root: join(import.meta.dirname, '..'),
    logLevel: 'warn',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { conditions: ['@belfry/source'] },
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === PAGE_ID ? id : undefined),
        load: (id) => (id === PAGE_ID ? PAGE : undefined),
      },
    ],
    build: { write: false, minify: false, rolldownOptions: { input: PAGE_ID } },
  })
  const [output] = [result].flat()
  if (!output || !('output' in output)) throw new Error('The page was not built.')
  return output.output[0].code
}

const show = (...titles: string[]) =>
  page.evaluate(`for (const title of ${JSON.stringify(titles)}) toast.show({ title })`)

const toasts = () => page.locator('[data-belfry-toast]')
const titles = () => page.locator('[data-belfry-toast-title]').allInnerTexts()

/** Whether a click on the first toast would reach it. */
const isOnTop = () =>
  toasts()
    .first()
    .evaluate((toast) => {
      const { x, y } = toast.getBoundingClientRect()
      return toast.contains(document.elementFromPoint(x + 5, y + 5))
    })

const hosting = (selector: string) => page.locator(`${selector} > [data-belfry-toaster]`).waitFor()

test('of four toasts three are shown, in a region that is not live, and the fourth follows', async () => {
  await show('A', 'B', 'C', 'D')
  await expect.poll(titles).toEqual(['A', 'B', 'C'])
  const region = page.locator('[data-belfry-toaster]')
  expect(await region.getAttribute('aria-live')).toBe('off')
  expect(await region.evaluate((element) => element.matches(':popover-open'))).toBe(true)
  await page.clock.runFor(6_000)
  await expect.poll(titles).toEqual(['D'])
  await page.clock.runFor(6_000)
  await expect.poll(() => region.count()).toBe(0)
})

test('no dialog covers a toast or keeps it from being clicked', async () => {
  await show('A')
  await hosting('body')
  await page.evaluate(`document.querySelector('#kept').showModal()`)
  await hosting('#kept')
  expect(await isOnTop()).toBe(true)
  await page.evaluate('setOpen(true)')
  await hosting('#passing')
  expect(await isOnTop()).toBe(true)
  await page.evaluate('setOpen(false)')
  await hosting('#kept')
  await page.evaluate(`document.querySelector('#kept').close()`)
  await hosting('body')
  expect(await isOnTop()).toBe(true)
})

test('pointer, focus and a hidden page each stop the clock', async () => {
  await show('A')
  await toasts().first().hover()
  await page.clock.runFor(60_000)
  await page.locator('#outside').hover()
  await page.locator('#outside').focus()
  await page.keyboard.press('F8')
  await page.clock.runFor(60_000)
  await page.locator('#outside').focus()
  const hide = (isHidden: boolean) =>
    page.evaluate(`
      Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} })
      document.dispatchEvent(new Event('visibilitychange'))
    `)
  await hide(true)
  await page.clock.runFor(60_000)
  expect(await titles()).toEqual(['A'])
  await hide(false)
  await page.evaluate(`document.hasFocus = () => false; window.dispatchEvent(new Event('blur'))`)
  await page.clock.runFor(60_000)
  expect(await titles()).toEqual(['A'])
  await page.evaluate(`document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))`)
  await page.clock.runFor(6_000)
  await expect.poll(titles).toEqual([])
})

test('F8 leads to the toasts, Escape through them and back', async () => {
  await show('A', 'B')
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
