/** ui.md §7, the phones' chats and `/chat`: two people who talk, seen by what stands on their screens. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { eventually, faultsOf, withConsole } from './open-console.ts'
import { expectTicked, expectUnread, openPlayground } from './playground-page.ts'

const WITHIN_MS = 60_000

const opened = withConsole({ PLAYGROUND: 'on' })

const openChat = (phone: Locator) => phone.getByRole('tab', { name: /Chat/ }).click()
const field = (scope: Locator | Page) => scope.getByRole('combobox')
const messages = (scope: Locator | Page) => scope.locator('[data-belfry-message]')
const withText = (scope: Locator | Page, text: string) => messages(scope).filter({ hasText: text })
const ticksOf = (message: Locator) => message.locator('[data-belfry-ticks]').getAttribute('data-belfry-ticks')

async function write(scope: Locator | Page, text: string): Promise<void> {
  await field(scope).fill(text)
  await field(scope).press('Enter')
  await withText(scope, text).waitFor()
}

describe('the phones', () => {
  test(
    'chat: a toast, two ticks, the dots, and the checklist has seen it',
    async () => {
      const { page, ada, grace } = await openPlayground(opened())
      await openChat(ada)
      await write(ada, 'Did it arrive?')
      await page.locator('[data-belfry-toast]', { hasText: 'Did it arrive?' }).waitFor()
      const sent = withText(ada, 'Did it arrive?')
      await eventually(() => ticksOf(sent)).toBe('delivered')
      await eventually(() => grace.getByRole('tab', { name: /Chat/ }).textContent()).toContain('1')
      await openChat(grace)
      await withText(grace, 'Did it arrive?').waitFor()
      await eventually(() => ticksOf(sent)).toBe('read')
      await field(grace).pressSequentially('It')
      await ada.getByText('grace is typing…').waitFor()
      await write(grace, 'It did.')
      await withText(ada, 'It did.').waitFor()
      for (const step of ['messaged', 'ticked']) await expectTicked(page, step)
      // A message is no notification.
      await expectUnread(grace, 0)
    },
    WITHIN_MS,
  )
})

describe('/chat', () => {
  async function both(): Promise<[Page, Page]> {
    const console = opened()
    await console.newContext()
    return [await console.newPage('/chat?as=ada'), await console.newPage('/chat?as=grace')]
  }

  test(
    'two people talk: edit, reply, react, name somebody, delete, mute and block',
    async () => {
      const [ada, grace] = await both()
      for (const page of [ada, grace]) await page.locator('[data-belfry-chat]').first().click()
      await write(ada, 'Is it redy?')
      await act(ada, 'Is it redy?', 'Edit')
      await field(ada).fill('Is it ready?')
      await field(ada).press('Enter')
      await withText(grace, 'Is it ready?').getByText('edited').waitFor()

      const asked = withText(grace, 'Is it ready?')
      await asked.hover()
      await asked.getByRole('button', { name: 'React', exact: true }).click()
      await grace.getByRole('button', { name: 'React with 👍' }).click()
      await withText(ada, 'Is it ready?').getByRole('button', { name: '👍, 1' }).waitFor()

      await asked.hover()
      await asked.getByRole('button', { name: 'Reply', exact: true }).click()
      await field(grace).pressSequentially('Nearly, @ad')
      await grace.getByRole('option', { name: 'ada' }).waitFor()
      await field(grace).press('Enter')
      await field(grace).press('Enter')
      await withText(ada, 'Nearly, @ada').locator('[data-part=quote]', { hasText: 'Is it ready?' }).waitFor()

      await act(grace, 'Nearly, @ada', 'Delete')
      await messages(ada).filter({ hasText: 'This message was deleted.' }).waitFor()

      await grace.getByRole('button', { name: 'Details' }).click()
      const details = grace.getByRole('dialog', { name: 'Details' })
      await details.getByLabel('Find in this chat').fill('READY')
      await details.getByRole('button', { name: 'Find', exact: true }).click()
      await details.getByRole('list', { name: 'Found' }).getByText('Is it ready?').waitFor()
      expect(await faultsOf(grace)).toEqual([])
      await details.getByRole('button', { name: 'Close' }).click()

      await menu(grace, 'Mute')
      await grace.getByRole('img', { name: 'Muted' }).waitFor()
      await menu(grace, 'Unmute')
      await menu(grace, 'Block')
      // Nobody is told that he was blocked; who writes all the same is told why it does not go.
      await write(ada, 'Hello?')
      await withText(ada, 'Hello?').getByRole('alert').waitFor()
      await eventually(() => field(ada).isDisabled()).toBe(true)
      expect(await ada.locator('[data-belfry-policy]').textContent()).toContain('cannot write')
      await menu(grace, 'Unblock')
      await ada.reload()
      await eventually(() => field(ada).isEnabled()).toBe(true)
    },
    WITHIN_MS,
  )

  test(
    'a picture goes up while one writes, and is seen by the other',
    async () => {
      const [ada, grace] = await both()
      for (const page of [ada, grace]) await page.locator('[data-belfry-chat]').first().click()
      await ada.locator('[data-belfry-composer] input[type=file]').setInputFiles({
        ...{ name: 'dot.png', mimeType: 'image/png' },
        buffer: Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        ),
      })
      await write(ada, 'Look at this')
      const picture = withText(grace, 'Look at this').locator('img')
      await eventually(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1)
    },
    WITHIN_MS,
  )

  test.each([
    ['light', {}],
    ['dark', { isDark: true }],
    ['right to left', { isRtl: true }],
  ])(
    'has no fault that axe knows: %s, wide and narrow',
    async (name, look) => {
      const console = opened()
      await console.newContext(look)
      const page = await console.newPage('/chat?as=ada')
      await page.locator('[data-belfry-chat]').first().click()
      await write(page, `Hello, ${name}`)
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 })
        expect(await faultsOf(page)).toEqual([])
      }
    },
    WITHIN_MS,
  )
})

async function act(page: Page, text: string, label: string): Promise<void> {
  const message = withText(page, text)
  await message.hover()
  await message.getByRole('button', { name: 'Actions for this message' }).click()
  await page.getByRole('menuitem', { name: label, exact: true }).click()
}

async function menu(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: 'Chat settings' }).click()
  await page.getByRole('menuitem', { name: label, exact: true }).click()
}
