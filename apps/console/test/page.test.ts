/** ui.md §7, the playground: two people on one page, and in tabs of their own. */
import { expect, test } from 'vitest'
import { eventually, faultsOf, isUnread, pressTool, rowOf, withConsole } from './open-console.ts'
import {
  expectTicked,
  expectUnread,
  isTicked,
  markAll,
  openPlayground,
  phoneOf,
  press,
  send,
  titlesIn,
  unreadOf,
} from './playground-page.ts'

/** axe looks at every element, several times in a test. */
const AXE_WITHIN_MS = 60_000
const WITHIN_MS = 30_000

const opened = withConsole({ PLAYGROUND: 'on' })

test(
  'one button, and both phones have it: row, number, message, wire, checklist',
  async () => {
    const { page, ada, grace } = await openPlayground(opened())
    const before = [await unreadOf(ada), await unreadOf(grace)]
    expect(await isTicked(page, 'sent')).toBe('false')
    await press(page, 'Appointment')
    for (const [at, phone] of [ada, grace].entries()) {
      await rowOf(phone, 'New appointment').waitFor()
      await expectUnread(phone, (before[at] ?? 0) + 1)
    }
    for (const side of ['start', 'end']) {
      await page.locator(`.phone-toasts-${side}`, { hasText: 'New appointment' }).waitFor()
    }
    const spoken = page.locator('[data-belfry-announcer=polite]', { hasText: 'New appointment' })
    await spoken.waitFor({ state: 'attached' })
    expect(await spoken.count()).toBe(1)
    for (const step of ['sent', 'arrived']) await expectTicked(page, step)
    expect(await isTicked(page, 'read')).toBe('false')
    await page.locator('.lines', { hasText: 'entries' }).waitFor()
  },
  WITHIN_MS,
)

test(
  'a click reads, the number follows, and a reload keeps people and states',
  async () => {
    const { page, grace } = await openPlayground(opened())
    await markAll(grace)
    const [read, unread] = [await send(page, 'Grace'), await send(page, 'Grace')]
    await expectUnread(grace, 2)
    await rowOf(grace, read).click()
    await expectUnread(grace, 1)
    for (const step of ['read', 'counted']) await expectTicked(page, step)
    await page.reload()
    await rowOf(grace, unread).waitFor()
    await eventually(() => isUnread(rowOf(grace, read))).toBe(false)
    expect(await isUnread(rowOf(grace, unread))).toBe(true)
    await expectUnread(grace, 1)
    expect(await isTicked(page, 'read')).toBe('true')
  },
  WITHIN_MS,
)

test(
  'the bell opens the same list, whose rows are live, too',
  async () => {
    const { page, grace } = await openPlayground(opened())
    const older = await send(page, 'Grace')
    await grace.locator('[data-belfry-bell] > button').click()
    const panel = grace.getByRole('dialog', { name: 'Notifications' })
    await rowOf(panel, older).waitFor()
    const before = await unreadOf(grace)
    await rowOf(panel, older).click()
    await expectUnread(grace, before - 1)
    await page.keyboard.press('Escape')
    await eventually(() => panel.count()).toBe(0)
  },
  WITHIN_MS,
)

test(
  'a person, a room and a role are reached, each phone once',
  async () => {
    const { page, ada, grace } = await openPlayground(opened())
    const own = await send(page, 'Ada')
    await rowOf(ada, own).waitFor()
    expect(await rowOf(grace, own).count()).toBe(0)
    for (const target of ['Everyone', 'Room lobby', 'Role user']) {
      const title = await send(page, target)
      for (const phone of [ada, grace]) {
        await rowOf(phone, title).waitFor()
        expect(await rowOf(phone, title).count()).toBe(1)
      }
    }
  },
  WITHIN_MS,
)

test(
  'what is deleted comes back to its place by undo',
  async () => {
    const { page, grace } = await openPlayground(opened())
    const [older, newer] = [await send(page, 'Grace'), await send(page, 'Grace')]
    await rowOf(grace, newer).waitFor()
    await pressTool(rowOf(grace, older), 'Delete')
    await eventually(() => rowOf(grace, older).count()).toBe(0)
    await page.locator('.phone-toasts-end').getByRole('button', { name: 'Undo' }).click()
    await rowOf(grace, older).waitFor()
    expect((await titlesIn(grace)).slice(0, 2)).toEqual([newer, older])
    await expectTicked(page, 'undone')
  },
  WITHIN_MS,
)

test(
  'three tabs hold the same: what is read in one is read in all, and the checklist has seen them',
  async () => {
    const console = opened()
    const { page, ada, grace } = await openPlayground(console)
    const [, inbox] = [await console.newPage('/inbox?as=ada'), await console.newPage('/inbox?as=grace')]
    await expectTicked(page, 'tabs')
    const title = await send(page, 'Everyone')
    await rowOf(inbox, title).waitFor()
    await eventually(() => inbox.title()).toMatch(/^\(\d+\) Belfry$/)
    expect(await inbox.locator('link[rel=icon]').getAttribute('href')).toContain('favicon-unread')
    await rowOf(inbox, title).click()
    await eventually(() => isUnread(rowOf(grace, title))).toBe(false)
    expect(await isUnread(rowOf(ada, title))).toBe(true)
  },
  WITHIN_MS,
)

test(
  'own words and data go along; broken JSON cannot be sent',
  async () => {
    const { page, grace } = await openPlayground(opened())
    const title = await send(page, 'Everyone')
    await page.getByLabel('meta (JSON)').fill('{ "broken": ')
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    await page.getByLabel('meta (JSON)').fill('{ "orderId": "A-17" }')
    await page.getByRole('radio', { name: 'urgent' }).check({ force: true })
    const request = page.waitForRequest('**/api/notifications/send')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    expect((await request).postDataJSON()).toMatchObject({
      title,
      meta: { orderId: 'A-17' },
      priority: 'urgent',
    })
    await rowOf(grace, title).filter({ hasText: 'Urgent' }).waitFor()
    expect(await page.locator('.code pre').innerText()).toContain('meta: { orderId: "A-17" }')
    await page.getByRole('radio', { name: 'curl' }).check({ force: true })
    expect(await page.locator('.code pre').innerText()).toContain('"meta":{"orderId":"A-17"}')
  },
  WITHIN_MS,
)

test(
  'the wire log can be searched and held still',
  async () => {
    const { page, grace } = await openPlayground(opened())
    await send(page, 'Grace')
    await rowOf(grace, 'Note').first().click()
    await page.getByRole('searchbox', { name: 'Filter frames' }).fill('grace markRead')
    const lines = page.locator('.lines summary')
    await eventually(() => lines.count()).toBeGreaterThanOrEqual(2)
    for (const line of await lines.allInnerTexts()) expect(line).toContain('markRead')
    const asked = lines.filter({ has: page.locator('[data-way=ack]') }).first()
    expect(await asked.locator('.line-took').innerText()).toMatch(/^\d+ ms$/)
    await page.getByRole('searchbox', { name: 'Filter frames' }).fill('')
    await page.getByRole('button', { name: 'Pause' }).click()
    const first = await lines.first().innerText()
    await press(page, 'Plain words')
    await page.getByText(/^\d+ newer$/).waitFor()
    expect(await lines.first().innerText()).toBe(first)
  },
  WITHIN_MS,
)

test(
  'who signs out is gone until one click brings them back',
  async () => {
    const { page, grace } = await openPlayground(opened())
    const title = await send(page, 'Grace')
    await rowOf(grace, title).waitFor()
    await page.getByRole('button', { name: 'Sign out Grace' }).click()
    await grace.getByText('Nobody is signed in here.').waitFor()
    await page.reload()
    await grace.getByRole('button', { name: 'Sign in as Grace' }).click()
    await rowOf(phoneOf(page, 'grace'), title).waitFor()
  },
  WITHIN_MS,
)

test.each([
  ['light', {}],
  ['dark', { isDark: true }],
  ['right to left', { isRtl: true, language: 'ar' }],
])(
  'has no serious fault of accessibility, %s',
  async (_, look) => {
    const console = opened()
    await console.newContext(look, { reducedMotion: 'reduce' })
    const { page } = await openPlayground(console)
    for (const kind of ['System alert', 'Low stock', 'Plain words']) await press(page, kind)
    await page.locator('.own-words summary').click()
    expect(await faultsOf(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    if (_ === 'light') expect(await faultsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
  },
  AXE_WITHIN_MS,
)
