import type { ClientOptions } from '@belfry/client'
import { type ChatOptions, type Chats, createChats } from '@belfry/client/chat'
import { CHAT, chatCursor, FakeAttention, opened, settled, snapshot } from '@belfry/testkit/client'
import type { FakeBrowser, Page } from '../fake-browser.ts'

export interface ChatPage extends Page {
  chats: Chats
}

/** A page of a device, with chats. */
export async function openPage(
  browser: FakeBrowser,
  {
    chatOptions = {},
    laterMs = 0,
    ...options
  }: Partial<ClientOptions> & { chatOptions?: ChatOptions; laterMs?: number } = {},
): Promise<ChatPage> {
  const tab = await browser.open(options, laterMs)
  const chats = createChats(tab.client, { attention: new FakeAttention(), ...chatOptions })
  await settled()
  return { ...tab, chats }
}

export async function welcome({ world }: Page, offset = 0): Promise<void> {
  await world.socket.welcome(snapshot([], { cursor: chatCursor(offset) }))
  await world.clock.advance(0)
}

/** What it has sent, over all its lines. */
export const posts = ({ world }: Page) =>
  world.sockets.flatMap((socket) => socket.all('postMessage')).map(({ payload }) => payload.content)

/** Ada's page, where she has written while offline. */
export async function wroteOffline(browser: FakeBrowser, ...texts: string[]): Promise<ChatPage> {
  const tab = await openPage(browser)
  await welcome(tab)
  const view = tab.chats.open(CHAT)
  await tab.world.clock.advance(0)
  await tab.world.socket.last('openChat').ok(opened([]))
  await tab.world.socket.end()
  for (const content of texts) void view.send({ content })
  await settled()
  return tab
}
