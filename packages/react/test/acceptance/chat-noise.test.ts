/** ui.md §8: what of a chat makes noise and where, and when it counts as read. */
import { delay, type Person } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  bubble,
  chatRow,
  composer,
  named,
  nameOf,
  openChats,
  post,
  reaches,
  say,
  startChat,
  ticks,
} from './chat-page.ts'
import { counts, soon } from './inbox-page.ts'
import type { Played } from './played-browser.ts'
import { createWorld, type World } from './world.ts'

/** Inside `evaluate` this is the page's. */
declare const played: Played

/** Several pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

/** Longer than the slowest claim of a noise: two beats of the leader without locks, ui.md §5. */
const CLAIMED_MS = 2_000
/** Longer than reading takes to be reported: 1 s, chat-presence.md §7. */
const READ_MS = 2_500

let world: World
let ada: Person
let bob: Person
let chatId: string

beforeAll(async () => {
  world = await createWorld()
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await named(world.server, 'ada')
  bob = await named(world.server, 'bob')
  chatId = await startChat(ada, [bob])
})

afterEach(async () => expect(await world.reset()).toEqual([]))

/** Lets the page play sounds. */
async function touched(page: Page): Promise<Page> {
  await page.locator('h1').click()
  return page
}

const open = async (person: Person, query: Record<string, string> = {}, device?: BrowserContext) =>
  touched(await openChats(world, device ?? (await world.device()), person, query))

const toasts = (page: Page) => page.locator('[data-belfry-toast]')
const sounds = (page: Page) => page.evaluate(() => played.sounds)
const total = (page: Page) => page.locator('main > output').innerText()
const focus = (page: Page, isFocused: boolean) => page.evaluate((isNow) => played.focus(isNow), isFocused)

test('A message elsewhere rings once and shows a toast that leads to it', async () => {
  const page = await open(ada)
  await post(bob, chatId, 'Are you there?')
  await toasts(page).getByText('Are you there?').waitFor()
  await delay(CLAIMED_MS)
  expect([await toasts(page).count(), await sounds(page)]).toEqual([1, 1])
  await toasts(page).getByRole('button', { name: 'Open' }).click()
  await bubble(page, 'Are you there?').waitFor()
})

test('A mention rings once for its message, and not again for its notification', async () => {
  const eve = await named(world.server, 'eve')
  const group = await startChat(ada, [bob, eve], { type: 'group', title: 'Atlas' })
  const page = await open(bob)
  await post(ada, group, `@${nameOf(bob)} look`, { mentions: [bob.id] })
  await counts(page, 1)
  await delay(CLAIMED_MS)
  expect([await toasts(page).count(), await sounds(page)]).toEqual([1, 1])
  // Put off, it returns without its message, and rings for itself.
  const { body } = await bob.http.get('/api/notifications')
  const until = new Date(Date.now() + 1_000).toISOString()
  await bob.http.post('/api/notifications/snooze', { id: body.notifications?.[0]?.id, until })
  await soon(() => sounds(page)).toBe(2)
})

test('32. A chat that is in front of somebody on one device is silent on the other', async () => {
  const [here, there] = [await open(ada, { chat: chatId }), await open(ada)]
  await delay(READ_MS)
  await post(bob, chatId, 'Only once')
  await bubble(here, 'Only once').waitFor()
  await chatRow(there, chatId).getByText('Only once').waitFor()
  await delay(CLAIMED_MS)
  for (const page of [here, there]) {
    expect([await toasts(page).count(), await sounds(page)]).toEqual([0, 0])
  }
})

test('33. A muted chat has its number in its row, makes no noise, and leaves the total as it was', async () => {
  const eve = await named(world.server, 'eve')
  const other = await startChat(ada, [eve])
  await post(eve, other, 'Counts')
  const page = await open(ada, { chat: chatId })
  await page.getByRole('button', { name: 'Chat settings' }).click()
  await page.getByRole('menuitem', { name: 'Mute' }).click()
  await page.getByRole('img', { name: 'Muted' }).first().waitFor()
  await chatRow(page, other).click()
  await soon(() => total(page)).toBe('0')
  await post(bob, chatId, 'Nobody hears it')
  await chatRow(page, chatId).locator('[data-part=count]', { hasText: '1' }).waitFor()
  await delay(CLAIMED_MS)
  expect([await toasts(page).count(), await sounds(page), await total(page)]).toEqual([0, 0, '0'])
})

test('34. Read is reported only when visible, focused and on screen', async () => {
  for (let n = 1; n <= 40; n += 1) await post(bob, chatId, `Before ${n} ${'and more '.repeat(20)}`)
  await ada.http.post(`/api/chats/${chatId}/read`, {})
  const there = await open(bob, { chat: chatId })
  const device = await world.device({ isFocused: false })
  const here = await open(ada, { chat: chatId }, device)
  await say(there, 'Is this seen?')
  await bubble(here, 'Is this seen?').waitFor()
  await delay(READ_MS)
  expect(await ticks(there, 'Is this seen?'), 'not focused').toBe('delivered')
  await focus(here, true)
  await reaches(there, 'Is this seen?', 'read')

  await here.getByRole('log').hover()
  await here.mouse.wheel(0, -2_000)
  await here.locator('[data-belfry-jump]').waitFor()
  await say(there, 'And this?')
  await here.getByRole('button', { name: '1 new message' }).waitFor()
  await delay(READ_MS)
  expect(await ticks(there, 'And this?'), 'not on screen').toBe('delivered')
  await here.locator('[data-belfry-jump]').click()
  await reaches(there, 'And this?', 'read')
})

test('36. Typing ends within 10 s of a killed tab', async () => {
  const [here, there] = [await open(ada, { chat: chatId }), await open(bob, { chat: chatId })]
  await composer(there).pressSequentially('I was about to')
  const label = here.locator('[data-belfry-typing]')
  await label.getByText(`${nameOf(bob)} is typing`).waitFor()
  const devtools = await there.context().newCDPSession(there)
  devtools.send('Page.crash').catch(() => undefined)
  await soon(() => label.innerText()).toContain('is typing')
  await expect.poll(() => label.innerText(), { timeout: 10_000 }).toBe('')
})

test('Who is blocked cannot be written to, and what they say in a group is folded', async () => {
  const eve = await named(world.server, 'eve')
  const group = await startChat(ada, [bob, eve], { type: 'group', title: 'Atlas' })
  const page = await open(ada, { chat: chatId })
  await page.getByRole('button', { name: 'Chat settings' }).click()
  await page.getByRole('menuitem', { name: 'Block' }).click()
  await soon(() => composer(page).isDisabled()).toBe(true)
  await post(bob, group, 'Hear me')
  await chatRow(page, group).click()
  await page.getByText('A message from somebody you have blocked.').waitFor()
  expect(await bubble(page, 'Hear me').count()).toBe(0)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await bubble(page, 'Hear me').waitFor()
  expect([await toasts(page).count(), await sounds(page)]).toEqual([0, 0])
})

test('Who is invisible looks offline to the others', async () => {
  const [here, there] = [await open(ada), await open(bob, { chat: chatId })]
  const header = there.locator('[data-belfry-chat-header]')
  await header.getByText('Online', { exact: true }).waitFor()
  await here.getByRole('button', { name: 'Your status' }).click()
  await here.getByRole('menuitemradio', { name: 'Do not disturb' }).click()
  await header.getByText('Do not disturb', { exact: true }).waitFor()
  await here.getByRole('button', { name: 'Your status' }).click()
  await here.getByRole('menuitemradio', { name: 'Invisible' }).click()
  await header.getByText(/^(Offline|Last active)/).waitFor()
})
