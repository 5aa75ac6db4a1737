/** ui.md §8: the kit where it is rendered by a server, and under the names of the seeds. */
import { type Person, register, sendTo, unread as unreadOf } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { renderToString } from 'react-dom/server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { readQuery, stringsOf } from '../gallery/page.ts'
import { AcceptanceApp } from './app/AcceptanceApp.tsx'
import { bell, counts, keptText, shows, soon } from './inbox-page.ts'
import { createWorld, type World } from './world.ts'

/** Several pages in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

let world: World
let ada: Person

beforeAll(async () => {
  world = await createWorld()
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await register(world.server)
})

afterEach(async () => expect(await world.reset()).toEqual([]))

/** What a server sends that renders the app into its page. */
async function rendered(address: string): Promise<string> {
  const { search } = new URL(address)
  const query = readQuery(search)
  const options = new URLSearchParams(search)
  return renderToString(
    <AcceptanceApp query={query} options={options} strings={await stringsOf(query.lang)} />,
  )
}

async function renderOnServer(page: Page): Promise<void> {
  await page.route(
    ({ pathname }) => pathname === '/',
    async (route) => {
      const response = await route.fetch()
      const html = await rendered(route.request().url())
      const body = (await response.text()).replace('<div id="root">', () => `<div id="root">${html}`)
      await route.fulfill({ response, body })
    },
  )
  // The first of what the server has sent: it must be the one that stays.
  await page.addInitScript(() => {
    const observer = new MutationObserver(() => {
      const heading = document.querySelector('h2')
      if (!heading) return
      Object.assign(window, { heading })
      observer.disconnect()
    })
    observer.observe(document, { childList: true, subtree: true })
  })
}

async function comesToLife(lang: string): Promise<void> {
  // Neither the server's language nor its time zone.
  const device = await world.device({ context: { locale: 'de-CH', timezoneId: 'Pacific/Auckland' } })
  const page = await device.newPage()
  await renderOnServer(page)
  const query = { url: world.proxy.url, token: ada.token, page: 'inbox', lang, unread: 'true' }
  await page.goto(`${world.app.url}/?${new URLSearchParams(query)}`)
  await shows(page, ['one'])
  expect(await page.evaluate("heading === document.querySelector('h2')")).toBe(true)
  await soon(() => keptText(page)).toContain('one')
  // Now the device knows more than the server did.
  await page.reload()
  await shows(page, ['one'])
  expect(await page.evaluate("heading === document.querySelector('h2')")).toBe(true)
  await bell(page).click()
  await page.locator('[data-belfry-popover] [data-belfry-row]').waitFor()
  expect(world.complaints).toEqual([])
}

test('21. What a server has rendered comes to life without a warning, whatever its language', async () => {
  await sendTo(world.sender, ada, 'one')
  for (const lang of ['en', 'ar']) await comesToLife(lang)
})

const items = (page: Page) => page.locator('#items li')
const says = (page: Page, id: string, text: string) =>
  soon(() => page.locator(`#${id}`).innerText()).toBe(text)

async function useSeed000(): Promise<void> {
  const page = await world.open(await world.device(), { page: 'seed000' })
  await page.getByLabel('Email').fill(ada.email)
  await page.getByLabel('Password').fill(ada.password)
  await page.getByRole('button', { name: 'login' }).click()
  await says(page, 'user', ada.email)
  await says(page, 'connected', 'connected')
  // Without a provider of its own, the inbox speaks to screen readers all the same, and says each thing once.
  const spoken = page.locator('[data-belfry-announcer=polite]')
  await spoken.waitFor({ state: 'attached' })
  await sendTo(world.sender, ada, 'paid', { type: 'payment_success', title: 'Payment' })
  await soon(() => spoken.allInnerTexts()).toEqual(['Payment'])
  await says(page, 'heard', 'paid')
  await says(page, 'unread', '1')
  await counts(page, 1)
  expect(await items(page).allInnerTexts()).toEqual([expect.stringMatching(/^Payment paid 20.*Z/)])
  await items(page).getByRole('button', { name: 'Read' }).click()
  await says(page, 'unread', '0')
  expect(await items(page).getAttribute('class')).toBe('read')
  await soon(() => unreadOf(ada)).toBe(0)
  await page.getByRole('button', { name: 'Logout' }).click()
  await page.getByRole('button', { name: 'login' }).waitFor()
  await bell(page).waitFor({ state: 'detached' })
}

async function useSeed004(): Promise<void> {
  const page = await world.open(await world.device(), { page: 'seed004', token: ada.token })
  // What was there before is no news.
  await sendTo(world.sender, ada, 'hello')
  await says(page, 'unread', '1')
  await page.getByRole('button', { name: 'Everything is read' }).click()
  await says(page, 'unread', '0')
  await sendTo(world.sender, ada, 'of a chair', { type: 'order:new', title: 'Order', priority: 'high' })
  await sendTo(world.sender, ada, 'all well', { type: 'system:alert', title: 'System' })
  await says(page, 'unread', '2')
  await says(page, 'heard', 'order:new')
  expect((await items(page).allInnerTexts())[1]).toBe('Order: of a chair (order:new, high)')
  await page.locator('[data-belfry-toast]', { hasText: 'all well' }).waitFor()
  // Both components hear of it, and say it once.
  expect(await page.locator('[data-belfry-toast]', { hasText: 'of a chair' }).count()).toBe(1)
  const order = items(page).filter({ hasText: 'of a chair' })
  await order.getByRole('button').click()
  await says(page, 'unread', '1')
  expect(await order.getAttribute('class')).toBe('read')
  await page.getByRole('button', { name: 'Everything is read' }).click()
  await says(page, 'unread', '0')
  await soon(() => unreadOf(ada)).toBe(0)
}

test('41. The front ends of seeds 000 and 004 run on the kit', async () => {
  await useSeed000()
  await ada.http.post('/api/notifications/clear', {})
  await useSeed004()
})
