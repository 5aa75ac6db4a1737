import type { Page } from 'playwright-core'
import type { Shot } from './screenshots.ts'

const TWO = ['light', 'dark']
const MOST = ['light', 'dark', 'rtl', 'phone', 'forced']

const composer = (page: Page) => page.locator('[data-belfry-composer] textarea')
const saying = (page: Page, text: string) => page.locator('[data-belfry-message]', { hasText: text })

async function write(page: Page, text: string): Promise<void> {
  await composer(page).pressSequentially(text)
}

const actionOf = async (page: Page, text: string, index: number) => {
  await saying(page, text).hover()
  await saying(page, text).locator('[data-part=actions] > :is(button, span)').nth(index).click()
}

async function attach(page: Page): Promise<void> {
  // On their way for good.
  await page.route('**/api/media*', () => undefined)
  await page.locator('input[type=file]').setInputFiles([
    { name: 'view.svg', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') },
    { name: 'Notes about everything.txt', mimeType: 'text/plain', buffer: Buffer.from('Notes') },
  ])
  await page.locator('[data-belfry-attachment]').nth(1).waitFor()
}

/** One blue dot, as PNG. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg=='

async function isWindow(page: Page): Promise<void> {
  await page.locator('[data-belfry-window] [data-belfry-message]').first().waitFor()
  // Receipts and who types come a little later, and move what is above them.
  await page.waitForTimeout(300)
}

export const CHAT_SHOTS: readonly Shot[] = [
  { name: 'chat', scene: 'chat', looks: [...MOST, 'german'], steps: isWindow },
  {
    name: 'chat-up',
    scene: 'chat',
    looks: MOST,
    steps: async (page) => {
      await isWindow(page)
      await page.locator('[role=log]').hover()
      await page.mouse.wheel(0, -700)
      await page.locator('[data-belfry-jump]').waitFor()
    },
  },
  { name: 'chat-list', scene: 'chat-list', looks: MOST },
  { name: 'chat-direct', scene: 'chat-open-grace', looks: TWO, steps: isWindow },
  { name: 'chat-unread', scene: 'chat-open-many', looks: [...TWO, 'phone', 'forced'], steps: isWindow },
  { name: 'chat-arabic', scene: 'chat-open-omar', looks: ['light', 'rtl'], steps: isWindow },
  { name: 'chat-denied', scene: 'chat-open-order', looks: [...TWO, 'rtl', 'forced'], steps: isWindow },
  { name: 'chat-new', scene: 'chat-open-new', looks: TWO },
  { name: 'chat-gone', scene: 'chat-open-gone', looks: TWO },
  { name: 'chat-none', scene: 'chat-none', looks: TWO },
  { name: 'chat-loading', scene: 'chat-loading', looks: TWO },
  {
    name: 'chat-failed',
    scene: 'chat-failed',
    looks: [...TWO, 'rtl', 'forced'],
    steps: async (page) => {
      await isWindow(page)
      await write(page, 'Far too long')
      await composer(page).press('Enter')
      await page.locator('[data-part=trouble]').waitFor()
    },
  },
  {
    name: 'chat-react',
    scene: 'chat',
    looks: [...TWO, 'rtl'],
    steps: async (page) => {
      await isWindow(page)
      await actionOf(page, 'It opens.', 0)
    },
  },
  {
    name: 'chat-more',
    scene: 'chat',
    looks: [...TWO, 'rtl', 'phone', 'forced'],
    steps: async (page) => {
      await isWindow(page)
      await actionOf(page, 'On it.', 2)
    },
  },
  {
    name: 'chat-reply',
    scene: 'chat',
    looks: [...TWO, 'phone'],
    steps: async (page) => {
      await isWindow(page)
      await actionOf(page, 'It opens.', 1)
      await write(page, 'Good to know, thank you @l')
    },
  },
  {
    name: 'chat-attach',
    scene: 'chat',
    looks: [...TWO, 'rtl', 'phone'],
    steps: async (page) => {
      await isWindow(page)
      await attach(page)
    },
  },
  {
    name: 'chat-details',
    scene: 'chat',
    looks: TWO,
    steps: async (page) => {
      await isWindow(page)
      await page.locator('[data-belfry-chat-header] [data-belfry-menu] > button').click()
    },
  },
  {
    name: 'chat-status',
    scene: 'chat-list',
    looks: TWO,
    steps: (page) => page.locator('[data-belfry-chats] [data-belfry-menu] > button').click(),
  },
  {
    name: 'chat-create',
    scene: 'chat-list',
    looks: [...TWO, 'phone'],
    steps: async (page) => {
      await page.locator('[data-belfry-chats] [data-part=head] > button').click()
      await page.locator('dialog[open]').waitFor()
    },
  },
  {
    name: 'chat-focus',
    scene: 'chat',
    looks: [...TWO, 'forced'],
    steps: async (page) => {
      await isWindow(page)
      await composer(page).focus()
      for (let n = 0; n < 4; n += 1) await page.keyboard.press('Shift+Tab')
    },
  },
]
