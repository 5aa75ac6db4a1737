/** ui.md §8, line 39: what is snoozed leaves, and returns on time. */
import { delay, type Person, register, sendTo } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import { counts, row, rows, shows, soon, unread } from './inbox-page.ts'
import { listenToRegions, type Spoken, seriousIn, tooSmall } from './page-watches.ts'
import type { Played } from './played-browser.ts'
import { type AppQuery, createWorld, online, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const app: AppHandle
declare const played: Played
declare const spoken: Spoken[]

/** Several pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

/** A second, and what a busy machine and three pages add. */
const LATE_MS = 2_000

let world: World
let ada: Person
let ids: string[]

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  ada = await register(world.server)
  ids = []
  for (const text of ['first', 'second', 'third']) ids.push((await sendTo(world.sender, ada, text)).id)
})
afterEach(async () => expect(await world.reset()).toEqual([]))

const toasts = (page: Page) => page.locator('[data-belfry-toast-title]').allInnerTexts()
const menu = (page: Page) => page.getByRole('dialog', { name: 'Snooze' })
const tab = (page: Page, name: RegExp) => page.locator('main').getByRole('tab', { name })

async function openInbox(device: BrowserContext, more: AppQuery = {}, isFocused = true): Promise<Page> {
  const page = await world.open(device, { token: ada.token, page: 'inbox', ...more }, { isFocused })
  await online(page)
  await rows(page).nth(2).waitFor()
  return page
}

async function snoozeFirst(page: Page): Promise<void> {
  await row(page, 'first').hover()
  await row(page, 'first').getByRole('button', { name: 'Snooze' }).click()
  await menu(page).waitFor()
}

test('39. A snoozed item leaves every tab and number, and returns on time: on top, unread, with noise', async () => {
  const device = await world.device()
  const [a, b] = [await openInbox(device), await openInbox(device, {}, false)]
  await a.evaluate(listenToRegions)
  const elsewhere = await openInbox(await world.device(), {}, false)
  // Lets it play sounds.
  await a.locator('h1').click()
  await snoozeFirst(a)
  await menu(a).getByRole('button', { name: 'In 1 hour' }).click()
  for (const page of [a, b, elsewhere]) {
    await shows(page, ['third', 'second'])
    await counts(page, 2)
    await soon(() => tab(page, /^Snoozed/).innerText()).toMatch(/1/)
  }
  expect(await toasts(a)).toEqual(['Notification snoozed'])
  await tab(b, /^Snoozed/).click()
  await shows(b, ['first'])
  expect(await rows(b).locator('time').innerText()).toMatch(/^Back \w+/)

  const until = new Date(Date.now() + 2_500).toISOString()
  await ada.http.post('/api/notifications/snooze', { id: ids[0], until })
  await delay(Date.parse(until) - Date.now())
  for (const page of [a, elsewhere]) {
    await shows(page, ['first', 'third', 'second'], LATE_MS)
    expect(await unread(page)).toEqual(['first', 'third', 'second'])
    await counts(page, 3)
  }
  await shows(b, [])
  await counts(b, 3)
  await soon(() => toasts(a)).toContain('Notification')
  expect(await toasts(b)).toEqual([])
  await soon(() => a.evaluate(() => played.sounds)).toBe(1)
  await soon(() => a.evaluate(() => spoken.map(({ text }) => text))).toContain('Notification')
  const [again] = await a.evaluate(() => app.kit.client?.getSnapshot().items ?? [])
  expect(again).toMatchObject({ message: 'first', originId: ids[0], readAt: null })
})

test('By keyboard: s asks until when, undo and s bring back to the same place', async () => {
  const page = await openInbox(await world.device())
  const { keyboard } = page
  await row(page, 'second').press('s')
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^In 1 hour/)
  await keyboard.press('ArrowDown')
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Tomorrow/)
  await keyboard.press('Escape')
  await menu(page).waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Snooze')
  await row(page, 'second').press('s')
  await menu(page).waitFor()
  await keyboard.press('Enter')
  await shows(page, ['third', 'first'])
  // The focus stays in the list.
  await soon(() => page.evaluate(() => document.activeElement?.matches('[data-belfry-row]'))).toBe(true)
  await keyboard.press('Control+z')
  await shows(page, ['third', 'second', 'first'])
  await counts(page, 3)
  for (const name of ['third', 'second']) await row(page, name).press('x')
  await row(page, 'second').press('s')
  await menu(page).waitFor()
  await keyboard.press('Enter')
  await shows(page, ['first'])
  await tab(page, /^Snoozed/).click()
  await shows(page, ['third', 'second'])
  await row(page, 'third').press('s')
  await shows(page, ['second'])
  await tab(page, /^All/).click()
  await shows(page, ['third', 'first'])
  await counts(page, 2)
})

test('A time of one’s own is that of the clock on the wall, and none that is over', async () => {
  const device = await world.device({ context: { timezoneId: 'Asia/Tokyo' } })
  const page = await openInbox(device)
  await snoozeFirst(page)
  const field = menu(page).getByLabel('At another time')
  await field.fill('2020-01-01T09:00')
  await menu(page).getByRole('button', { name: 'Snooze' }).click()
  expect(await field.evaluate((input: HTMLInputElement) => input.validity.rangeUnderflow)).toBe(true)
  const inTwoDays = new Date(Date.now() + 2 * 24 * 3600_000).toISOString().slice(0, 'yyyy-mm-dd'.length)
  await field.fill(`${inTwoDays}T18:30`)
  await menu(page).getByRole('button', { name: 'Snooze' }).click()
  await shows(page, ['third', 'second'])
  await soon(async () => {
    const { body } = await ada.http.get('/api/notifications?snoozed=true')
    return body.notifications?.map((note) => (note as { snoozedUntil?: string }).snoozedUntil)
  }).toEqual([`${inTwoDays}T09:30:00.000Z`])
})

test('A refused snooze puts row and number back, and says so', async () => {
  const page = await openInbox(await world.device())
  await snoozeFirst(page)
  const field = menu(page).getByLabel('At another time')
  // More than a year, which the field would not let through.
  await field.evaluate((input) => input.removeAttribute('max'))
  await field.fill('2099-01-01T09:00')
  await menu(page).getByRole('button', { name: 'Snooze' }).click()
  await soon(() => toasts(page)).toContain('This did not work')
  await shows(page, ['third', 'second', 'first'])
  await counts(page, 3)
})

const LOOKS: readonly AppQuery[] = [{ theme: 'light' }, { theme: 'dark' }, { dir: 'rtl', lang: 'ar' }]

test('axe finds no serious issue in the menu and the list, on screens of any size, and all is large enough', async () => {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 360, height: 640 },
  ]) {
    // axe is no part of the app, and needs what its policy refuses.
    const device = await world.device({ context: { bypassCSP: true, reducedMotion: 'reduce', viewport } })
    for (const look of LOOKS) {
      const page = await openInbox(device, look)
      await row(page, 'second').press('s')
      const dialog = page.locator('[data-belfry-snooze]')
      await dialog.locator('time').first().waitFor()
      const {
        left = -1,
        right = -1,
        top = -1,
        bottom = -1,
      } = await dialog.evaluate((element) => element.getBoundingClientRect().toJSON())
      expect(left >= 0 && right <= viewport.width && top >= 0 && bottom <= viewport.height).toBe(true)
      expect(await seriousIn(page), `${JSON.stringify(look)}, menu`).toEqual([])
      expect(await tooSmall(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.locator('main [role=tab]').last().click()
      await page.locator('main [data-belfry-row] time svg').first().waitFor()
      expect(await seriousIn(page), `${JSON.stringify(look)}, list`).toEqual([])
      await page.locator('main [data-belfry-row]').first().press('s')
      await rows(page).first().waitFor({ state: 'detached' })
      await page.close()
    }
  }
})
