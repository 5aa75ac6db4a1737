/** ui.md §8: what becomes of items, their states and their numbers. Long, since one server and one browser serve all of it. */
import { delay, type Person, register, sendTo, unread as unreadOf } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  type AppHandle,
  bell,
  counts,
  keptText,
  messages,
  row,
  rows,
  shows,
  soon,
  unread,
} from './inbox-page.ts'
import { eventIn, tapWire } from './wire.ts'
import { createWorld, type World } from './world.ts'

/** Inside `evaluate` these are the page's. */
declare const app: AppHandle
declare const mount: () => void
declare const unmount: () => void

/** Several pages and waits of seconds in each test, on a machine that may have other things to do. */
vi.setConfig({ testTimeout: 60_000 })

/** A second, and what a busy machine adds. */
const VISIT_MS = 1_500

let world: World
let ada: Person

beforeAll(async () => {
  world = await createWorld()
})

afterAll(() => world?.close())

beforeEach(async () => {
  ada = await register(world.server)
})

afterEach(async () => expect(await world.reset()).toEqual([]))

async function sendAll(texts: readonly string[], more: Record<string, unknown> = {}): Promise<string[]> {
  const ids: string[] = []
  for (const text of texts) ids.push((await sendTo(world.sender, ada, text, more)).id)
  return ids
}

const openInbox = (device: BrowserContext, more: Record<string, string> = {}): Promise<Page> =>
  world.open(device, { token: ada.token, page: 'inbox', ...more })

const statesOf = async () => {
  const { body } = await ada.http.get('/api/notifications')
  return body.notifications?.map(({ message, status }) => [message, status])
}

test('4. An item by entry, page, acknowledgement and cache is one row and counts once', async () => {
  const device = await world.device()
  const page = await openInbox(device)
  await page.getByText('All quiet').waitFor()
  const id = await page.evaluate(async () => {
    const { client } = app.kit
    const reply = await client?.command('sendTest', { message: 'once' })
    // A page is read over the same line, after the entry.
    const view = client?.list({ unread: true })
    await view?.fetchMore()
    view?.close()
    return reply?.notification.id
  })
  await shows(page, ['once'])
  await counts(page, 1)
  await page.getByRole('tab', { name: 'Unread' }).click()
  await page.getByRole('tab', { name: 'Unread', selected: true }).waitFor()
  await shows(page, ['once'])
  await row(page, 'once').getByRole('button', { name: 'Archive' }).click()
  await counts(page, 0)
  // Its acknowledgement and the entry both bring the item back.
  await page.keyboard.press('Escape')
  await page.evaluate(async (archived) => {
    await app.kit.client?.unarchive(archived ?? '')
    await app.kit.client?.markUnread(archived ?? '')
  }, id)
  await shows(page, ['once'])
  await counts(page, 1)
  await page.reload()
  await page.getByRole('tab', { name: 'All' }).click()
  await shows(page, ['once'])
  await counts(page, 1)
  expect(await page.evaluate(() => app.kit.client?.getSnapshot().counts.total)).toBe(1)
})

test('5. Signing in loads the list, signing out empties store, cache and other tabs, and the next user sees no old row', async () => {
  const bob = await register(world.server)
  await sendAll(['for ada 1', 'for ada 2'])
  await sendTo(world.sender, bob, 'for bob')
  const device = await world.device()
  const tabs = [
    await world.open(device, { page: 'inbox' }),
    await world.open(device, { page: 'inbox' }),
  ] as const
  const [page, other] = tabs
  const signIn = async ({ email, password }: Person) => {
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await signIn(ada)
  for (const tab of tabs) await shows(tab, ['for ada 2', 'for ada 1'])
  await soon(() => keptText(page)).toContain('for ada 1')

  await page.getByRole('button', { name: 'Sign out' }).click()
  for (const tab of tabs) {
    await expect.poll(() => rows(tab).count(), { timeout: 1_000 }).toBe(0)
    expect(await tab.evaluate(() => app.kit.client)).toBeUndefined()
    await bell(tab).waitFor({ state: 'detached' })
  }
  await expect.poll(() => keptText(page), { timeout: 1_000 }).not.toContain('ada')

  for (const tab of tabs) {
    await tab.evaluate(() => {
      Object.assign(window, { sawAda: false })
      new MutationObserver(() => {
        if (document.body.innerText.includes('for ada')) Object.assign(window, { sawAda: true })
      }).observe(document.body, { childList: true, subtree: true, characterData: true })
    })
  }
  await signIn(bob)
  for (const tab of tabs) {
    await shows(tab, ['for bob'])
    expect(await tab.evaluate('sawAda')).toBe(false)
  }
  await other.close()
})

/** Long enough that what is sent meanwhile is with the server before what the page asks. */
const SLOW_MS = 400

test('7. What arrives while all is marked as read stays unread', async () => {
  await sendAll(['one', 'two'])
  const page = await openInbox(await world.device())
  await counts(page, 2)
  world.proxy.faults.delayMs = SLOW_MS
  await page.locator('main').getByRole('button', { name: 'Mark all as read' }).click()
  await counts(page, 0)
  await sendAll(['late'])
  await shows(page, ['late', 'two', 'one'])
  world.proxy.heal()
  await soon(() => page.evaluate(() => app.kit.client?.getSnapshot().items[1]?.status)).toBe('read')
  await counts(page, 1)
  expect(await unread(page)).toEqual(['late'])
  expect(await unreadOf(ada)).toBe(1)
})

test('8. A refused mark-read puts row and number back and says so', async () => {
  const [, gone] = await sendAll(['stays', 'is gone'])
  const device = await world.device()
  const wire = await tapWire(device)
  const page = await openInbox(device)
  await counts(page, 2)
  const refusals: string[] = []
  wire.down = (text) => {
    // The page misses that it was deleted elsewhere.
    if (text.includes('item.deleted')) return undefined
    if (text.includes('not_found')) refusals.push(text)
    return text
  }
  await ada.http.delete(`/api/notifications/${gone}`)
  await page.evaluate(() => {
    const states: boolean[] = []
    Object.assign(window, { states })
    const observed = document.querySelector('[data-belfry-row]')
    if (!observed) throw new Error('There is no row.')
    new MutationObserver(() => states.push(observed.hasAttribute('data-unread'))).observe(observed, {
      attributeFilter: ['data-unread'],
    })
  })
  await row(page, 'is gone').getByRole('button', { name: 'Mark as read' }).click()
  const toast = page.locator('[data-belfry-toast]', { hasText: 'This did not work' })
  await toast.waitFor()
  expect(refusals).toHaveLength(1)
  expect(await page.evaluate('states')).toEqual([false, true])
  await counts(page, 2)
  expect(await unread(page)).toEqual(['is gone', 'stays'])
})

test('9. Delete and undo within 6 s: same place, same state', async () => {
  const ids = await sendAll(['first', 'second', 'third'])
  await ada.http.post('/api/notifications/seen', { id: ids[1] })
  const page = await openInbox(await world.device())
  await counts(page, 3)
  const before = await page.evaluate(() => app.kit.client?.getSnapshot().items[1])
  await row(page, 'second').getByRole('button', { name: 'Delete' }).click()
  await shows(page, ['third', 'first'])
  await counts(page, 2)
  await soon(statesOf).toHaveLength(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await shows(page, ['third', 'second', 'first'])
  await counts(page, 3)
  await soon(async () => (await statesOf())?.map(([message]) => message)).toEqual([
    'third',
    'second',
    'first',
  ])
  const after = await page.evaluate(() => app.kit.client?.getSnapshot().items[1])
  expect(after).toMatchObject({ id: before?.id, readAt: null, seenAt: before?.seenAt, archivedAt: null })
  expect(await unreadOf(ada)).toBe(3)
})

test('10. What is read on one device is read on the other within a second', async () => {
  await sendAll(['one', 'two'])
  const [a, b] = [await openInbox(await world.device()), await openInbox(await world.device())]
  for (const page of [a, b]) await counts(page, 2)
  await row(a, 'one').getByRole('button', { name: 'Mark as read' }).click()
  await counts(b, 1, 1_000)
  expect(await unread(b)).toEqual(['two'])
})

test('11. Opening the panel makes items seen, and not read', async () => {
  await sendAll(['one', 'two'])
  const page = await world.open(await world.device(), { token: ada.token })
  await counts(page, 2)
  await bell(page).click()
  await row(page, 'two').waitFor()
  await soon(statesOf).toEqual([
    ['two', 'seen'],
    ['one', 'seen'],
  ])
  await counts(page, 2)
  expect(await unread(page)).toEqual(['two', 'one'])
  expect(await unreadOf(ada)).toBe(2)
  expect(await page.evaluate(() => app.kit.client?.getSnapshot().counts.unseen)).toBe(0)
})

test('What came since the last visit stands above a line', async () => {
  await sendAll(['old 1', 'old 2'])
  const page = await world.open(await world.device(), { token: ada.token, groupBy: 'none' })
  await counts(page, 2)
  const shown = () =>
    page.locator('[data-belfry-row] [data-part=message], [data-part=divider]').allInnerTexts()
  const visit = async (wanted: readonly string[]) => {
    await bell(page).click()
    await soon(shown).toEqual(wanted)
    // Longer than a look at it.
    await delay(VISIT_MS)
    await page.keyboard.press('Escape')
    await soon(shown).toEqual([])
  }
  await visit(['old 2', 'old 1'])
  await sendAll(['new 1', 'new 2'])
  await counts(page, 4)
  await visit(['new 2', 'new 1', 'New since your last visit', 'old 2', 'old 1'])
  await visit(['new 2', 'new 1', 'old 2', 'old 1'])
})

test('23. An unknown type shows as any other, and an unknown kind of entry holds nothing up', async () => {
  const device = await world.device()
  const wire = await tapWire(device)
  const page = await openInbox(device)
  await page.getByText('All quiet').waitFor()
  await sendAll(['of a type that nobody knows'], { type: 'zeppelin:moored' })
  await shows(page, ['of a type that nobody knows'])
  expect(await rows(page).locator('[data-part=picture] svg').count()).toBe(1)
  await page.getByRole('tab', { name: 'Zeppelin' }).waitFor()

  wire.down = (text) => text.replace('"kind":"item.created"', '"kind":"zeppelin.moored"')
  await sendAll(['of a kind that nobody knows'])
  const others = () =>
    page.evaluate(() => app.kit.client?.getSnapshot().others.map(({ kind, data }) => ({ kind, data })))
  await soon(others).toMatchObject([
    { kind: 'zeppelin.moored', data: { message: 'of a kind that nobody knows' } },
  ])
  wire.down = (text) => text
  const asked = () => wire.sent.filter((text) => eventIn(text) === 'sync').length
  const before = asked()
  await sendAll(['after it'])
  await shows(page, ['after it', 'of a type that nobody knows'])
  expect(asked()).toBe(before)
})

test('24. Markup in any text is shown as it is, and an address that is a script leads nowhere', async () => {
  const html = '<img src=x onerror="document.title=\'bad\'">'
  const device = await world.device()
  const wire = await tapWire(device)
  // No server of ours would send it.
  wire.down = (text) => text.replaceAll('/harmless', 'javascript:document.title=`bad`')
  const page = await openInbox(device)
  await page.getByText('All quiet').waitFor()
  await sendAll([html], {
    title: html,
    url: '/harmless',
    icon: '/harmless',
    imageUrl: '/harmless',
    actor: { id: 'a', name: html, avatarUrl: '/harmless' },
    actions: [{ id: 'go', label: html, url: '/harmless' }],
  })
  await rows(page).waitFor()
  await page.locator('[data-belfry-toast]').waitFor()
  const texts = await rows(page).locator('[data-part=title], [data-part=message], button').allInnerTexts()
  expect(texts.filter((text) => text.includes(html)).length).toBe(3)
  expect(await page.locator('[data-belfry-toast]').innerText()).toContain(html)
  await soon(() => page.locator('[role=status]').allInnerTexts()).toContain(html)
  expect(await page.locator('img, a[href^=javascript]').count()).toBe(0)
  const address = page.url()
  await page.locator('[data-belfry-toast]').getByRole('button').first().click()
  await rows(page).getByRole('button', { name: 'onerror' }).click()
  await rows(page).locator('[data-part=title]').click()
  await counts(page, 0)
  expect(page.url()).toBe(address)
  expect(await page.title()).toBe('App')
})

/** In the page, before anything of the app: what is open, by what opened it. */
function countOpen(): void {
  const open: Record<string, number> = { listeners: 0, timers: 0, sockets: 0, channels: 0 }
  Object.assign(window, { open })
  const add = (what: string, by: number) => {
    open[what] = (open[what] ?? 0) + by
  }
  const listeners = new Map<EventTarget, Set<string>>()
  const ids = new WeakMap<object, number>()
  let lastId = 0
  const idOf = (thing: object) => {
    const id = ids.get(thing) ?? ++lastId
    ids.set(thing, id)
    return id
  }
  const forget = (target: EventTarget, key: string) => {
    if (listeners.get(target)?.delete(key)) add('listeners', -1)
  }
  const { addEventListener, removeEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    addEventListener.call(this, type, listener, options)
    // Those of things that are gone go with them.
    const isLasting = this === window || this === document || this instanceof MediaQueryList
    const given = typeof options === 'object' ? options : { capture: options ?? false }
    if (!listener || !isLasting || given.once || given.signal?.aborted) return
    const key = `${type} ${idOf(listener)} ${given.capture ?? false}`
    const known = listeners.get(this) ?? new Set()
    listeners.set(this, known)
    if (known.has(key)) return
    known.add(key)
    add('listeners', 1)
    given.signal?.addEventListener('abort', () => forget(this, key), { once: true })
  }
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    removeEventListener.call(this, type, listener, options)
    const capture = (typeof options === 'object' ? options.capture : options) ?? false
    if (listener) forget(this, `${type} ${idOf(listener)} ${capture}`)
  }
  const timers = new Set<unknown>()
  const { setTimeout, setInterval, clearTimeout, clearInterval } = window
  const started = (id: number) => {
    timers.add(id)
    add('timers', 1)
    return id
  }
  const ended = (id: unknown) => {
    if (timers.delete(id)) add('timers', -1)
  }
  Object.assign(window, {
    setTimeout: (run: () => void, ms?: number) => {
      const id = setTimeout(() => {
        ended(id)
        run()
      }, ms)
      return started(id)
    },
    setInterval: (run: () => void, ms?: number) => started(setInterval(run, ms)),
    clearTimeout: (id?: number) => {
      ended(id)
      clearTimeout(id)
    },
    clearInterval: (id?: number) => {
      ended(id)
      clearInterval(id)
    },
  })
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      add('sockets', 1)
      addEventListener.call(this, 'close', () => add('sockets', -1))
    }
  }
  window.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      add('channels', 1)
    }
    override close(): void {
      super.close()
      add('channels', -1)
    }
  }
}

test('40. Twenty mounts and unmounts leave no listener, timer, channel or socket', async () => {
  await sendAll(['one'])
  const device = await world.device()
  await device.addInitScript(countOpen)
  const page = await openInbox(device)
  const used = async () => {
    await shows(page, ['one'])
    await bell(page).click()
    await page.locator('[data-belfry-popover] [data-belfry-row]').waitFor()
  }
  const leave = async () => {
    await page.evaluate(() => unmount())
    const isOpen = 'open.sockets + open.channels + open.timers'
    await expect.poll(() => page.evaluate(isOpen), { timeout: 3_000 }).toBe(0)
    return page.evaluate('open')
  }
  await shows(page, ['one'])
  const first = await leave()
  for (let time = 1; time < 20; time += 1) {
    await page.evaluate(() => mount())
    await rows(page).first().waitFor()
    if (time === 10) await used()
    await page.evaluate(() => unmount())
  }
  await page.evaluate(() => mount())
  await shows(page, ['one'])
  expect(await leave()).toEqual(first)
  expect(await messages(page)).toEqual([])
})
