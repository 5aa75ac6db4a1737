import {
  CHAT,
  chat,
  chatCursor,
  entry,
  message,
  messages,
  type OpenedChat,
  onlineChats,
  opened,
  openedChat,
  page,
  pass,
  told,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const reads = ({ world }: Pick<OpenedChat, 'world'>) =>
  world.socket.all('markChatRead').map(({ payload }) => payload.upToSeq)
const focuses = ({ world }: Pick<OpenedChat, 'world'>) =>
  world.socket.all('focusChat').map(({ payload }) => payload)

const counts = (unread: number) => ({
  chats: { [CHAT]: { unread, mentions: 0 } },
  total: { unread, chats: unread > 0 ? 1 : 0, mentions: 0 },
})

/** Five unread messages in a chat that is in front of somebody. */
async function inFront(options = {}): Promise<OpenedChat> {
  const answer = opened(messages(1, 5), { chat: chat({ lastSeq: 5, unread: 5 }) })
  const fake = await openedChat(answer, options)
  fake.view.setActive(true)
  return fake
}

test('what was on screen is read a second later, once, with the furthest row', async () => {
  const fake = await inFront()
  fake.view.reportVisible(2)
  fake.view.reportVisible(3)
  await fake.world.clock.advance(999)
  expect(reads(fake)).toEqual([])
  fake.view.reportVisible(1)
  await fake.world.clock.advance(1)
  expect(reads(fake)).toEqual([3])
  await fake.world.socket.last('markChatRead').ok({ lastReadSeq: 3, counts: counts(2) })
  expect(fake.view.getSnapshot().chat?.unread).toBe(2)
  fake.view.reportVisible(3)
  await pass(fake, 5_000)
  expect(reads(fake)).toEqual([3])
})

test('nothing is read in a window without focus, or in a chat that is not in front; coming back reads it', async () => {
  const fake = await inFront()
  await fake.attention.focus(false)
  fake.view.reportVisible(4)
  await pass(fake, 3_000)
  expect(reads(fake)).toEqual([])
  fake.view.setActive(false)
  await fake.attention.focus(true)
  await pass(fake, 3_000)
  expect(reads(fake)).toEqual([])
  fake.view.setActive(true)
  await pass(fake, 1_000)
  expect(reads(fake)).toEqual([4])
})

test('what was seen is told at once when the page is left', async () => {
  const fake = await inFront()
  fake.view.reportVisible(4)
  await fake.attention.focus(false)
  await fake.world.clock.advance(0)
  expect(reads(fake)).toEqual([4])
})

test('one question is under way at a time, and the last word is what was read furthest', async () => {
  const fake = await inFront()
  fake.view.reportVisible(2)
  await fake.world.clock.advance(1_000)
  fake.view.reportVisible(5)
  await fake.world.clock.advance(1_000)
  expect(reads(fake)).toEqual([2])
  await fake.world.socket.last('markChatRead').ok({ lastReadSeq: 2, counts: counts(3) })
  expect(reads(fake)).toEqual([2, 5])
})

test('a chat that was marked unread stays so until the user comes back to it', async () => {
  const fake = await inFront()
  fake.view.reportVisible(5)
  await fake.world.clock.advance(1_000)
  await fake.world.socket.last('markChatRead').ok({ lastReadSeq: 5, counts: counts(0) })
  void fake.chats.markUnread(CHAT, 4)
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markChatUnread').ok({ counts: counts(2) })
  const prefs = { notify: 'all', unreadFromSeq: 4 } as const
  await fake.world.socket.entries(entry(1, 'chat.prefsChanged', { chatId: CHAT, prefs }))
  expect(fake.view.getSnapshot()).toMatchObject({ firstUnreadSeq: 4, chat: { unread: 2 } })
  fake.view.reportVisible(5)
  await fake.world.socket.entries(told(6, message(6)))
  fake.view.reportVisible(6)
  await pass(fake, 3_000)
  expect(reads(fake)).toEqual([5])
  fake.view.setActive(false)
  fake.view.setActive(true)
  await pass(fake, 1_000)
  expect(reads(fake)).toEqual([5, 6])
})

test('it can be left to the app to say what was read', async () => {
  const fake = await inFront({ markRead: 'manual', privateReads: true })
  fake.view.reportVisible(5)
  await pass(fake, 3_000)
  expect(reads(fake)).toEqual([])
  void fake.view.markRead()
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('markChatRead').payload).toMatchObject({ chatId: CHAT, private: true })
  expect(reads(fake)).toEqual([undefined])
})

test('what is read on another device needs no report here', async () => {
  const fake = await inFront()
  await fake.world.socket.entries(entry(1, 'chat.read', { chatId: CHAT, lastReadSeq: 5 }))
  fake.view.reportVisible(5)
  await pass(fake, 3_000)
  expect(reads(fake)).toEqual([])
})

test('the chat in front of the user is told whenever that changes, and again on a new line', async () => {
  const fake = await inFront()
  expect(focuses(fake)).toEqual([{ chatId: CHAT, focused: true }])
  await fake.attention.focus(false)
  await fake.attention.focus(false)
  await fake.attention.focus(true)
  expect(focuses(fake).slice(1)).toEqual([
    { chatId: CHAT, focused: false },
    { chatId: CHAT, focused: true },
  ])
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  await fake.world.socket.welcome(page([], { cursor: chatCursor(5) }))
  expect(focuses(fake)).toEqual([{ chatId: CHAT, focused: true }])
  fake.view.close()
  expect(focuses(fake).at(-1)).toEqual({ chatId: null, focused: false })
})

test('the chat that was activated last is in front', async () => {
  const fake = await inFront()
  const other = fake.chats.open('c2')
  other.setActive(true)
  expect(focuses(fake).at(-1)).toEqual({ chatId: 'c2', focused: true })
  other.setActive(false)
  expect(focuses(fake).at(-1)).toEqual({ chatId: CHAT, focused: true })
})

test('without a touch for a minute nobody sits here, until the next one', async () => {
  const fake = await onlineChats()
  const idles = () => fake.world.socket.all('setIdle').map(({ payload }) => payload.idle)
  await pass(fake, 40_000)
  await fake.attention.touch()
  await pass(fake, 59_000)
  expect(idles()).toEqual([])
  await pass(fake, 1_000)
  expect(idles()).toEqual([true])
  await fake.world.socket.end()
  await fake.world.clock.advance(500)
  // A reconnect alone does not look like somebody who has come back.
  expect(fake.world.socket.request.auth).toMatchObject({ idle: true })
  await fake.world.socket.welcome(page([], { cursor: chatCursor(0) }))
  expect(idles()).toEqual([true])
  await fake.attention.touch()
  expect(idles()).toEqual([true, false])
})
