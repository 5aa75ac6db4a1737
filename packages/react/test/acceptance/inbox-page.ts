/** What the app of the acceptance tests shows. */

import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Kit } from '../../src/kit/KitContext.ts'

/** In the page: what the app gives to its tests. */
export interface AppHandle {
  kit: Kit
}

/** How long a page may take to do what it does soon; no promise. */
const SOON_MS = 5_000

const ROW = '[data-belfry-row]'

export const bell = (page: Page) => page.locator('[data-belfry-bell] > button')

export const rows = (page: Page) => page.locator(ROW)

/** The row of a message, in the page or in the bell's panel. */
export const row = (page: Page, message: string) =>
  page.locator(ROW, { has: page.locator('[data-part=message]').getByText(message, { exact: true }) })

export const messages = (page: Page): Promise<string[]> =>
  page.locator(`${ROW} [data-part=message]`).allInnerTexts()

export const unread = (page: Page): Promise<string[]> =>
  page.locator(`${ROW}[data-unread] [data-part=message]`).allInnerTexts()

/** Waits until exactly these messages show, from the top. */
export const shows = (page: Page, wanted: readonly string[], timeout = SOON_MS) =>
  expect.poll(() => messages(page), { timeout }).toEqual(wanted)

/** Waits until the bell says how many are unread. */
export const counts = (page: Page, wanted: number, timeout = SOON_MS) =>
  expect
    .poll(() => bell(page).getAttribute('aria-label'), { timeout })
    .toBe(wanted === 0 ? 'Notifications' : `Notifications, ${wanted} unread`)

export const soon = <T>(probe: () => T) => expect.poll(probe, { timeout: SOON_MS })

/** Everything that the site keeps on the device, as text. */
export const keptText = (page: Page): Promise<string> => page.evaluate(readKept)

/** Runs in the page. */
async function readKept(): Promise<string> {
  const answer = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  const kept: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage)]
  for (const { name = '' } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name))
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store)
      kept.push(await Promise.all([answer(all.getAllKeys()), answer(all.getAll())]))
    }
    database.close()
  }
  return JSON.stringify(kept)
}
