/** ui.md §7, `/inbox`: somebody with an account of their own, and a sample person in a tab of their own. */
import { type Person, register } from '@belfry/testkit'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { type Noise, playNoise } from './noise.ts'
import { eventually, faultsOf, isUnread, pressTool, rowOf, withConsole } from './open-console.ts'

/** axe looks at every element, several times in a test. */
const AXE_WITHIN_MS = 60_000
const WITHIN_MS = 30_000

const toast = (page: Page, text: string) => page.locator('[data-belfry-toast]', { hasText: text })
const noiseIn = (page: Page) =>
  page.evaluate(() => {
    const { sounds, shown }: Noise = Reflect.get(window, 'noise')
    return { sounds, shown }
  })
const focus = (page: Page, isFocused: boolean) =>
  page.evaluate((isFocused) => (Reflect.get(window, 'noise') as Noise).focus(isFocused), isFocused)

async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.locator('[data-belfry-panel]').waitFor()
}

/** As their own back end does. */
async function notify(person: Person, title: string, type = 'info'): Promise<void> {
  const reply = await person.http.post('/api/notifications/test', { title, message: `About ${title}`, type })
  expect(reply.status).toBe(201)
}

describe('without the playground', () => {
  const opened = withConsole({ PLAYGROUND: 'off' })

  test(
    'leads to a sign-in, refuses a wrong password, and shows that person’s inbox',
    async () => {
      const console = opened()
      const person = await register(console.server)
      const page = await console.newPage('/')
      await page.waitForURL('**/inbox')
      expect(await faultsOf(page)).toEqual([])
      await page.getByLabel('E-mail').fill(person.email)
      await page.getByLabel('Password').fill('not the password')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('alert').filter({ hasText: 'Invalid credentials' }).waitFor()
      await signIn(page, person)
      await page.getByText('All quiet').waitFor()
      await notify(person, 'Hello there')
      await rowOf(page, 'Hello there').waitFor()
      await toast(page, 'Hello there').waitFor()
      await page.reload()
      await rowOf(page, 'Hello there').waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('E-mail').waitFor()
      // The browser itself logs the two refusals that this test asks for: no playground, wrong password.
      expect(console.complaints).toEqual([expect.stringContaining('404'), expect.stringContaining('401')])
      console.complaints = []
    },
    AXE_WITHIN_MS,
  )

  test(
    'somebody new makes an account and is in',
    async () => {
      const page = await opened().newPage('/inbox')
      await page.getByRole('button', { name: 'I have no account yet' }).click()
      await page.getByLabel('E-mail').fill(`new-${Date.now()}@example.test`)
      await page.getByLabel('Password').fill('a-good-password')
      await page.getByRole('button', { name: 'Create account' }).click()
      await page.getByText('All quiet').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a sample person is not there, and the page says so',
    async () => {
      const console = opened()
      const page = await console.newPage('/inbox?as=ada')
      await page.getByText('Ada is not signed in').waitFor()
      expect(console.complaints.length).toBeGreaterThan(0)
      for (const said of console.complaints) expect(said).toContain('404')
      console.complaints = []
    },
    WITHIN_MS,
  )
})

describe('signed in', () => {
  const opened = withConsole({ PLAYGROUND: 'on' })

  async function openInbox(setUp: (person: Person) => Promise<void> = async () => undefined) {
    const console = opened()
    const person = await register(console.server)
    await setUp(person)
    const context = await console.newContext()
    await context.addInitScript(playNoise)
    const page = await console.newPage('/inbox')
    await signIn(page, person)
    return { page, person }
  }

  test(
    'filters have the server’s numbers, live in the address, and stay after a reload',
    async () => {
      const { page } = await openInbox(async (person) => {
        await notify(person, 'First order', 'order:new')
        await notify(person, 'Second order', 'order:new')
        await notify(person, 'A task', 'task:assigned')
      })
      const tab = (name: RegExp) => page.getByRole('tab', { name })
      await tab(/^Unread\s*3$/).waitFor()
      await tab(/^Orders\s*2$/).click()
      await eventually(() => page.locator('[data-belfry-row]').count()).toBe(2)
      expect(page.url()).toContain('category=order')
      await page.reload()
      await rowOf(page, 'Second order').waitFor()
      expect(await rowOf(page, 'A task').count()).toBe(0)
      await pressTool(rowOf(page, 'First order'), 'Mark as read')
      await tab(/^Unread\s*2$/).click()
      await eventually(() => page.locator('[data-belfry-row]').count()).toBe(2)
      expect(await rowOf(page, 'First order').count()).toBe(0)
      await tab(/^All$/).click()
      await rowOf(page, 'First order').waitFor()
      await pressTool(rowOf(page, 'First order'), 'Mark as unread')
      await tab(/^Unread\s*3$/).waitFor()
      await page.getByRole('searchbox').fill('second')
      await eventually(() => page.locator('[data-belfry-row]').count()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'several are selected by keys and changed at once; what is deleted comes back by undo',
    async () => {
      const { page } = await openInbox(async (person) => {
        for (const name of ['One', 'Two', 'Three']) await notify(person, name)
      })
      await rowOf(page, 'Three').focus()
      for (const key of ['x', 'j', 'x']) await page.keyboard.press(key)
      const bar = page.getByRole('toolbar', { name: '2 selected' })
      await bar.getByRole('button', { name: 'Delete' }).click()
      await eventually(() => page.locator('[data-belfry-row]').count()).toBe(1)
      await toast(page, '2 notifications deleted').getByRole('button', { name: 'Undo' }).click()
      for (const name of ['Three', 'Two', 'One']) await rowOf(page, name).waitFor()
      await rowOf(page, 'Three').focus()
      await page.keyboard.press('Shift+I')
      await eventually(() => isUnread(rowOf(page, 'Three'))).toBe(false)
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a new one rings; in the background the browser shows it, once it is allowed in the drawer',
    async () => {
      const { page, person } = await openInbox()
      // Browsers are silent until somebody has used the page.
      await page.getByRole('heading', { name: 'Notifications', level: 2 }).click()
      await notify(person, 'While here')
      await toast(page, 'While here').waitFor()
      await eventually(() => noiseIn(page)).toEqual({ sounds: 1, shown: [] })
      await page.getByRole('button', { name: 'Notification settings' }).click()
      const drawer = page.getByRole('dialog', { name: 'Notification settings' })
      const allow = drawer.getByRole('button', { name: 'Browser notifications' })
      await allow.click()
      await eventually(() => allow.getAttribute('aria-pressed')).toBe('true')
      await drawer.getByRole('button', { name: 'Test' }).click()
      await eventually(async () => (await noiseIn(page)).shown).toEqual(['Notifications'])
      await drawer.getByRole('switch', { name: 'Sound' }).click()
      await drawer.getByRole('button', { name: 'Close' }).click()
      const { sounds } = await noiseIn(page)
      await focus(page, false)
      await notify(person, 'While away')
      await rowOf(page, 'While away').waitFor()
      await eventually(() => noiseIn(page)).toEqual({ sounds, shown: ['Notifications', 'While away'] })
      expect(await toast(page, 'While away').count()).toBe(0)
      await page.reload()
      await page.getByRole('button', { name: 'Notification settings' }).click()
      expect(await drawer.getByRole('switch', { name: 'Sound' }).getAttribute('aria-checked')).toBe('false')
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
      const page = await console.newPage('/inbox?as=ada')
      await page.locator('[data-belfry-row], [data-belfry-note]').first().waitFor()
      expect(await faultsOf(page)).toEqual([])
      await page.locator('.icon-button').click()
      await page.getByRole('dialog').waitFor()
      expect(await faultsOf(page)).toEqual([])
    },
    AXE_WITHIN_MS,
  )
})
