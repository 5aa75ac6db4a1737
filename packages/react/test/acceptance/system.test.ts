/** ui.md §4: looks of types that an app gives the whole system, and where the bell's panel stands. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { personWith } from './app-tour.ts'
import { bell, rows, soon } from './inbox-page.ts'
import { createWorld, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world?.close())
afterEach(async () => expect(await world.reset()).toEqual([]))

const toneOf = (element: Element) => getComputedStyle(element).getPropertyValue('--belfry-tone').trim()

test('Types of the system look as it says, and elsewhere as the provider says', async () => {
  const ada = await personWith(world, 1)
  const device = await world.device()
  const page = await world.open(device, { token: ada.token, page: 'inbox', types: 'zyx' })
  await bell(page).click()
  const panel = page.locator('[data-belfry-popover]')
  await panel.getByRole('tab', { name: /^Zed/ }).waitFor()
  expect(await panel.locator('[data-part=picture]').evaluate(toneOf)).toBe('rgb(1, 2, 3)')
  await page.locator('main').getByRole('tab', { name: /^Zyx/ }).waitFor()
  expect(await page.locator('main [data-part=picture]').evaluate(toneOf)).toBe('')
})

test('The panel stands where the app wants it, beside the bell all the same, and closes as ever', async () => {
  const ada = await personWith(world, 1)
  const device = await world.device()
  const places: unknown[] = []
  for (const query of [{}, { portal: 'body' }]) {
    const page = await world.open(device, { token: ada.token, ...query })
    await bell(page).click()
    await rows(page).first().waitFor()
    const panel = page.locator('[data-belfry-popover]')
    const parent = await panel.evaluate((element) => element.parentElement?.localName)
    expect(parent).toBe('portal' in query ? 'body' : 'span')
    places.push(await panel.boundingBox())
    await panel.getByRole('heading', { name: 'Notifications' }).click()
    expect(await panel.count()).toBe(1)
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await soon(() => bell(page).evaluate((button) => button === document.activeElement)).toBe(true)
    await bell(page).click()
    await panel.waitFor()
    await page.locator('h1').click()
    await panel.waitFor({ state: 'detached' })
    await page.close()
  }
  expect(places[1]).toEqual(places[0])
})
