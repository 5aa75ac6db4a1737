/** Walks through the app, for what has to hold everywhere in it. */
import { type Person, register, sendTo } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { bell } from './inbox-page.ts'
import { type AppQuery, online, type World } from './world.ts'

/** A word of no language, so that every other word on the page is the kit's. */
export const NAME = 'Zyx'

/** Somebody with items named `Zyx 1` and so on, of the type `zyx:new`. */
export async function personWith(world: World, count: number): Promise<Person> {
  const person = await register(world.server)
  for (let n = 1; n <= count; n += 1) await sendNamed(world, person, n)
  return person
}

export const sendNamed = (world: World, person: Person, n: number, more: Record<string, unknown> = {}) =>
  sendTo(world.sender, person, `${NAME} ${n}`, { title: `${NAME} ${n}`, type: 'zyx:new', ...more })

export const toasts = (page: Page) => page.locator('[data-belfry-toast]')

export interface Walk {
  world: World
  device: BrowserContext
  person: Person
}

/** Every word that the kit says on the way. */
export async function tour({ world, device, person }: Walk, query: AppQuery): Promise<Set<string>> {
  const words = new Set<string>()
  const page = await world.open(device, { token: person.token, page: 'inbox', ...query })
  const look = async () => {
    for (const word of await wordsOn(page)) words.add(word)
  }
  await online(page)
  await bell(page).click()
  const panel = page.locator('[data-belfry-popover]')
  await panel.locator('[data-belfry-row]').first().waitFor()
  await sendNamed(world, person, 9, { priority: 'urgent', actions: [{ id: 'zyx', label: NAME }] })
  await toasts(page).waitFor()
  await look()
  await panel.locator('[data-belfry-row]').last().click()
  await page.locator('[data-belfry-prompt]').waitFor()
  await look()
  await panel.locator('[data-belfry-row]').last().press('x')
  await panel.locator('[data-belfry-row]').last().press('?')
  await page.locator('[data-belfry-help]').waitFor()
  await look()
  await page.keyboard.press('Escape')
  await page.locator('[data-belfry-bulk] button').nth(4).click()
  await toasts(page).nth(1).waitFor()
  await panel.locator('[role=tab]').nth(-2).click()
  await panel.locator('[data-belfry-note]').waitFor()
  await look()
  await panel.locator('[role=tab]').first().click()
  await panel.locator('[data-belfry-row]').last().press('s')
  await page.locator('[data-belfry-snooze] time').first().waitFor()
  await look()
  await page.keyboard.press('Enter')
  await panel.locator('[role=tab]').last().click()
  await panel.locator('[data-belfry-row] time svg').first().waitFor()
  await look()
  world.proxy.faults.isRefusing = true
  world.proxy.cut()
  await device.setOffline(true)
  await page.locator('[data-belfry-connection-retry]').waitFor()
  await look()
  world.proxy.heal()
  await device.setOffline(false)
  await page.close()
  return words
}

const ATTRIBUTES = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-roledescription']

export async function wordsOn(page: Page): Promise<string[]> {
  const texts = await page.evaluate((attributes) => {
    const elements = [...document.body.querySelectorAll(':not(h1, script)')]
    return elements.flatMap((element) => [
      ...[...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.nodeValue),
      ...attributes.map((name) => element.getAttribute(name)),
    ])
  }, ATTRIBUTES)
  const words = texts.flatMap((text) => (text ?? '').toLowerCase().match(/\p{L}{2,}/gu) ?? [])
  return words.filter((word) => word !== NAME.toLowerCase())
}

const MIRRORED = [
  '[data-belfry-bell] > button',
  'main h2',
  'main [data-part=bar] button',
  'main [role=tab]',
  'main [data-belfry-row] > [data-part=mark]',
  'main [data-belfry-row] > [data-part=picture]',
  'main [data-belfry-row] > [data-part=words]',
  'main [data-belfry-row] > [data-part=tools]',
  '[data-belfry-popover]',
  '[data-belfry-toast]',
]

/** Of each, how far it is from the left and from the right. */
export async function sidesOf({ world, device, person }: Walk, query: AppQuery) {
  const page = await world.open(device, { token: person.token, page: 'inbox', ...query })
  await online(page)
  await bell(page).click()
  await page.locator('[data-belfry-popover] [data-belfry-row]').first().waitFor()
  await sendNamed(world, person, 9)
  await toasts(page).waitFor()
  const sides = await page.evaluate((selectors) => {
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
  return sides
}
