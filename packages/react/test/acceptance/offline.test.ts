/** ui.md §8: what a bad network does, and what it must not do. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@belfry/client'
import {
  eventually,
  listAll,
  messagesOf,
  type Person,
  register,
  runToEnd,
  sendTo,
  tempDir,
  unread as unreadOf,
} from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { type AppHandle, counts, keptText, row, shows, soon, unread } from './inbox-page.ts'
import { eventIn, isAck, tapWire } from './wire.ts'
import { createWorld, type World } from './world.ts'

/** Inside `evaluate` this is the page's. */
declare const app: AppHandle

/** Several pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

let world: World
let ada: Person

beforeAll(async () => {
  // Else a jump of the page's clock looks like a line that has died.
  world = await createWorld({ env: { PING_TIMEOUT_SECONDS: '60' } })
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await register(world.server)
})

afterEach(async () => expect(await world.reset()).toEqual([]))

async function sendAll(texts: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const text of texts) ids.push((await sendTo(world.sender, ada, text)).id)
  return ids
}

const openInbox = (device: BrowserContext): Promise<Page> =>
  world.open(device, { token: ada.token, page: 'inbox' })

const isOnline = (page: Page) =>
  soon(() => page.evaluate(() => app.kit.client?.getSnapshot().status)).toBe('online')

function cutOff(): void {
  world.proxy.faults.isRefusing = true
  world.proxy.cut()
}

async function comeBack(page: Page): Promise<void> {
  world.proxy.heal()
  // As a browser does when the network is back.
  await page.evaluate(() => window.dispatchEvent(new Event('online')))
  await isOnline(page)
}

/** Ids of entries of a kind as the server tells them to another client of the same user. */
async function follow(): Promise<{ entries: { kind: string; ids: string[] }[] }> {
  const client = createClient({ url: world.server.url, getToken: () => ada.token, cache: 'none' })
  onTestFinished(() => client.close())
  const followed = { entries: [] as { kind: string; ids: string[] }[] }
  client.onFrame(({ direction, event, payload }) => {
    if (direction !== 'in' || event !== 'entries') return
    const { entries } = payload as { entries: { kind: string; data: { ids: string[] } }[] }
    followed.entries.push(...entries.map(({ kind, data }) => ({ kind, ids: data.ids })))
  })
  client.connect()
  await soon(() => client.getSnapshot().status).toBe('online')
  return followed
}

test('27. A list from the device never says that there is nothing', async () => {
  await sendAll(['one', 'two'])
  const device = await world.device()
  // From before the first script on, whatever shows for however short a time.
  await device.addInitScript(() => {
    Object.assign(window, { wasEmpty: false })
    new MutationObserver(() => {
      if (document.querySelector('[data-belfry-note]')) Object.assign(window, { wasEmpty: true })
    }).observe(document, { childList: true, subtree: true })
  })
  const page = await openInbox(device)
  await shows(page, ['two', 'one'])
  await soon(() => keptText(page)).toContain('two')
  cutOff()
  await page.reload()
  await shows(page, ['two', 'one'])
  expect(await page.evaluate(() => app.kit.client?.getSnapshot().isStale)).toBe(true)
  // All that is kept is gone from the list by own changes, which the server has not confirmed either.
  for (const text of ['one', 'two']) await row(page, text).getByRole('button', { name: 'Delete' }).click()
  await shows(page, [])
  await page.getByRole('tab', { name: 'Unread' }).click()
  await page.getByRole('tab', { name: 'Unread', selected: true }).waitFor()
  await page.locator('main [data-belfry-skeletons]').waitFor()
  expect(await page.evaluate('wasEmpty')).toBe(false)
  await page.getByRole('tab', { name: 'All' }).click()
  await comeBack(page)
  await page.getByText('All quiet').waitFor()
})

test('28. Changes made offline survive a reload, and are made once each and in order when back', async () => {
  const [one, two, three] = await sendAll(['one', 'two', 'three'])
  const page = await openInbox(await world.device())
  await counts(page, 3)
  await soon(() => keptText(page)).toContain('three')
  const other = await follow()
  cutOff()
  await row(page, 'one').getByRole('button', { name: 'Mark as read' }).click()
  await row(page, 'two').getByRole('button', { name: 'Delete' }).click()
  await row(page, 'three').getByRole('button', { name: 'Archive' }).click()
  await shows(page, ['one'])
  await page.reload()
  await shows(page, ['one'])
  expect(await unread(page)).toEqual([])
  expect(await unreadOf(ada)).toBe(3)
  await comeBack(page)
  await soon(() => unreadOf(ada)).toBe(0)
  await counts(page, 0)
  await shows(page, ['one'])
  // A second round of the same would follow at once.
  await page.evaluate(() => app.kit.client?.command('countNotifications', {}))
  const changes = other.entries.filter(({ kind }) => kind !== 'item.seen')
  expect(changes).toEqual([
    { kind: 'item.read', ids: [one] },
    { kind: 'item.deleted', ids: [two] },
    { kind: 'item.archived', ids: [three] },
  ])
  await page.reload()
  await isOnline(page)
  await shows(page, ['one'])
  expect(other.entries.filter(({ kind }) => kind !== 'item.seen')).toHaveLength(3)
})

/** A question without an answer is given up then, and put again. Source: ui.md C7. */
const ACK_MS = 10_000
/** Each look lets so much time pass, many times faster than it does. */
const STEP_MS = 250

test('29. With every third acknowledgement lost, nothing happens twice', async () => {
  const texts = ['one', 'two', 'three']
  const ids = await sendAll(texts)
  const device = await world.device()
  const wire = await tapWire(device)
  const page = await openInbox(device)
  await counts(page, 3)
  const other = await follow()
  let acks = 0
  let lost = 0
  wire.down = (text) => {
    acks += isAck(text) ? 1 : 0
    if (!isAck(text) || acks % 3 !== 0) return text
    lost += 1
    return undefined
  }
  await page.clock.install()
  // Before anything arrives: toasts would lie over the buttons.
  for (const text of texts) await row(page, text).getByRole('button', { name: 'Mark as read' }).click()
  let isDone = false
  const tests = page.evaluate(() => {
    // A pattern of losses may hit all tries of one command; who is told so asks again, with the same key.
    const send = async (message: string, idempotencyKey: string): Promise<void> => {
      try {
        await app.kit.client?.command('sendTest', { message, idempotencyKey })
      } catch (error) {
        if ((error as { code?: string }).code !== 'not_confirmed') throw error
        await send(message, idempotencyKey)
      }
    }
    return Promise.all(['a', 'b', 'c'].map((message) => send(message, `test-of-lost-answers-${message}`)))
  })
  void tests.then(() => {
    isDone = true
  })
  let noticed = 0
  const isSettled = async () => {
    const isNew = noticed < lost
    noticed = lost
    // Repeats and reconnections wait, too.
    await page.clock.fastForward(isNew ? ACK_MS : STEP_MS)
    return isDone && (await unreadOf(ada)) === 3
  }
  await eventually('an answer to everything', isSettled, 20_000)
  expect(lost).toBeGreaterThan(1)
  await counts(page, 3)
  await shows(page, ['c', 'b', 'a', ...texts.toReversed()])
  expect(await unread(page)).toEqual(['c', 'b', 'a'])
  expect(messagesOf(await listAll(ada))).toEqual(['c', 'b', 'a', ...texts.toReversed()])
  const read = other.entries.filter(({ kind }) => kind === 'item.read').flatMap((entry) => entry.ids)
  expect(read.toSorted()).toEqual(ids.toSorted())
})

test('30. What was lost on the way shows within 25 s', async () => {
  const [one] = await sendAll(['one'])
  // Else the page would tell of it, and hear meanwhile what is missing.
  await ada.http.post('/api/notifications/seen', { id: one })
  const device = await world.device()
  await device.clock.install()
  const wire = await tapWire(device)
  const page = await openInbox(device)
  await shows(page, ['one'])
  let acks = 0
  const lost: string[] = []
  wire.down = (text) => {
    acks += isAck(text) ? 1 : 0
    if (eventIn(text) !== 'entries') return text
    lost.push(text)
    return undefined
  }
  // The page has told how far it is, and hears that nothing is missing.
  await soon(() => acks).toBe(1)
  await sendAll(['lost'])
  await soon(() => lost.length).toBe(1)
  await counts(page, 1)
  // Source: ui.md C4.
  await page.clock.fastForward(25_000)
  await shows(page, ['lost', 'one'])
  await counts(page, 2)
  // A new line would bring it, too.
  expect(wire.sent.filter((text) => text.startsWith('40'))).toHaveLength(1)
})

test('31. After a restore of the server the list is the server’s', async () => {
  const { server } = world
  const folder = tempDir()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'backup.db')
  const cli = (...args: string[]) =>
    runToEnd({ dataDir: server.dataDir, env: { DATA_DIR: server.dataDir }, args })
  const [one] = await sendAll(['one', 'two'])
  expect(await cli('backup', file)).toMatchObject({ code: 0 })
  await ada.http.post('/api/notifications/read', { id: one })
  await sendAll(['after the back-up'])
  const page = await openInbox(await world.device())
  await shows(page, ['after the back-up', 'two', 'one'])
  expect(await unread(page)).toEqual(['after the back-up', 'two'])
  await server.stop()
  expect(await cli('restore', file)).toMatchObject({ code: 0 })
  await server.start()
  await comeBack(page)
  await shows(page, ['two', 'one'])
  expect(await unread(page)).toEqual(['two', 'one'])
  await counts(page, 2)
  expect(messagesOf(await listAll(ada))).toEqual(['two', 'one'])
  // The log goes on where the back-up ended: what is new has places that were taken before.
  await sendAll(['after the restore'])
  await shows(page, ['after the restore', 'two', 'one'])
})
