/** Chats of the client in Node against the server as it runs: what the fake server assumes is so. */
import { type BelfryClient, createClient } from '@belfry/client'
import { type Chats, type ChatView, createChats } from '@belfry/client/chat'
import type { NoticeFrame } from '@belfry/protocol'
import {
  type BelfryServer,
  createFaultProxy,
  delay,
  eventually,
  type Person,
  register,
  startServer,
} from '@belfry/testkit'
import { FakeAttention } from '@belfry/testkit/client'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: BelfryServer
beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(() => server.close())

interface Tab {
  person: Person
  client: BelfryClient
  chats: Chats
  attention: FakeAttention
  notices: NoticeFrame[]
}

async function tab(person: Person, url = server.url): Promise<Tab> {
  const client = server.own(createClient({ url, getToken: () => person.token }))
  const attention = new FakeAttention()
  const chats = createChats(client, { attention })
  const notices: NoticeFrame[] = []
  chats.onNotice((notice) => notices.push(notice))
  client.connect()
  await eventually('the line', () => client.getSnapshot().status === 'online', 10_000)
  return { person, client, chats, attention, notices }
}

interface Pair {
  ann: Tab
  bob: Tab
  chatId: string
}

async function pair(annUrl?: string): Promise<Pair> {
  const [ann, bob] = [await tab(await register(server), annUrl), await tab(await register(server))]
  const { id: chatId } = await ann.chats.create({ memberIds: [bob.person.id] })
  return { ann, bob, chatId }
}

const texts = (view: ChatView) => view.getSnapshot().messages.map(({ content }) => content)
const statuses = (view: ChatView) => view.getSnapshot().messages.map(({ status }) => status)
const shows = (view: ChatView, ...wanted: string[]) =>
  eventually('the messages', () => texts(view).join() === wanted.join(), 5_000)
const ready = (view: ChatView) =>
  eventually('the chat', () => !view.getSnapshot().isLoading && !view.getSnapshot().isStale, 5_000)

test('two people talk: rows, lists, numbers and notices follow, and ticks pass sent, delivered and read', async () => {
  const { ann, bob, chatId } = await pair()
  const [annView, bobList] = [ann.chats.open(chatId), bob.chats.list()]
  await ready(annView)
  await annView.send({ content: 'hello' })
  await eventually('the tick', () => statuses(annView).at(-1) === 'delivered', 5_000)
  await eventually('the number', () => bobList.getSnapshot().items[0]?.unread === 1, 5_000)
  expect(bobList.getSnapshot()).toMatchObject({ total: { unread: 1, chats: 1 }, items: [{ id: chatId }] })
  await eventually('the notice', () => bob.notices.length === 1, 5_000)
  expect(bob.notices[0]).toMatchObject({ chatId, preview: 'hello', unread: { chat: 1 } })
  await annView.send({ content: 'you!', mentions: [bob.person.id] })
  await eventually('the mention', () => bobList.getSnapshot().items[0]?.unreadMentions === 1, 5_000)

  const bobView = bob.chats.open(chatId)
  await ready(bobView)
  expect(bobView.getSnapshot().firstUnreadSeq).toBe(1)
  bobView.setActive(true)
  bobView.reportVisible(2)
  await eventually('the tick', () => statuses(annView).at(-1) === 'read', 5_000)
  await eventually('the number', () => bobList.getSnapshot().total.unread === 0, 5_000)
  await annView.send({ content: 'are you there?' })
  await shows(bobView, 'hello', 'you!', 'are you there?')
  await delay(300)
  // The chat is in front of him.
  expect(bob.notices).toHaveLength(2)
  expect(ann.notices).toEqual([])
})

test('edits, reactions and deletions show on both sides', async () => {
  const { ann, bob, chatId } = await pair()
  const [annView, bobView] = [ann.chats.open(chatId), bob.chats.open(chatId)]
  await Promise.all([ready(annView), ready(bobView)])
  const { message } = await annView.send({ content: 'helo' })
  await shows(bobView, 'helo')
  await annView.edit(message.id, 'hello')
  await shows(bobView, 'hello')
  await bobView.react(message.id, '👍', true)
  const reactions = (view: ChatView) => view.getSnapshot().messages[0]?.reactions
  await eventually('the reaction', () => reactions(annView)?.length === 1, 5_000)
  expect(reactions(annView)).toEqual([{ emoji: '👍', count: 1, userIds: [bob.person.id], mine: false }])
  expect(reactions(bobView)?.[0]?.mine).toBe(true)
  await bobView.react(message.id, '👍', false)
  await eventually('its end', () => reactions(annView)?.length === 0, 5_000)
  await annView.pin(message.id, true)
  await eventually('the pin', () => bobView.getSnapshot().chat?.pins.length === 1, 5_000)
  await annView.remove(message.id)
  await eventually('the deletion', () => bobView.getSnapshot().messages[0]?.deletedAt !== undefined, 5_000)
  expect(texts(bobView)).toEqual([''])
  await expect(bobView.edit(message.id, 'mine now')).rejects.toMatchObject({ code: expect.any(String) })
})

test('typing and presence show to the other one', async () => {
  const { ann, bob, chatId } = await pair()
  const [annView, bobView] = [ann.chats.open(chatId), bob.chats.open(chatId)]
  const people = ann.chats.presence([bob.person.id])
  await Promise.all([ready(annView), ready(bobView)])
  await eventually('bob', () => people.getSnapshot().get(bob.person.id)?.status === 'online', 5_000)
  bobView.typing.onKeystroke()
  const typists = () => annView.typing.getSnapshot().map(({ userId }) => userId)
  await eventually('the typing', () => typists().includes(bob.person.id), 5_000)
  await bobView.send({ content: 'here' })
  await eventually('its end', () => typists().length === 0, 5_000)
  await bob.chats.me.set('dnd', { text: 'In a meeting' })
  await eventually('the status', () => people.getSnapshot().get(bob.person.id)?.status === 'dnd', 5_000)
  expect(people.getSnapshot().get(bob.person.id)?.text).toBe('In a meeting')
})

test('a long chat is opened at its first unread message, and read in both directions', async () => {
  const { ann, bob, chatId } = await pair()
  const annView = ann.chats.open(chatId)
  await ready(annView)
  for (let n = 1; n <= 100; n += 1) await annView.send({ content: `${n}` })
  await bob.client.command('markChatRead', { chatId, upToSeq: 20 })
  const view = bob.chats.open(chatId)
  await ready(view)
  expect(view.getSnapshot()).toMatchObject({ firstUnreadSeq: 21, hasOlder: true, hasNewer: true })
  while (view.getSnapshot().hasNewer) await view.loadNewer()
  while (view.getSnapshot().hasOlder) await view.loadOlder()
  expect(texts(view)).toEqual(Array.from({ length: 100 }, (_, n) => `${n + 1}`))
  expect(await view.jumpTo(50)).toBe(50)
})

test('a group: members come and go, and who has left reads what was said before', async () => {
  const { ann, bob } = await pair()
  const cyd = await tab(await register(server))
  const { id } = await ann.chats.create({ memberIds: [bob.person.id], type: 'group', title: 'Team' })
  const [annView, cydList] = [ann.chats.open(id), cyd.chats.list()]
  await ready(annView)
  await annView.send({ content: 'before' })
  await ann.chats.addMembers(id, [cyd.person.id])
  await eventually('the list', () => cydList.getSnapshot().items[0]?.title === 'Team', 5_000)
  const cydView = cyd.chats.open(id)
  await ready(cydView)
  expect(texts(cydView)).toEqual([])
  await annView.send({ content: 'welcome' })
  await shows(cydView, 'welcome')
  await cyd.chats.leave(id)
  await eventually('the list', () => cydList.getSnapshot().items.length === 0, 5_000)
  await annView.send({ content: 'after' })
  await eventually('the end', () => cydView.can('postMessage').isAllowed === false, 5_000)
  await ready(cydView)
  expect(texts(cydView)).toEqual(['welcome'])
  expect(annView.getSnapshot().members.map(({ userId }) => userId)).toEqual([ann.person.id, bob.person.id])
})

test('a chat can be marked unread, muted and hidden, on every device of the user', async () => {
  const { ann, bob, chatId } = await pair()
  const other = await tab(bob.person)
  const [list, otherList] = [bob.chats.list(), other.chats.list()]
  const annView = ann.chats.open(chatId)
  await ready(annView)
  await annView.send({ content: 'one' })
  await bob.client.command('markChatRead', { chatId })
  await eventually('the number', () => otherList.getSnapshot().items[0]?.unread === 0, 5_000)
  await bob.chats.markUnread(chatId, 1)
  await eventually('the number', () => otherList.getSnapshot().items[0]?.unread === 1, 5_000)
  await bob.chats.setPrefs(chatId, { mutedUntil: 'forever' })
  await eventually('the total', () => otherList.getSnapshot().total.unread === 0, 5_000)
  expect(otherList.getSnapshot().items[0]).toMatchObject({ unread: 1, prefs: { mutedUntil: 'forever' } })
  await bob.chats.setPrefs(chatId, { hidden: true })
  await eventually('the lists', () => otherList.getSnapshot().items.length === 0, 5_000)
  await annView.send({ content: 'two' })
  for (const one of [list, otherList])
    await eventually('the chat', () => one.getSnapshot().items.length === 1, 5_000)
})

test('who is blocked can no longer write, and is told why', async () => {
  const { ann, bob, chatId } = await pair()
  const annView = ann.chats.open(chatId)
  await ready(annView)
  await bob.chats.block(ann.person.id)
  expect([...bob.chats.getSnapshot().blockedUserIds]).toEqual([ann.person.id])
  const refused = annView.send({ content: 'hello?' })
  await expect(refused).rejects.toMatchObject({ code: 'blocked' })
  expect(annView.getSnapshot().messages).toMatchObject([{ content: 'hello?', status: 'failed' }])
  await eventually('the reason', () => annView.can('postMessage').reason !== undefined, 5_000)
})

test('a file is sent, and its address serves it', async () => {
  const { ann, bob, chatId } = await pair()
  const view = ann.chats.open(chatId)
  await ready(view)
  const progress: number[] = []
  const file = new File(['some words'], 'notes.txt', { type: 'text/plain' })
  const media = await ann.chats.upload(file, { onProgress: (ratio) => progress.push(ratio) })
  expect(media).toMatchObject({ name: 'notes.txt', kind: 'file', size: 10 })
  expect(progress.at(-1)).toBe(1)
  await view.send({ media: [media] })
  const { url } = await bob.chats.link(media.id)
  expect(await (await fetch(url)).text()).toBe('some words')
  const empty = ann.chats.upload(new File([], 'empty.txt', { type: 'text/plain' }))
  await expect(empty).rejects.toMatchObject({ code: 'media_rejected' })
})

test('messages written while the server is down are sent once it is back, in order and once each', async () => {
  const { ann, bob, chatId } = await pair()
  const view = ann.chats.open(chatId)
  await ready(view)
  await server.stop('SIGKILL')
  await eventually('the outage', () => ann.client.getSnapshot().status === 'reconnecting', 5_000)
  const sent = ['one', 'two', 'three'].map((content) => view.send({ content }))
  expect(statuses(view)).toEqual(['queued', 'queued', 'queued'])
  await server.start()
  for (const { client } of [ann, bob]) client.retryNow()
  await Promise.all(sent)
  const bobView = bob.chats.open(chatId)
  await shows(bobView, 'one', 'two', 'three')
  await shows(view, 'one', 'two', 'three')
}, 60_000)

test('over a line that is cut at any packet, every message is there once and in order on both sides', async () => {
  const proxy = server.own(await createFaultProxy(server))
  const { ann, bob, chatId } = await pair(proxy.url)
  const [annView, bobView] = [ann.chats.open(chatId), bob.chats.open(chatId)]
  await Promise.all([ready(annView), ready(bobView)])
  proxy.cutAtEachPacket()
  proxy.reset()
  const sent: Promise<unknown>[] = []
  for (let n = 1; n <= 40; n += 1) {
    sent.push((n % 2 === 0 ? annView : bobView).send({ content: `${n}` }))
    ann.client.retryNow()
    await delay(20)
  }
  proxy.heal()
  ann.client.retryNow()
  await Promise.all(sent)
  await eventually('all', () => texts(bobView).length === 40 && texts(annView).length === 40, 20_000)
  expect(texts(annView)).toEqual(texts(bobView))
  const own = (parity: number) => texts(annView).filter((text) => Number(text) % 2 === parity)
  const inOrder = (parity: number) => Array.from({ length: 20 }, (_, n) => `${2 * n + 2 - parity}`)
  expect([own(0), own(1)]).toEqual([inOrder(0), inOrder(1)])
}, 60_000)
