/** ui.md §8: what everybody can read, hear, reach and use, and under which policy. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delay, type Person, register, sendTo } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import type { Played } from './played-browser.ts'
import { type AppQuery, createWorld, online, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const app: AppHandle
declare const played: Played

let world: World

beforeAll(async () => {
  world = await createWorld()
})

afterAll(async () => {
  await world?.close()
})

afterEach(async () => {
  expect(await world.reset()).toEqual([])
})

/** Words of no language, so that every other word on the page is the kit's. */
const NAME = 'Zyx'

/** Somebody with items named `Zyx 1` and so on, of the type `zyx:new`. */
async function personWith(count: number): Promise<Person> {
  const person = await register(world.server)
  for (let n = 1; n <= count; n += 1) await sendNamed(person, n)
  return person
}

const sendNamed = (person: Person, n: number, more: Record<string, unknown> = {}) =>
  sendTo(world.sender, person, `${NAME} ${n}`, { title: `${NAME} ${n}`, type: 'zyx:new', ...more })

const bell = (page: Page) => page.locator('[data-belfry-bell] > button')
const rows = (page: Page) => page.locator('[data-belfry-row]')
const toasts = (page: Page) => page.locator('[data-belfry-toast]')

async function openPanel(device: BrowserContext, person: Person, query: AppQuery = {}): Promise<Page> {
  const page = await world.open(device, { token: person.token, ...query })
  await bell(page).click()
  await rows(page).first().waitFor()
  return page
}

/** Source: WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const axeCode = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(axeCode)
  return page.evaluate(async (values) => {
    const { axe } = globalThis as typeof globalThis & { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, { runOnly: { type: 'tag', values } })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  }, RULES)
}

const LOOKS: readonly AppQuery[] = [{ theme: 'light' }, { theme: 'dark' }, { dir: 'rtl', lang: 'ar' }]

test('13. axe finds no serious issue in bell, panel and toast, in light, dark and RTL', async () => {
  const ada = await personWith(3)
  // axe is no part of the app, and needs what its policy refuses.
  const device = await world.device({ context: { bypassCSP: true, reducedMotion: 'reduce' } })
  for (const look of LOOKS) {
    const page = await world.open(device, { token: ada.token, ...look })
    await online(page)
    await sendNamed(ada, 4, { priority: 'urgent', url: '/zyx', actions: [{ id: 'zyx', label: NAME }] })
    await toasts(page).waitFor()
    expect(await seriousIn(page), `${look.theme ?? look.dir}, bell and toast`).toEqual([])
    await bell(page).click()
    await rows(page).first().waitFor()
    expect(await seriousIn(page), `${look.theme ?? look.dir}, panel`).toEqual([])
    await page.close()
  }
}, 60_000)

interface Spoken {
  atMs: number
  text: string
}
/** Inside `evaluate` these are the page's. */
declare const spoken: Spoken[]
declare const wasReady: boolean

function listenToRegions(): void {
  const heard: Spoken[] = []
  Object.assign(window, { spoken: heard, wasReady: false })
  let isFirst = true
  let last = ''
  new MutationObserver(() => {
    const regions = [...document.querySelectorAll<HTMLElement>('[data-belfry-announcer]')]
    if (isFirst && document.querySelector('[data-belfry-row]')) {
      isFirst = false
      Object.assign(window, { wasReady: regions.length === 2 })
    }
    const text = regions.map(({ textContent }) => textContent).join('')
    if (text !== '' && text !== last) heard.push({ atMs: performance.now(), text })
    last = text
  }).observe(document, { childList: true, subtree: true, characterData: true })
}

/** Source: ui.md §5, Announcing: one text per second. */
const TURN_MS = 1_000

test('14. regions precede the first item, get one text per second, none at first load; sonner is not live', async () => {
  const ada = await personWith(3)
  const device = await world.device({ context: { bypassCSP: true } })
  await device.addInitScript(listenToRegions)
  const page = await world.open(device, { token: ada.token, page: 'inbox' })
  await rows(page).nth(2).waitFor()
  const texts = () => page.evaluate(() => spoken.map(({ text }) => text))
  await delay(2 * TURN_MS)
  expect([await page.evaluate(() => wasReady), await texts()]).toEqual([true, []])

  await page.evaluate(() => {
    app.kit.announcements.announce('First')
    app.kit.announcements.announce('Second')
  })
  await Promise.all([4, 5, 6].map((n) => sendNamed(ada, n)))
  await expect.poll(texts, { timeout: 6_000 }).toEqual(['First', 'Second', '3 new notifications'])
  const times = await page.evaluate(() => spoken.map(({ atMs }) => atMs))
  // A timer may be early by less than a frame.
  const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0))
  for (const gap of gaps) expect(gap).toBeGreaterThan(TURN_MS - 16)
  const isLive = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[aria-live]:not([aria-live=off]), [role=log]')].map(
        (element) => element.getAttribute('data-belfry-announcer') ?? element.outerHTML,
      ),
    )
  expect(await toasts(page).count()).toBe(3)
  expect(await isLive()).toEqual(['polite', 'assertive'])

  await page.goto(
    `${world.app.url}/?${new URLSearchParams({ url: world.proxy.url, token: ada.token, toaster: 'sonner' })}`,
  )
  await online(page)
  await sendNamed(ada, 7)
  await page.locator('[data-sonner-toast]').waitFor()
  expect(await isLive()).toEqual(['polite', 'assertive'])
}, 30_000)

const focusName = (page: Page) =>
  page.evaluate(() => {
    const focused = document.activeElement
    const isRow = focused?.hasAttribute('data-belfry-row')
    return (isRow ? focused?.querySelector('[data-part=title]') : focused)?.textContent ?? ''
  })

/** Presses a key until something has the focus that fits; a person would not go on for ever either. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    await page.keyboard.press(key)
  }
  throw new Error(`No ${selector} is reached by ${key}.`)
}

/** Whatever can be pressed, written in or opened, and is smaller than WCAG 2.5.8 wants it. */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-belfry] :is(button, input, [role=tab]), [data-belfry-toast] button')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(({ element, box }) => `${box.width} x ${box.height}: ${element.outerHTML.slice(0, 120)}`),
  )

test('15. all by keyboard; Escape returns focus; targets 24 px; shortcuts={false}: no handler', async () => {
  const ada = await personWith(4)
  const device = await world.device()
  const page = await world.open(device, { token: ada.token })
  await online(page)
  const { keyboard } = page
  const titles = async () =>
    (await page.locator('[data-belfry-row] [data-part=title]').allInnerTexts()).map((title) =>
      title.replace(/^Unread:\s/, ''),
    )
  const focusedRow = (n: number) => expect.poll(() => focusName(page)).toMatch(new RegExp(`${NAME} ${n}$`))
  const isUnread = (n: number) => page.locator('[data-belfry-row][data-unread]', { hasText: `${NAME} ${n}` })
  await tabTo(page, '[data-belfry-bell] > button')
  await keyboard.press('Enter')
  await rows(page).nth(3).waitFor()
  await expect.poll(() => focusName(page)).toBe('Notifications')
  expect(await tooSmall(page)).toEqual([])

  await tabTo(page, '[role=tab]')
  await keyboard.press('End')
  await expect.poll(() => focusName(page)).toBe('Archived')
  await tabTo(page, '[data-belfry-note] button')
  await keyboard.press('Enter')
  await rows(page).nth(3).waitFor()
  await tabTo(page, '[role=tab]')
  await keyboard.press('ArrowRight')
  await expect.poll(() => focusName(page)).toMatch(/^Unread/)
  await keyboard.press('Home')

  await tabTo(page, '[data-belfry-row]')
  await focusedRow(4)
  for (const [key, n] of [
    ['j', 3],
    ['ArrowDown', 2],
    ['PageDown', 1],
    ['k', 2],
    ['ArrowUp', 3],
    ['PageUp', 4],
  ] as const) {
    await keyboard.press(key)
    await focusedRow(n)
  }
  await keyboard.press('Shift+I')
  await isUnread(4).waitFor({ state: 'detached' })
  await keyboard.press('Shift+U')
  await isUnread(4).waitFor()
  await keyboard.press('e')
  await expect.poll(titles).toEqual([3, 2, 1].map((n) => `${NAME} ${n}`))
  await focusedRow(3)
  await keyboard.press('Delete')
  await expect.poll(titles).toEqual([2, 1].map((n) => `${NAME} ${n}`))
  await focusedRow(2)
  await keyboard.press('Control+z')
  await expect.poll(titles).toEqual([3, 2, 1].map((n) => `${NAME} ${n}`))
  await keyboard.press('x')
  await page.getByRole('toolbar', { name: '1 selected' }).waitFor()
  expect(await tooSmall(page)).toEqual([])
  await keyboard.press('x')
  await keyboard.press('Control+Home')
  expect(await page.evaluate(() => document.activeElement?.closest('[role=feed]'))).toBeNull()

  await tabTo(page, '[data-belfry-row]')
  await keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.waitFor()
  expect(await tooSmall(page)).toEqual([])
  await keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.matches('[data-belfry-bell] > button'))).toBe(true)

  await sendNamed(ada, 5, { url: '/zyx/5' })
  await toasts(page)
    .filter({ hasText: `${NAME} 5` })
    .waitFor()
  expect(await tooSmall(page)).toEqual([])
  await keyboard.press('Enter')
  await rows(page).nth(3).waitFor()
  await tabTo(page, '[data-belfry-row]')
  await keyboard.press('Enter')
  await page.waitForURL('**/zyx/5')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.matches('[data-belfry-bell] > button'))).toBe(true)

  const plain = await openPanel(device, ada, { shortcuts: 'off' })
  await plain.evaluate(() => {
    Object.assign(window, { taken: [] })
    addEventListener('keydown', ({ key, defaultPrevented }) => defaultPrevented && taken.push(key))
  })
  await tabTo(plain, '[data-belfry-row]')
  const before = [await focusName(plain), await rows(plain).count()]
  for (const key of ['j', 'k', 'Shift+I', 'Shift+U', 'e', 'Delete', 'Control+z', 'x', '?', '/', 'g', 'n']) {
    await plain.keyboard.press(key)
  }
  expect([
    await focusName(plain),
    await rows(plain).count(),
    await plain.getByRole('dialog').count(),
  ]).toEqual([...before, 1])
  expect(await plain.evaluate(() => taken)).toEqual([])
}, 60_000)

/** Inside `evaluate` this is the page's. */
declare const taken: string[]

test('16. with reduced motion there is no transform, transition or animation', async () => {
  const ada = await personWith(2)
  const moving: string[][] = []
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const device = await world.device({ context: { reducedMotion } })
    await device.addInitScript(recordMotion)
    const page = await world.open(device, { token: ada.token, page: 'inbox' })
    await online(page)
    await bell(page).click()
    await rows(page).first().waitFor()
    await sendNamed(ada, 3)
    await toasts(page).waitFor()
    await rows(page).first().press('x')
    await rows(page).first().press('?')
    await page.locator('[data-belfry-help]').waitFor()
    moving.push(await page.evaluate(() => [...motions]))
  }
  const [reduced, usual] = moving
  expect(reduced).toEqual([])
  // Where there is motion to reduce, the same look at the page finds it.
  expect(usual?.length).toBeGreaterThan(3)
}, 30_000)

/** Inside `evaluate` this is the page's. */
declare const motions: Set<string>

/** Looks at the whole kit after each change of the page. */
function recordMotion(): void {
  const found = new Set<string>()
  Object.assign(window, { motions: found })
  const look = () => {
    const all = '[data-belfry], [data-belfry] *, [data-belfry-toaster], [data-belfry-toaster] *'
    for (const element of document.querySelectorAll(all)) {
      const { transform, transitionDuration, animationName } = getComputedStyle(element)
      const name = [...element.attributes].map((one) => one.name).find((one) => one.startsWith('data-')) ?? ''
      if (transform !== 'none') found.add(`${name} transform`)
      if (transitionDuration !== '0s') found.add(`${name} transition`)
      if (animationName !== 'none') found.add(`${name} ${animationName}`)
    }
  }
  addEventListener('DOMContentLoaded', () => {
    new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
      childList: true,
      subtree: true,
    })
  })
}
