/** The client in Node against the server as it runs: what the fake server assumes is so. */
import { type BelfryClient, type ClientState, createClient } from '@belfry/client'
import {
  admin,
  type BelfryServer,
  createFaultProxy,
  eventually,
  type Person,
  register,
  send,
  startServer,
} from '@belfry/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

let server: BelfryServer
let sender: Person

beforeAll(async () => {
  server = await startServer()
  sender = await admin(server)
})
afterAll(() => server.close())

interface Tab {
  client: BelfryClient
  heard: string[]
}

async function tab(person: Person, url = server.url): Promise<Tab> {
  const client = server.own(createClient({ url, getToken: () => person.token }))
  const heard: string[] = []
  client.onItem(({ message }) => heard.push(message))
  client.connect()
  await reaches(client, ({ status }) => status === 'online')
  return { client, heard }
}

const reaches = (client: BelfryClient, fits: (state: ClientState) => boolean, timeoutMs = 10_000) =>
  eventually('the state', () => fits(client.getSnapshot()), timeoutMs)

const messages = ({ client }: Tab) => client.getSnapshot().items.map(({ message }) => message)
const unread = ({ client }: Tab) => client.getSnapshot().counts.unread
const notify = (person: Person, message: string) => send(sender, { audience: { user: person.id }, message })

test('every tab shows each notification once, and what one reads the other shows within a second', async () => {
  const ada = await register(server)
  const [first, second] = [await tab(ada), await tab(ada)]
  await notify(ada, 'one')
  await send(sender, { audience: { all: true }, message: 'two' })
  for (const one of [first, second]) {
    await reaches(one.client, ({ counts }) => counts.unread === 2)
    expect(messages(one)).toEqual(['two', 'one'])
    expect(one.heard).toEqual(['one', 'two'])
  }
  const [two] = first.client.getSnapshot().items
  await first.client.markRead(two?.id ?? '')
  await reaches(second.client, ({ items, counts }) => counts.unread === 1 && items[0]?.isRead === true, 1000)
  await second.client.markAllRead()
  await reaches(first.client, ({ counts }) => counts.unread === 0, 1000)
})

test('every change reaches the server, the other tab and the numbers, and can be undone', async () => {
  const ada = await register(server)
  const [first, second] = [await tab(ada), await tab(ada)]
  const { id } = await notify(ada, 'one')
  await reaches(first.client, ({ counts }) => counts.unread === 1)
  const both = async (fits: (state: ClientState) => boolean) => {
    for (const { client } of [first, second]) await reaches(client, fits)
  }
  await first.client.remove(id)
  await both(({ items, counts }) => items.length === 0 && counts.total === 0)
  await first.client.restore(id)
  await both(({ items, counts }) => items.length === 1 && counts.unread === 1)
  await first.client.archive(id)
  await both(({ items, counts }) => items.length === 0 && counts.unread === 0)
  await first.client.unarchive(id)
  await both(({ items }) => items[0]?.isRead === true)
  await first.client.markUnread(id)
  await both(({ items, counts }) => items[0]?.status === 'seen' && counts.unread === 1)
  await first.client.markRead(id)
  await both(({ counts }) => counts.unread === 0)
})

test('what came while it was away is caught up with, told once, and in order', async () => {
  const ada = await register(server)
  const away = await tab(ada)
  await notify(ada, '0')
  await reaches(away.client, ({ counts }) => counts.unread === 1)
  away.client.disconnect()
  for (let n = 1; n <= 30; n += 1) await notify(ada, `${n}`)
  away.client.connect()
  await reaches(away.client, ({ counts }) => counts.unread === 31)
  expect(away.heard).toEqual(Array.from({ length: 31 }, (_, n) => `${n}`))
  expect(messages(away)).toEqual(away.heard.toReversed())
})

test('a role or room that is given on an open line is heard at once', async () => {
  const ada = await register(server)
  const open = await tab(ada)
  const room = `room-${ada.id.slice(0, 8)}`
  await sender.http.post('/api/rooms', { id: room })
  await sender.http.request('PUT', `/api/rooms/${room}/members/${ada.id}`)
  await send(sender, { audience: { room }, message: 'welcome' })
  await reaches(open.client, ({ counts }) => counts.unread === 1)
  await sender.http.request('DELETE', `/api/rooms/${room}/members/${ada.id}`)
  await send(sender, { audience: { room }, message: 'not for her' })
  await notify(ada, 'for her')
  await reaches(open.client, ({ counts }) => counts.unread === 2)
  expect(open.heard).toEqual(['welcome', 'for her'])
})

test('older pages are loaded below, each item once, while new ones arrive on top', async () => {
  const ada = await register(server)
  for (let n = 1; n <= 120; n += 1) await notify(ada, `${n}`)
  const reader = await tab(ada)
  expect(reader.client.getSnapshot()).toMatchObject({ counts: { unread: 120 } })
  const list = reader.client.list()
  const page = list.fetchMore()
  await notify(ada, '121')
  await page
  while (list.getSnapshot().hasMore) await list.fetchMore()
  await reaches(reader.client, ({ counts }) => counts.unread === 121)
  expect(list.getSnapshot().items.map(({ message }) => message)).toEqual(
    Array.from({ length: 121 }, (_, n) => `${121 - n}`),
  )
  expect(reader.heard).toEqual(['121'])
})

test('a killed server is come back to, and a change made meanwhile is done once', async () => {
  const ada = await register(server)
  const open = await tab(ada)
  const { id } = await notify(ada, 'one')
  await reaches(open.client, ({ counts }) => counts.unread === 1)
  await server.stop('SIGKILL')
  await reaches(open.client, ({ status }) => status === 'reconnecting')
  const change = open.client.markRead(id)
  expect(unread(open)).toBe(0)
  await server.start()
  open.client.retryNow()
  await change
  await reaches(open.client, ({ status, counts }) => status === 'online' && counts.unread === 0)
  expect(open.heard).toEqual(['one'])
}, 40_000)

test('a line that is cut between any two packets loses and repeats nothing', async () => {
  const ada = await register(server)
  const proxy = server.own(await createFaultProxy(server))
  const open = await tab(ada, proxy.url)
  proxy.cutAtEachPacket()
  proxy.reset()
  for (let n = 1; n <= 40; n += 1) {
    await notify(ada, `${n}`)
    // Without the wait, so that many lines are cut at many places.
    open.client.retryNow()
  }
  expect(proxy.accepted).toBeGreaterThan(5)
  proxy.heal()
  open.client.retryNow()
  await reaches(open.client, ({ counts, items }) => counts.unread === 40 && items.length === 40, 20_000)
  expect(open.heard).toEqual(Array.from({ length: 40 }, (_, n) => `${n + 1}`))
}, 30_000)

test('with long polling alone everything arrives, and the line says that it is degraded', async () => {
  const ada = await register(server)
  const client = server.own(
    createClient({ url: server.url, getToken: () => ada.token, transports: ['polling'] }),
  )
  client.connect()
  await reaches(client, ({ status, transport }) => status === 'degraded' && transport === 'polling')
  await notify(ada, 'one')
  await reaches(client, ({ counts }) => counts.unread === 1)
})

test('a line that began with polling becomes WebSocket, and is online', async () => {
  const ada = await register(server)
  const transports = ['polling', 'websocket'] as const
  const client = server.own(createClient({ url: server.url, getToken: () => ada.token, transports }))
  client.connect()
  await reaches(client, ({ status, transport }) => status === 'online' && transport === 'websocket')
})

test('a token that does not hold is not tried for ever', async () => {
  const client = server.own(createClient({ url: server.url, getToken: () => 'no.such.token' }))
  client.connect()
  await reaches(client, ({ status }) => status === 'unauthorized')
  await expect(client.markRead('x')).rejects.toMatchObject({ code: 'unauthorized' })
})
