/** ui.md §7, the switches: what goes wrong on a line, and what the phone makes of it. */
import { expect, test } from 'vitest'
import { eventually, isUnread, rowOf, withConsole } from './open-console.ts'
import {
  expectTicked,
  expectUnread,
  markAll,
  openPlayground,
  send,
  statusOf,
  titlesIn,
} from './playground-page.ts'

const WITHIN_MS = 60_000
const ITEMS = 10

const opened = withConsole({ PLAYGROUND: 'on' })

test(
  'offline, ten items are missed and nothing is lost: all are there, once, in order',
  async () => {
    const { page, ada, grace } = await openPlayground(opened())
    await markAll(grace)
    await grace.getByRole('switch', { name: 'Offline, Grace' }).click()
    await eventually(() => statusOf(grace)).toBe('offline')
    await grace.getByText('You are offline').waitFor()
    const titles: string[] = []
    for (let at = 0; at < ITEMS; at += 1) titles.push(await send(page, at % 2 ? 'Everyone' : 'Grace'))
    await rowOf(ada, titles.at(-1) ?? '').waitFor()
    expect(await titlesIn(grace)).not.toContain(titles[0])
    // The kit's own way back is behind the same switch.
    await grace.getByRole('button', { name: 'Retry now' }).click()
    await eventually(() => statusOf(grace)).toBe('offline')
    await grace.getByRole('switch', { name: 'Offline, Grace' }).click()
    await eventually(() => statusOf(grace)).toBe('online')
    await expectUnread(grace, ITEMS)
    await grace.getByRole('tab', { name: /^Unread/ }).click()
    await eventually(async () => (await titlesIn(grace)).slice(0, 3)).toEqual(titles.toReversed().slice(0, 3))
    await expectTicked(page, 'caughtUp')
    for (const title of titles) expect(await rowOf(grace, title).count()).toBeLessThanOrEqual(1)
  },
  WITHIN_MS,
)

test(
  'lost acknowledgements double nothing',
  async () => {
    const { page, grace } = await openPlayground(opened())
    await markAll(grace)
    await grace.getByRole('switch', { name: /^Lose every third/ }).click()
    const titles = [await send(page, 'Grace'), await send(page, 'Grace'), await send(page, 'Grace')]
    await expectUnread(grace, 3)
    for (const title of titles) {
      await rowOf(grace, title).click()
      await eventually(() => isUnread(rowOf(grace, title))).toBe(false)
    }
    await expectUnread(grace, 0)
    await grace.getByRole('switch', { name: /^Lose every third/ }).click()
    await page.reload()
    for (const title of titles) {
      await rowOf(grace, title).waitFor()
      expect(await rowOf(grace, title).count()).toBe(1)
    }
    await expectUnread(grace, 0)
  },
  WITHIN_MS,
)

test(
  'two seconds slower is a slow connection, and everything still comes',
  async () => {
    const { page, ada, grace } = await openPlayground(opened())
    await grace.getByRole('switch', { name: /^Network 2 s slower/ }).click()
    const title = await send(page, 'Everyone')
    await rowOf(ada, title).waitFor()
    expect(await rowOf(grace, title).count()).toBe(0)
    await rowOf(grace, title).waitFor()
    await rowOf(grace, title).click()
    await eventually(() => statusOf(grace)).toBe('degraded')
    expect(await statusOf(ada)).toBe('online')
    await grace.getByText('Slow connection').first().waitFor()
    await grace.getByRole('switch', { name: /^Network 2 s slower/ }).click()
    await send(page, 'Grace')
    await eventually(() => statusOf(grace), 30_000).toBe('online')
  },
  WITHIN_MS,
)

test(
  'asleep, nothing comes; awake, everything at once',
  async () => {
    const { page, ada, grace } = await openPlayground(opened())
    await grace.getByRole('button', { name: /^Sleep/ }).click()
    const titles = [await send(page, 'Everyone'), await send(page, 'Everyone')]
    await rowOf(ada, titles[1] ?? '').waitFor()
    expect(await grace.getByRole('button', { name: /^Asleep/ }).isDisabled()).toBe(true)
    for (const title of titles) expect(await rowOf(grace, title).count()).toBe(0)
    for (const title of titles) await rowOf(grace, title).waitFor()
    expect((await titlesIn(grace)).slice(0, 2)).toEqual(titles.toReversed())
    await grace.getByRole('button', { name: /^Sleep/ }).waitFor()
  },
  WITHIN_MS,
)

test(
  'dark, right to left, without motion and another language hold for the page and after a reload',
  async () => {
    const { page, grace } = await openPlayground(opened())
    for (const name of ['Dark', 'Less motion']) await page.getByRole('switch', { name }).click()
    await page.getByRole('combobox').selectOption('ar')
    await grace.getByRole('heading', { name: 'الإشعارات' }).waitFor()
    await page.reload()
    await grace.getByRole('heading', { name: 'الإشعارات' }).waitFor()
    const root = page.locator('html')
    await eventually(() => root.getAttribute('data-theme')).toBe('dark')
    expect(await root.getAttribute('dir')).toBe('rtl')
    expect(await root.getAttribute('data-motion')).toBe('reduced')
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('body *')].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element)
          return !/^(0s(, )?)+$/.test(transitionDuration) || animationName !== 'none'
        }).length,
    )
    expect(moving).toBe(0)
    await page.getByRole('switch', { name: 'Right to left' }).click()
    expect(await root.getAttribute('dir')).toBe('ltr')
  },
  WITHIN_MS,
)
