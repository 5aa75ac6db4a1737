/** ui.md §8: two people who talk to each other. */
import type { Person } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  act,
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
  texts,
} from './chat-page.ts'
import { counts, soon } from './inbox-page.ts'
import { createWorld, type World } from './world.ts'

/** Several pages in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

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

const openFor = async (person: Person, query: Record<string, string> = { chat: chatId }): Promise<Page> =>
  openChats(world, await world.device(), person, query)

test('35. Ticks pass sent, delivered, read, as icon and as text', async () => {
  const here = await openFor(ada)
  await say(here, 'Are you there?')
  await reaches(here, 'Are you there?', 'sent')
  await expect(bubble(here, 'Are you there?').getByText('Sent').count()).resolves.toBe(1)
  const there = await openFor(bob, {})
  await chatRow(there, chatId).waitFor()
  await reaches(here, 'Are you there?', 'delivered')
  await chatRow(there, chatId).click()
  await bubble(there, 'Are you there?').waitFor()
  await reaches(here, 'Are you there?', 'read')
  await bubble(here, 'Are you there?').getByText('Read', { exact: true }).waitFor()
})

test('What is edited, answered, reacted to and deleted shows so for both', async () => {
  const [here, there] = [await openFor(ada), await openFor(bob)]
  await say(here, 'Lunch at noon?')
  await bubble(there, 'Lunch at noon?').waitFor()
  await act(here, 'Lunch at noon?', 'Edit')
  await composer(here).fill('Lunch at one?')
  await composer(here).press('Enter')
  await bubble(there, 'Lunch at one?').getByText('edited').waitFor()

  await act(there, 'Lunch at one?', 'Reply')
  await say(there, 'With pleasure')
  await bubble(here, 'With pleasure').locator('[data-part=quote]', { hasText: 'Lunch at one?' }).waitFor()

  await act(there, 'Lunch at one?', 'React')
  await there.getByRole('button', { name: 'React with 👍' }).click()
  const reaction = bubble(here, 'Lunch at one?').locator('[data-part=reactions] button')
  await reaction.waitFor()
  expect(await reaction.getAttribute('aria-pressed')).toBe('false')
  await reaction.click()
  await soon(() => reaction.getAttribute('aria-label')).toContain('2')

  await act(here, 'Lunch at one?', 'Delete')
  await there.getByText('This message was deleted.').waitFor()
  await soon(() => texts(there)).toEqual(['With pleasure'])
})

test('A picture is shown while it is written about, and to the other one by its own address', async () => {
  const [here, there] = [await openFor(ada), await openFor(bob)]
  const buffer = await picture(here)
  await here
    .locator('[data-belfry-composer] input[type=file]')
    .setInputFiles({ name: 'lake.png', mimeType: 'image/png', buffer })
  await here.locator('[data-belfry-attachment] canvas').waitFor()
  await here.locator('[data-belfry-attachment] progress').waitFor({ state: 'detached' })
  await say(here, 'The lake')
  const shown = bubble(there, 'The lake').locator('img')
  await shown.waitFor()
  await soon(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  expect(await shown.getAttribute('alt')).toBe('lake.png')
})

test('Somebody is mentioned with the keyboard, and finds it in the bell', async () => {
  const eve = await named(world.server, 'eve')
  const group = await startChat(ada, [bob, eve], { title: 'Atlas', type: 'group' })
  const here = await openFor(ada, { chat: group })
  const there = await openFor(bob, {})
  await composer(here).pressSequentially('See this, @bob')
  await here.getByRole('option', { name: nameOf(bob) }).waitFor()
  await composer(here).press('Enter')
  await soon(() => composer(here).inputValue()).toBe(`See this, @${nameOf(bob)} `)
  await composer(here).press('Enter')
  await counts(there, 1)
  await chatRow(there, group).locator('[data-part=mention]').waitFor()
  await chatRow(there, group).click()
  await counts(there, 0)
})

test('Opens at the first unread with a line above it; new messages below are counted', async () => {
  for (let n = 1; n <= 25; n += 1) await post(bob, chatId, `Before ${n}`)
  await ada.http.post(`/api/chats/${chatId}/read`, { upToSeq: 10 })
  const here = await openFor(ada)
  await here.getByText('New messages', { exact: true }).waitFor()
  const inView = (text: string) => bubble(here, text).evaluateAll(areInView)
  await soon(() => inView('Before 11')).toBe(true)
  await here.getByRole('log').hover()
  await soon(async () => {
    await here.mouse.wheel(0, 1_000)
    return inView('Before 25')
  }).toBe(true)
  await soon(() => here.locator('[data-belfry-jump]').count()).toBe(0)
  await post(bob, chatId, 'At the end')
  await soon(() => inView('At the end')).toBe(true)
  await here.mouse.wheel(0, -500)
  await here.locator('[data-belfry-jump]').waitFor()
  await post(bob, chatId, 'Below')
  await here.getByRole('button', { name: '1 new message' }).click()
  await soon(() => inView('Below')).toBe(true)
})

test('37. An older page keeps the scroll anchor', async () => {
  for (let n = 1; n <= 90; n += 1) await post(bob, chatId, `Line ${n} ${'and more '.repeat(n % 12)}`.trim())
  await ada.http.post(`/api/chats/${chatId}/read`, {})
  const here = await openFor(ada)
  await here.getByRole('log').evaluate(watchAnchor)
  await here.getByRole('log').hover()
  for (let n = 0; n < 40; n += 1) {
    await here.mouse.wheel(0, -200)
    await here.waitForTimeout(50)
  }
  await soon(() => texts(here)).toContain('Line 1 and more')
  // What one sees moves as far as one has scrolled, and not by the height of what has come above it.
  expect(await here.evaluate(() => (window as unknown as { jumps: number[] }).jumps)).toEqual([])
})

test('A draft stays with its chat', async () => {
  const eve = await named(world.server, 'eve')
  const other = await startChat(ada, [eve])
  const here = await openFor(ada)
  await composer(here).fill('Not yet done')
  await chatRow(here, other).click()
  await soon(() => composer(here).inputValue()).toBe('')
  await chatRow(here, chatId).click()
  await soon(() => composer(here).inputValue()).toBe('Not yet done')
})

test('38. A denied composer shows the reason before typing', async () => {
  const group = await startChat(ada, [bob], { type: 'group', title: 'Closed' })
  const reply = await ada.http.request('PATCH', `/api/chats/${group}`, { json: { state: 'closed' } })
  expect(reply.status).toBe(200)
  const there = await openFor(bob, { chat: group })
  expect(await composer(there).isDisabled()).toBe(true)
  const reason = await composer(there).getAttribute('aria-describedby')
  await there.locator(`[id="${reason}"]`, { hasText: /\w/ }).waitFor()
})

/** A PNG of the page's own making. */
async function picture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 400 })
    canvas.getContext('2d')?.fillRect(0, 0, 300, 300)
    return canvas.toDataURL('image/png').split(',')[1] ?? ''
  })
  return Buffer.from(base64, 'base64')
}

/** Runs in the page: whether there is such a message, and all of it is on screen. */
function areInView(elements: Element[]): boolean {
  return elements.some((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    const log = element.closest('[role=log]')?.getBoundingClientRect()
    return log !== undefined && top >= log.top - 1 && bottom <= log.bottom + 1
  })
}

/** Runs in the page: frames in which what was on screen moved further than a person has scrolled it. */
function watchAnchor(log: Element): void {
  const jumps: number[] = []
  Object.assign(window, { jumps })
  let last: { key: string; top: number } | undefined
  const look = () => {
    const middle = log.getBoundingClientRect().top + log.clientHeight / 2
    const all = [...log.querySelectorAll<HTMLElement>('[data-belfry-message]')]
    const moved = all.find((one) => one.dataset.belfryMessage === last?.key)?.getBoundingClientRect().top
    if (last && moved !== undefined && Math.abs(moved - last.top) > 450) jumps.push(moved - last.top)
    const seen = all.find((one) => one.getBoundingClientRect().bottom > middle)
    last = seen && { key: seen.dataset.belfryMessage ?? '', top: seen.getBoundingClientRect().top }
    requestAnimationFrame(look)
  }
  look()
}
