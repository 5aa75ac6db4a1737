/**
 * ui.md §8: what everybody can read, hear, reach and use, and under which policy. Long, since one server and one
 * browser serve all of it.
 */
import { delay, type Person } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import { NAME, personWith, sendNamed, sidesOf, toasts, tour } from './app-tour.ts'
import { bell, rows, soon } from './inbox-page.ts'
import { listenToRegions, recordMotion, type Spoken, seriousIn, tooSmall } from './page-watches.ts'
import type { Played } from './played-browser.ts'
import { type AppQuery, createWorld, online, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const app: AppHandle
declare const played: Played
declare const spoken: Spoken[]
declare const wasReady: boolean
declare const motions: Set<string>
declare const taken: string[]

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

async function openPanel(device: BrowserContext, person: Person, query: AppQuery = {}): Promise<Page> {
  const page = await world.open(device, { token: person.token, ...query })
  await bell(page).click()
  await rows(page).first().waitFor()
  return page
}

const LOOKS: readonly AppQuery[] = [{ theme: 'light' }, { theme: 'dark' }, { dir: 'rtl', lang: 'ar' }]

test('13. axe finds no serious issue in bell, panel and toast, in light, dark and RTL', async () => {
  const ada = await personWith(world, 3)
  // axe is no part of the app, and needs what its policy refuses.
  const device = await world.device({ context: { bypassCSP: true, reducedMotion: 'reduce' } })
  for (const look of LOOKS) {
    const page = await world.open(device, { token: ada.token, ...look })
    await online(page)
    await sendNamed(world, ada, 4, { priority: 'urgent', url: '/zyx', actions: [{ id: 'zyx', label: NAME }] })
    await toasts(page).waitFor()
    expect(await seriousIn(page), `${look.theme ?? look.dir}, bell and toast`).toEqual([])
    await bell(page).click()
    await rows(page).first().waitFor()
    expect(await seriousIn(page), `${look.theme ?? look.dir}, panel`).toEqual([])
    await page.close()
  }
}, 60_000)

/** Source: ui.md §5, Announcing: one text per second. */
const TURN_MS = 1_000

test('14. regions precede the first item, get one text per second, none at first load; sonner is not live', async () => {
  const ada = await personWith(world, 3)
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
  await Promise.all([4, 5, 6].map((n) => sendNamed(world, ada, n)))
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
  await bell(page).waitFor()
  await online(page)
  await sendNamed(world, ada, 7)
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

test('15. all by keyboard; Escape returns focus; targets 24 px; shortcuts={false}: no handler', async () => {
  const ada = await personWith(world, 4)
  const device = await world.device()
  const page = await world.open(device, { token: ada.token })
  await online(page)
  const { keyboard } = page
  const titles = async () =>
    (await page.locator('[data-belfry-row] [data-part=title]').allInnerTexts()).map((title) =>
      title.replace(/^Unread:\s/, ''),
    )
  const focusedRow = (n: number) => soon(() => focusName(page)).toMatch(new RegExp(`${NAME} ${n}$`))
  const isUnread = (n: number) => page.locator('[data-belfry-row][data-unread]', { hasText: `${NAME} ${n}` })
  await tabTo(page, '[data-belfry-bell] > button')
  await keyboard.press('Enter')
  await rows(page).nth(3).waitFor()
  await soon(() => focusName(page)).toBe('Notifications')
  expect(await tooSmall(page)).toEqual([])

  await tabTo(page, '[role=tab]')
  await keyboard.press('End')
  await soon(() => focusName(page)).toBe('Snoozed')
  await tabTo(page, '[data-belfry-note] button')
  await keyboard.press('Enter')
  await rows(page).nth(3).waitFor()
  await tabTo(page, '[role=tab]')
  await keyboard.press('ArrowRight')
  await soon(() => focusName(page)).toMatch(/^Unread/)
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
  await soon(titles).toEqual([3, 2, 1].map((n) => `${NAME} ${n}`))
  await focusedRow(3)
  await keyboard.press('Delete')
  await soon(titles).toEqual([2, 1].map((n) => `${NAME} ${n}`))
  await focusedRow(2)
  await keyboard.press('Control+z')
  await soon(titles).toEqual([3, 2, 1].map((n) => `${NAME} ${n}`))
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

  await sendNamed(world, ada, 5, { url: '/zyx/5' })
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
  for (const key of [
    'j',
    'k',
    'Shift+I',
    'Shift+U',
    'e',
    's',
    'Delete',
    'Control+z',
    'x',
    '?',
    '/',
    'g',
    'n',
  ]) {
    await plain.keyboard.press(key)
  }
  expect([
    await focusName(plain),
    await rows(plain).count(),
    await plain.getByRole('dialog').count(),
  ]).toEqual([...before, 1])
  expect(await plain.evaluate(() => taken)).toEqual([])
}, 60_000)

test('16. with reduced motion there is no transform, transition or animation', async () => {
  const ada = await personWith(world, 2)
  const moving: string[][] = []
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const device = await world.device({ context: { reducedMotion } })
    await device.addInitScript(recordMotion)
    const page = await world.open(device, { token: ada.token, page: 'inbox' })
    await online(page)
    await bell(page).click()
    await rows(page).first().waitFor()
    await sendNamed(world, ada, 3)
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

/** Words that mean the same in both, months among them. */
const SHARED: Record<string, string[]> = {
  ar: [],
  de: [
    ...['april', 'august', 'browser', 'in', 'november', 'september', 'tab'],
    ...['jan', 'feb', 'apr', 'aug', 'sep', 'sept', 'nov'],
  ],
}

test('17. in ar and de there is no English word in the DOM; RTL is mirrored', async () => {
  // Each tour takes two of them away, and brings one.
  const ada = await personWith(world, 5)
  const device = await world.device()
  const walk = { world, device, person: ada }
  const english = await tour(walk, { lang: 'en' })
  expect(english.size).toBeGreaterThan(40)
  for (const [lang, shared] of Object.entries(SHARED)) {
    const words = await tour(walk, { lang, dir: lang === 'ar' ? 'rtl' : 'ltr' })
    expect(words.size).toBeGreaterThan(40)
    expect(
      [...words].filter((word) => english.has(word) && !shared.includes(word)),
      lang,
    ).toEqual([])
  }
  const ltr = await sidesOf(walk, { lang: 'ar', dir: 'ltr' })
  const rtl = await sidesOf(walk, { lang: 'ar', dir: 'rtl' })
  expect(rtl).toEqual(ltr.map(([selector, left, right]) => [selector, right, left]))
}, 90_000)

test('20. under the policy everything works, and the console reports no violation', async () => {
  const ada = await personWith(world, 2)
  const device = await world.device({ permission: 'granted' })
  const page = await world.open(device, { page: 'inbox' })
  await page.locator('input[name=email]').fill(ada.email)
  await page.locator('input[name=password]').fill(ada.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await online(page)
  await bell(page).click()
  await sendNamed(world, ada, 3, {
    icon: '/own.svg',
    imageUrl: '/own.svg',
    actions: [{ id: 'zyx', label: NAME }],
  })
  await toasts(page).waitFor()
  await soon(() => page.evaluate(() => played.sounds)).toBe(1)
  const panel = page.locator('[data-belfry-popover]')
  await soon(() =>
    panel
      .locator('img')
      .evaluateAll((images) =>
        images.map((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
      ),
  ).toEqual([true, true])
  await panel.locator('[data-belfry-row]').last().press('Delete')
  await page.getByRole('button', { name: 'Undo' }).click()
  await soon(() => panel.locator('[data-belfry-row]').count()).toBe(3)
  await panel.locator('[data-belfry-row]').last().press('?')
  await page.keyboard.press('Escape')
  await page.locator('main input[type=search]').fill(`${NAME} 1`)
  await soon(() => page.locator('main [data-belfry-row]').count()).toBe(1)
  await page.evaluate(() => played.focus(false))
  await sendNamed(world, ada, 4)
  await soon(() => page.evaluate(() => played.shown.length)).toBe(1)
  expect(await page.evaluate(() => played.refused)).toEqual([])
  expect(world.complaints).toEqual([])

  // The policy is in force, and what it refuses is heard.
  await page.evaluate(() => {
    const style = document.createElement('style')
    style.textContent = 'b { color: red }'
    document.head.append(style)
  })
  await soon(() => page.evaluate(() => played.refused.length)).toBe(1)
  await soon(() => world.complaints.splice(0).length).toBe(1)
}, 30_000)
