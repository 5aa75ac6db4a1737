/** What the app of the acceptance tests shows of chats. */
import { type BelfryServer, freshName, type Person, register } from '@belfry/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { soon } from './inbox-page.ts'
import { type AppQuery, online, type World } from './world.ts'

/** Somebody whose name the others see: the part of the address before the `@`. */
export const named = (server: BelfryServer, name: string): Promise<Person> =>
  register(server, { email: `${name.toLowerCase()}@${freshName()}.example.test` })

export const nameOf = ({ email }: Pick<Person, 'email'>): string => email.split('@')[0] ?? ''

export async function startChat(
  owner: Person,
  others: readonly Person[],
  more: Record<string, unknown> = {},
): Promise<string> {
  const { body, text } = await owner.http.post('/api/chats', {
    memberIds: others.map(({ id }) => id),
    ...more,
  })
  if (!body.chat) throw new Error(text)
  return body.chat.id
}

let lastClientId = 0

/** Posts by REST, as another device would; answers the message's id. */
export async function post(
  sender: Person,
  chatId: string,
  content: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  lastClientId += 1
  const { body, text } = await sender.http.post<{ message?: { id: string } }>(
    `/api/chats/${chatId}/messages`,
    { content, clientId: `rest-${lastClientId}`, ...more },
  )
  if (!body.message) throw new Error(text)
  return body.message.id
}

/** Waits until the page follows the server and, with `chat` in the query, shows that chat. */
export async function openChats(
  world: World,
  device: BrowserContext,
  person: Person,
  query: AppQuery = {},
): Promise<Page> {
  const page = await world.open(device, { token: person.token, page: 'chat', ...query })
  await online(page)
  if (query.chat !== undefined) await composer(page).waitFor()
  return page
}

export const composer = (page: Page) => page.locator('[data-belfry-composer] textarea')

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

export const bubble = (page: Page, text: string) =>
  page.locator('[data-belfry-message]', {
    has: page.locator('[data-part=text]').getByText(text, { exact: true }),
  })

export const texts = (page: Page): Promise<string[]> =>
  page.locator('[data-belfry-message] [data-part=text]').allInnerTexts()

/** How far an own message has come. */
export const ticks = (page: Page, text: string): Promise<string | null> =>
  bubble(page, text).locator('[data-belfry-ticks]').getAttribute('data-belfry-ticks')

export const reaches = (page: Page, text: string, status: string) =>
  soon(() => ticks(page, text)).toBe(status)

export const chatRow = (page: Page, chatId: string) => page.locator(`[data-belfry-chat="${chatId}"]`)

/** Presses a button of a message, or, when there is none, an item of its menu. */
export async function act(page: Page, text: string, name: string): Promise<void> {
  const message = bubble(page, text)
  await message.hover()
  const button = message.getByRole('button', { name, exact: true })
  if ((await button.count()) > 0) return button.click()
  await message.getByRole('button', { name: 'Actions for this message' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
}
