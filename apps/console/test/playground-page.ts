/** The playground as somebody uses it. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually, type OpenConsole } from './open-console.ts'

export interface PlayedPage {
  page: Page
  ada: Locator
  grace: Locator
}

export const phoneOf = (page: Page, name: string) => page.locator(`.phone[data-person=${name}]`)

export const statusOf = (phone: Locator) =>
  phone.locator('[data-belfry-connection]').getAttribute('data-status')

/** The playground, with both people live. */
export async function openPlayground(opened: OpenConsole): Promise<PlayedPage> {
  const page = await opened.newPage()
  const [ada, grace] = [phoneOf(page, 'ada'), phoneOf(page, 'grace')]
  for (const phone of [ada, grace]) await eventually(() => statusOf(phone)).toBe('online')
  // Until the list is there it is a skeleton.
  for (const phone of [ada, grace])
    await phone.locator('[data-belfry-row], [data-belfry-note]').first().waitFor()
  return { page, ada, grace }
}

let sent = 0

/** Sends with a title of its own, as somebody would: opens the fields, writes, presses Send. */
export async function send(page: Page, target: string): Promise<string> {
  sent += 1
  const title = `Note ${sent} to ${target}`
  await page.getByRole('radio', { name: target, exact: true }).check({ force: true })
  const fields = page.locator('.own-words')
  if ((await fields.getAttribute('open')) === null) await fields.locator('summary').click()
  await page.getByLabel('Title').fill(title)
  const stored = page.waitForResponse('**/api/notifications/send')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  expect((await stored).status()).toBe(201)
  return title
}

/** Presses the button of a kind. */
export async function press(page: Page, label: string): Promise<void> {
  const stored = page.waitForResponse('**/api/notifications/send')
  await page.getByRole('button', { name: label, exact: true }).click()
  expect((await stored).status()).toBe(201)
}

export async function unreadOf(phone: Locator): Promise<number> {
  const name = await phone.locator('[data-belfry-bell] > button').getAttribute('aria-label')
  return Number(/\d+/.exec(name ?? '')?.[0] ?? 0)
}

export const expectUnread = (phone: Locator, count: number) => eventually(() => unreadOf(phone)).toBe(count)

export const titlesIn = (phone: Locator) =>
  phone.locator('[data-belfry-row] [data-part=title]').evaluateAll((titles) =>
    // Without the word for screen readers.
    titles.map((title) => [...title.childNodes].at(-1)?.textContent ?? ''),
  )

export async function markAll(phone: Locator): Promise<void> {
  const button = phone.getByRole('button', { name: 'Mark all as read' })
  if (await button.isEnabled()) await button.click()
  await expectUnread(phone, 0)
}

export const isTicked = (page: Page, step: string) =>
  page.locator(`.checklist [data-step=${step}]`).getAttribute('data-done')

export const expectTicked = (page: Page, step: string) => eventually(() => isTicked(page, step)).toBe('true')
