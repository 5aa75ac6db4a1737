/** ui.md §8: what shows by itself: toasts, and the word about a connection in trouble. */
import { type Person, register, sendTo } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { toasts } from './app-tour.ts'
import { soon } from './inbox-page.ts'
import type { Played } from './played-browser.ts'
import { createWorld, online, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const played: Played
declare const shownIndicators: number

/** Seconds of real time in each, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 30_000 })

/** Source: ui.md §4, Toaster. */
const DURATION_MS = 6_000
/** Source: ui.md §5, Connection. */
const TROUBLE_MS = 2_000
/** Source: line 26 of ui.md §8. */
const BLIP_MS = 1_000

let world: World
let ada: Person

beforeAll(async () => {
  world = await createWorld()
})

afterAll(async () => {
  await world?.close()
})

beforeEach(async () => {
  ada = await register(world.server)
})

afterEach(async () => {
  expect(await world.reset()).toEqual([])
})

const titles = (page: Page) => page.locator('[data-belfry-toast-title]').allInnerTexts()
const sendAll = async (names: readonly string[]) => {
  for (const title of names) await sendTo(world.sender, ada, 'text', { title })
}

/** Whether a click on the first toast would reach it. */
const isOnTop = (page: Page) =>
  toasts(page)
    .first()
    .evaluate((toast) => {
      const { x, y } = toast.getBoundingClientRect()
      return toast.contains(document.elementFromPoint(x + 5, y + 5))
    })

/** Opens a dialog of the app, over everything. */
const openDialog = (page: Page, id: string) =>
  page.evaluate((given) => {
    const dialog = document.createElement('dialog')
    dialog.id = given
    dialog.append(document.createElement('button'))
    document.body.append(dialog)
    dialog.showModal()
  }, id)

const hide = (page: Page, isHidden: boolean) =>
  page.evaluate((is) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: is })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)

const focus = (page: Page, isFocused: boolean) => page.evaluate((is) => played.focus(is), isFocused)

test('25. of four toasts three show, the fourth later; hover, focus, blur, hidden stop the clock; no dialog covers them', async () => {
  const page = await world.open(await world.device(), { token: ada.token })
  await online(page)
  await page.clock.install()
  await sendAll(['A', 'B', 'C', 'D'])
  await soon(() => titles(page)).toEqual(['A', 'B', 'C'])
  expect(
    await page.locator('[data-belfry-toaster]').evaluate((region) => region.matches(':popover-open')),
  ).toBe(true)
  // Its own time has not begun: it has waited.
  await page.clock.runFor(DURATION_MS)
  await soon(() => titles(page)).toEqual(['D'])

  const stays = async () => {
    await page.clock.runFor(2 * DURATION_MS)
    expect(await titles(page)).toEqual(['D'])
  }
  await toasts(page).hover()
  await stays()
  await page.locator('h1').hover()
  await page.keyboard.press('F8')
  await stays()
  await page.locator('[data-belfry-bell] > button').focus()
  await focus(page, false)
  await stays()
  await focus(page, true)
  await hide(page, true)
  await stays()

  await openDialog(page, 'first')
  await page.locator('#first > [data-belfry-toaster]').waitFor()
  expect(await isOnTop(page)).toBe(true)
  await openDialog(page, 'second')
  await page.locator('#second > [data-belfry-toaster]').waitFor()
  expect(await isOnTop(page)).toBe(true)
  await page.locator('#second').evaluate((dialog) => dialog.remove())
  await page.locator('#first > [data-belfry-toaster]').waitFor()
  expect(await isOnTop(page)).toBe(true)

  await hide(page, false)
  await page.clock.runFor(DURATION_MS)
  await soon(() => titles(page)).toEqual([])
})

test('26. the indicator: nothing for a 1 s blip, text after 2 s, Retry now works', async () => {
  const page = await world.open(await world.device(), { token: ada.token, page: 'inbox' })
  const indicator = page.locator('main [data-belfry-connection]')
  await online(page)
  await page.evaluate(() => {
    Object.assign(window, { shownIndicators: 0 })
    new MutationObserver(() => {
      if (document.querySelector('[data-belfry-connection]')) Object.assign(window, { shownIndicators: 1 })
    }).observe(document.body, { childList: true, subtree: true })
  })
  const cut = () => {
    world.proxy.faults.isRefusing = true
    world.proxy.cut()
    return performance.now()
  }
  const blipAt = cut()
  await soon(() => performance.now() - blipAt).toBeGreaterThan(BLIP_MS)
  world.proxy.heal()
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await online(page)
  expect(await page.evaluate(() => shownIndicators)).toBe(0)

  const cutAt = cut()
  await indicator.waitFor()
  expect(performance.now() - cutAt).toBeGreaterThan(TROUBLE_MS - BLIP_MS / 10)
  expect(await indicator.innerText()).toContain('Reconnecting')
  const countdown = indicator.locator('[data-belfry-connection-countdown]')
  await soon(() => countdown.innerText()).toMatch(/^Trying again in \d+ s$/)
  expect(await page.locator('main').ariaSnapshot()).not.toContain('Trying again')
  // Each try makes the next wait longer: here it is long enough that only the button explains what follows.
  await expect.poll(() => countdown.innerText(), { timeout: 15_000 }).toMatch(/ [4-9] s$| \d\d s$/)
  world.proxy.heal()
  const asked = performance.now()
  await indicator.getByRole('button', { name: 'Retry now' }).click()
  await online(page)
  expect(performance.now() - asked).toBeLessThan(TROUBLE_MS)
  await indicator.waitFor({ state: 'detached' })
})
