/** ui.md §8: what a bad network does to messages, and what it must not do. */
import type { Person } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AppHandle } from './app/AcceptanceApp.tsx'
import {
  bubble,
  chatRow,
  named,
  openChats,
  post,
  reaches,
  say,
  startChat,
  texts,
  ticks,
} from './chat-page.ts'
import { keptText, soon } from './inbox-page.ts'
import { isAck, tapWire } from './wire.ts'
import { createWorld, type World } from './world.ts'

/** Inside `evaluate` this is the page's. */
declare const app: AppHandle

/** Pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

/** A lost answer is missed after 10 s, and asked for again 1 s later: ui.md C7. */
const CONFIRMED_MS = 20_000

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

const stored = async (): Promise<string[]> => {
  const { body } = await bob.http.get(`/api/chats/${chatId}/messages`)
  return (body.messages ?? []).map(({ content }) => content)
}

function cutOff(): void {
  world.proxy.faults.isRefusing = true
  world.proxy.cut()
}

async function comeBack(page: Page): Promise<void> {
  world.proxy.heal()
  // As a browser does when the network is back.
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await soon(() => page.evaluate(() => app.kit.client?.getSnapshot().status)).toBe('online')
}

test('28. A reload while offline keeps queued messages; back online each is there once, in order', async () => {
  await post(bob, chatId, 'Before')
  const page = await openChats(world, await world.device(), ada, { chat: chatId })
  await bubble(page, 'Before').waitFor()
  await soon(() => keptText(page)).toContain('Before')
  cutOff()
  const said = ['One', 'Two', 'Three']
  for (const text of said) {
    await say(page, text)
    await reaches(page, text, 'queued')
  }
  await soon(() => keptText(page)).toContain('Three')
  await page.reload()
  await soon(() => texts(page)).toEqual(['Before', ...said])
  expect(await stored()).toEqual(['Before'])
  await comeBack(page)
  await soon(stored).toEqual(['Before', ...said])
  await reaches(page, 'Three', 'sent')
  expect(await texts(page)).toEqual(['Before', ...said])
})

test('29. With every third ack lost no message is there twice', async () => {
  const device = await world.device()
  const wire = await tapWire(device)
  const page = await openChats(world, device, ada, { chat: chatId })
  await page.getByRole('log').getByText('No messages yet.').waitFor()
  let acks = 0
  wire.down = (text) => {
    if (isAck(text)) acks += 1
    return isAck(text) && acks % 3 === 0 ? undefined : text
  }
  const said = ['One', 'Two', 'Three', 'Four', 'Five', 'Six']
  for (const text of said) await say(page, text)
  // One waits for the answer to the one before.
  await expect.poll(stored, { timeout: CONFIRMED_MS }).toEqual(said)
  for (const text of said) {
    await expect.poll(() => ticks(page, text), { timeout: CONFIRMED_MS }).toBe('sent')
  }
  expect(await texts(page)).toEqual(said)
  wire.down = (text) => text
  await page.reload()
  await soon(() => texts(page)).toEqual(said)
  expect(await stored()).toEqual(said)
})

test('Chats from the device are shown at once when there is no network', async () => {
  await post(bob, chatId, 'Kept')
  const page = await openChats(world, await world.device(), ada, { chat: chatId })
  await bubble(page, 'Kept').waitFor()
  await soon(() => keptText(page)).toContain('Kept')
  cutOff()
  await page.reload()
  await chatRow(page, chatId).getByText('Kept').waitFor()
  await bubble(page, 'Kept').waitFor()
  await page.getByText('Saved messages. Checking for newer ones…').waitFor()
  await post(bob, chatId, 'Missed')
  await comeBack(page)
  await soon(() => texts(page)).toEqual(['Kept', 'Missed'])
})
