/** ui.md §8: chats that everybody can read, reach and use, and under which policy. */
import type { Person } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { NAME, wordsOn } from './app-tour.ts'
import { bubble, chatRow, composer, named, openChats, post, startChat, texts } from './chat-page.ts'
import { soon } from './inbox-page.ts'
import { recordMotion, seriousIn, tooSmall } from './page-watches.ts'
import type { Played } from './played-browser.ts'
import { type AppQuery, createWorld, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const played: Played
declare const motions: Set<string>

/** Several pages in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 90_000 })

let world: World
let ada: Person
let bob: Person
let chatId: string

beforeAll(async () => {
  world = await createWorld()
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await named(world.server, NAME)
  bob = await named(world.server, NAME)
  chatId = await startChat(ada, [bob], { type: 'group', title: NAME })
  const first = await post(bob, chatId, NAME)
  await post(ada, chatId, `${NAME} 2`, { replyTo: first })
  await bob.http.put(`/api/chats/${chatId}/messages/${first}/reactions/${encodeURIComponent('👍')}`)
  const gone = await post(bob, chatId, NAME)
  await bob.http.delete(`/api/chats/${chatId}/messages/${gone}`)
})

afterEach(async () => expect(await world.reset()).toEqual([]))

const open = async (device: BrowserContext, query: AppQuery = {}): Promise<Page> => {
  const page = await openChats(world, device, ada, { chat: chatId, ...query })
  await bubble(page, `${NAME} 2`).waitFor()
  return page
}

const LOOKS: readonly AppQuery[] = [{ theme: 'light' }, { theme: 'dark' }, { dir: 'rtl', lang: 'ar' }]

test('13. axe finds no serious issue in chats, with menu, picker and dialog, in light, dark and RTL', async () => {
  // axe is no part of the app, and needs what its policy refuses.
  const device = await world.device({ context: { bypassCSP: true, reducedMotion: 'reduce' } })
  for (const look of LOOKS) {
    const page = await open(device, look)
    const serious = async (what: string) =>
      expect(await seriousIn(page), `${look.theme ?? look.dir}, ${what}`).toEqual([])
    await serious('window')
    await bubble(page, `${NAME} 2`).hover()
    await bubble(page, `${NAME} 2`).locator('[aria-haspopup=menu]').click()
    await page.getByRole('menu').waitFor()
    await serious('menu')
    await page.keyboard.press('Escape')
    await composer(page).pressSequentially(`@${NAME}`)
    await page.getByRole('listbox').waitFor()
    await serious('picker')
    await page.keyboard.press('Escape')
    await page.locator('[data-belfry-chats] > [data-part=head] > button').click()
    await page.getByRole('dialog').waitFor()
    await serious('dialog')
    await page.close()
  }
})

/** Presses a key until something has the focus that fits; a person would not go on for ever either. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return
    await page.keyboard.press(key)
  }
  throw new Error(`No ${selector} is reached by ${key}.`)
}

test('15. A chat is chosen, read, answered and edited by keyboard; targets are 24 px', async () => {
  const page = await openChats(world, await world.device(), ada)
  await chatRow(page, chatId).waitFor()
  const { keyboard } = page
  await tabTo(page, '[data-belfry-chat]')
  await keyboard.press('Enter')
  await bubble(page, `${NAME} 2`).waitFor()
  expect(await tooSmall(page)).toEqual([])
  await tabTo(page, '[role=log]')
  await tabTo(page, `[data-belfry-message][data-own] [aria-haspopup=menu]`)
  await keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Edit' }).waitFor()
  expect(await tooSmall(page)).toEqual([])
  await keyboard.press('End')
  await soon(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Delete')
  await keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-haspopup'))).toBe('menu')
  await keyboard.press('Enter')
  await keyboard.press('Enter')
  await soon(() => composer(page).inputValue()).toBe(`${NAME} 2`)
  await keyboard.press('End')
  await keyboard.type(' and')
  await keyboard.press('Shift+Enter')
  await keyboard.type('more')
  await keyboard.press('Enter')
  await bubble(page, `${NAME} 2 and\nmore`).waitFor()
  await keyboard.type('Third')
  await keyboard.press('Enter')
  await bubble(page, 'Third').waitFor()
  await tabTo(page, '[data-belfry-chats] > [data-part=head] > [data-belfry-icon-button]', 'Shift+Tab')
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  expect(await tooSmall(page)).toEqual([])
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('16. With reduced motion there is no transform, transition or animation', async () => {
  const device = await world.device()
  await device.addInitScript(recordMotion)
  const page = await open(device)
  await bob.http.post(`/api/chats/${chatId}/messages`, { content: NAME, clientId: 'moving' })
  await bubble(page, `${NAME} 2`).hover()
  await bubble(page, `${NAME} 2`).getByRole('button', { name: 'React' }).click()
  await soon(() => texts(page)).toHaveLength(3)
  expect(await page.evaluate(() => [...motions])).toEqual([])
})

/** Words that mean the same in both, months among them. */
const SHARED: Record<string, string[]> = {
  ar: ['am', 'pm'],
  de: [
    'app',
    'ids',
    'chats',
    'chat',
    'offline',
    'online',
    'status',
    'text',
    'tab',
    'november',
    'september',
    'april',
    'august',
  ],
}

/** Every word that the kit says of chats. */
async function tour(device: BrowserContext, query: AppQuery): Promise<Set<string>> {
  const page = await open(device, query)
  const words = new Set<string>()
  const look = async () => {
    for (const word of await wordsOn(page)) words.add(word)
  }
  await look()
  for (const opener of await page.locator('[aria-haspopup=menu]').all()) {
    // Those of messages are there for a pointer when it is near, and for the keyboard always.
    await opener.press('Enter')
    await page.getByRole('menu').waitFor()
    await look()
    await page.keyboard.press('Escape')
  }
  await page.locator('[data-belfry-seen-by] button').click()
  await bubble(page, NAME).hover()
  await bubble(page, NAME).locator('[data-part=actions] > button').first().click()
  await bubble(page, NAME).locator('[data-part=actions] > button').nth(1).click()
  await composer(page).pressSequentially(`@${NAME}`)
  await page.getByRole('listbox').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await page.locator('[data-belfry-chats] > [data-part=head] > button').click()
  await page.getByRole('dialog').locator('input').first().fill(`${NAME}, ${NAME}`)
  await look()
  await page.close()
  return words
}

test('17. In ar and de there is no English word in the DOM; RTL is mirrored', async () => {
  await bob.http.post(`/api/chats/${chatId}/read`, {})
  const device = await world.device()
  const english = await tour(device, { lang: 'en' })
  expect(english.size).toBeGreaterThan(40)
  for (const [lang, shared] of Object.entries(SHARED)) {
    const words = await tour(device, { lang, dir: lang === 'ar' ? 'rtl' : 'ltr' })
    const leaked = [...words].filter((word) => english.has(word) && !shared.includes(word))
    expect(leaked, lang).toEqual([])
  }
  const [left, right] = [
    await sides(device, { lang: 'ar', dir: 'ltr' }),
    await sides(device, { lang: 'ar', dir: 'rtl' }),
  ]
  expect(right.map(([selector, fromLeft, fromRight]) => [selector, fromRight, fromLeft])).toEqual(left)
})

const MIRRORED = [
  '[data-belfry-chats]',
  '[data-belfry-chats] h2',
  '[data-belfry-chat] [data-belfry-avatar]',
  '[data-belfry-window]',
  '[data-belfry-chat-header] [data-belfry-avatar]',
  '[data-belfry-message]:not([data-own])',
  '[data-belfry-message] [data-part=avatar]',
  '[data-belfry-composer] textarea',
  '[data-belfry-send]',
]

/** Of each, how far it is from the left and from the right. */
async function sides(device: BrowserContext, query: AppQuery) {
  const page = await open(device, query)
  const found = await page.evaluate((selectors) => {
    const { clientWidth } = document.documentElement
    return selectors.map((selector) => {
      const { left, right } = document.querySelector(selector)?.getBoundingClientRect() ?? {}
      return [
        selector,
        Math.round(left ?? Number.NaN),
        Math.round(clientWidth - (right ?? Number.NaN)),
      ] as const
    })
  }, MIRRORED)
  await page.close()
  return found
}

test('24. Code in a message, a name or a title is shown as it was written, and nothing is refused by the policy', async () => {
  const code = '<img src=x onerror=alert(1)><b>'
  const other = await startChat(ada, [bob], { type: 'group', title: code })
  await post(bob, other, code)
  const page = await openChats(world, await world.device(), ada, { chat: other })
  await bubble(page, code).waitFor()
  await page.getByRole('heading', { name: code }).waitFor()
  expect(await page.locator('img, b').count()).toBe(0)
  expect(await page.evaluate(() => played.refused)).toEqual([])
})
