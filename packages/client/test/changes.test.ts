import { commandNames, commands } from '@belfry/protocol'
import {
  counts,
  created,
  cursor,
  entry,
  type Fake,
  idOf,
  item,
  items,
  online,
  page,
  read,
  snapshot,
} from '@belfry/testkit/client'
import { expect, test } from 'vitest'

const readStates = ({ client }: Fake) => client.getSnapshot().items.map(({ isRead }) => isRead)
const unread = ({ client }: Fake) => client.getSnapshot().counts.unread

test('a change shows at once, is confirmed by its entry, and the badge never jumps', async () => {
  const fake = await online(snapshot(items(2, 1)))
  const badges = new Set<number>()
  const done = fake.client.markRead(idOf(2))
  fake.client.subscribe(() => badges.add(unread(fake)))
  expect(readStates(fake)).toEqual([true, false])
  expect(unread(fake)).toBe(1)
  await fake.world.clock.advance(0)
  const asked = fake.world.socket.last('markRead')
  expect(asked.payload).toMatchObject({ ids: [idOf(2)] })
  await fake.world.socket.entries(read(3, 2))
  await asked.ok({})
  await fake.world.socket.send('counts', counts(1, 3))
  await done
  expect(badges).toEqual(new Set([1]))
  await fake.world.socket.send('counts', counts(0, 4))
  await fake.world.socket.entries(read(4, 1))
  expect(unread(fake)).toBe(0)
})

test('the answer may come before the entry', async () => {
  const fake = await online(snapshot(items(1)))
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markRead').ok({})
  expect(readStates(fake)).toEqual([true])
  expect(unread(fake)).toBe(0)
  await fake.world.socket.entries(read(2, 1))
  await fake.world.socket.send('counts', counts(0, 2))
  expect(unread(fake)).toBe(0)
})

test('a refused change is taken back, and says why', async () => {
  const fake = await online(snapshot(items(2, 1)))
  const done = fake.client.markRead(idOf(2))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markRead').refuse('not_found')
  await expect(done).rejects.toMatchObject({ code: 'not_found' })
  expect(readStates(fake)).toEqual([false, false])
  expect(fake.client.getSnapshot()).toMatchObject({ counts: { unread: 2 }, error: { code: 'not_found' } })
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markRead').ok({})
  expect(fake.client.getSnapshot().error).toBeUndefined()
})

test('a change that changed nothing leaves no trace once nothing is missing', async () => {
  const fake = await online(snapshot(items(1), { counts: counts(0, 1) }))
  // Read elsewhere; the entry is the very last one, and was lost.
  void fake.client.markUnread(idOf(9))
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markUnread').ok({})
  await fake.world.socket.last('markRead').ok({})
  await fake.world.clock.advance(1000)
  await fake.world.socket.last('ack').ok({ behind: false })
  expect(readStates(fake)).toEqual([false])
})

test('a change that was answered stays in view until a check that was asked after it', async () => {
  const fake = await online(snapshot(items(1)))
  await fake.world.clock.advance(1000)
  const early = fake.world.socket.last('ack')
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markRead').ok({})
  await early.ok({ behind: false })
  expect(readStates(fake)).toEqual([true])
})

test('after four tries without an answer it is not confirmed, which is not failed', async () => {
  const fake = await online(snapshot(items(1)))
  const done = fake.client.markRead(idOf(1))
  for (let second = 0; second < 60; second += 1) {
    await fake.world.clock.advance(1000)
    for (const check of fake.world.socket.all('ack')) await check.ok({ behind: false })
  }
  const tries = fake.world.socket.all('markRead')
  expect(new Set(tries.map(({ payload }) => payload.idempotencyKey)).size).toBe(1)
  expect(tries.slice(1).map(({ at }, index) => at - (tries[index]?.at ?? 0))).toEqual([
    11_000, 13_000, 20_000,
  ])
  await expect(done).rejects.toMatchObject({ code: 'not_confirmed' })
  expect(readStates(fake)).toEqual([false])
})

test('what the connection interrupted is sent again on the next one, after catching up', async () => {
  const fake = await online(snapshot(items(1)))
  const done = fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  const first = fake.world.socket.last('markRead')
  await fake.world.socket.end()
  expect(readStates(fake)).toEqual([true])
  await fake.world.clock.advance(500)
  await fake.world.socket.accept()
  expect(fake.world.socket.all('markRead')).toEqual([])
  await fake.world.socket.send('sync', page([read(2, 1)], { counts: counts(0, 2) }))
  const again = fake.world.socket.last('markRead')
  expect(again.payload).toEqual(first.payload)
  await again.ok({})
  await done
  expect(unread(fake)).toBe(0)
})

test('a change made offline shows, and is sent when the line is back', async () => {
  const fake = await online(snapshot(items(1)))
  fake.client.disconnect()
  const done = fake.client.markRead(idOf(1))
  expect(readStates(fake)).toEqual([true])
  await fake.world.clock.advance(120_000)
  fake.client.connect()
  await fake.world.clock.advance(0)
  await fake.world.socket.welcome(page([], { cursor: cursor(1), counts: counts(1, 1) }))
  await fake.world.socket.last('markRead').ok({})
  await done
})

test('the server’s wait is kept, and a refusal for good is not repeated', async () => {
  const fake = await online(snapshot(items(2, 1)))
  void fake.client.markRead(idOf(1))
  await fake.world.clock.advance(0)
  await fake.world.socket.last('markRead').refuse('rate_limited', { retryAfterMs: 4000 })
  await fake.world.clock.advance(3999)
  expect(fake.world.socket.all('markRead')).toHaveLength(1)
  await fake.world.clock.advance(1)
  expect(fake.world.socket.all('markRead')).toHaveLength(2)
  await fake.world.socket.last('markRead').refuse('forbidden')
  await fake.world.clock.advance(5000)
  expect(fake.world.socket.all('markRead')).toHaveLength(2)
})

test('changes leave in the order made, each after the answer to the one before', async () => {
  const fake = await online(snapshot(items(1)))
  void fake.client.markRead(idOf(1))
  void fake.client.markUnread(idOf(1))
  await fake.world.clock.advance(0)
  expect(fake.world.socket.all('markUnread')).toEqual([])
  await fake.world.socket.last('markRead').ok({})
  expect(fake.world.socket.all('markUnread')).toHaveLength(1)
  expect(readStates(fake)).toEqual([false])
})

test('mark all names the newest item shown; what arrives meanwhile stays unread', async () => {
  const fake = await online(snapshot(items(2, 1), { counts: counts(70, 2) }))
  void fake.client.markAllRead()
  await fake.world.clock.advance(0)
  expect(unread(fake)).toBe(0)
  expect(fake.world.socket.last('markAllRead').payload).toMatchObject({ upTo: idOf(2) })
  await fake.world.socket.send('entries', { entries: [created(3)], counts: counts(71, 3) })
  expect(readStates(fake)).toEqual([false, true, true])
  expect(unread(fake)).toBe(1)
  await fake.world.socket.entries(entry(4, 'inbox.read', { upTo: idOf(2), at: item(1).createdAt }))
  await fake.world.socket.last('markAllRead').ok({})
  await fake.world.socket.send('counts', counts(1, 4))
  expect(readStates(fake)).toEqual([false, true, true])
  expect(unread(fake)).toBe(1)
})

test('a deleted item goes at once and comes back to its place, also before the server has answered', async () => {
  const fake = await online(snapshot(items(3, 2, 1)))
  void fake.client.remove(idOf(2))
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(3), idOf(1)])
  expect(unread(fake)).toBe(2)
  void fake.client.restore(idOf(2))
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([3, 2, 1].map(idOf))
  expect(unread(fake)).toBe(3)
})

test('a deleted item comes back after its entry, too', async () => {
  const fake = await online(snapshot(items(2, 1)))
  void fake.client.remove(idOf(2))
  await fake.world.clock.advance(0)
  await fake.world.socket.entries(entry(3, 'item.deleted', { ids: [idOf(2)], at: '' }))
  await fake.world.socket.last('deleteNotifications').ok({})
  await fake.world.socket.send('counts', counts(1, 3))
  void fake.client.restore(idOf(2))
  expect(fake.client.getSnapshot().items.map(({ id }) => id)).toEqual([idOf(2), idOf(1)])
  expect(unread(fake)).toBe(2)
})

test('more than 100 ids go out in several commands', async () => {
  const many = Array.from({ length: 250 }, (_, index) => idOf(250 - index))
  const fake = await online(snapshot(many.map((_, index) => item(250 - index))))
  const done = fake.client.markRead(many)
  for (let part = 0; part < 3; part += 1) {
    await fake.world.clock.advance(0)
    await fake.world.socket.last('markRead').ok({})
  }
  await done
  expect(fake.world.socket.all('markRead').map(({ payload }) => (payload.ids as string[]).length)).toEqual([
    100, 100, 50,
  ])
})

test('older items are loaded page by page, once at a time, and counted by nobody', async () => {
  const fake = await online(snapshot(items(6, 5), { nextCursor: 'c1' }))
  const list = fake.client.list()
  expect(list.getSnapshot().hasMore).toBe(true)
  const done = [list.fetchMore(), list.fetchMore()]
  expect(list.getSnapshot().isFetchingMore).toBe(true)
  await fake.world.clock.advance(0)
  expect(fake.world.socket.all('listNotifications').map(({ payload }) => payload)).toEqual([
    { limit: 50, cursor: 'c1' },
  ])
  await fake.world.socket.last('listNotifications').ok({ notifications: items(4, 3), nextCursor: null })
  await Promise.all(done)
  expect(list.getSnapshot()).toMatchObject({ hasMore: false, isFetchingMore: false })
  expect(list.getSnapshot().items).toHaveLength(4)
  expect(fake.client.getSnapshot()).toMatchObject({ counts: { unread: 2 }, items: { length: 2 } })
  expect(fake.heard).toEqual([])
  await list.fetchMore()
  expect(fake.world.socket.all('listNotifications')).toHaveLength(1)
})

test('after its far end was dropped a list is walked again from the top', async () => {
  const fake = await online(snapshot(items(1)))
  await fake.world.socket.entries(...Array.from({ length: 1005 }, (_, index) => created(index + 2)))
  expect(fake.client.getSnapshot().items).toHaveLength(1000)
  const list = fake.client.list()
  const done = list.fetchMore()
  await fake.world.clock.advance(0)
  expect(fake.world.socket.last('listNotifications').payload).toEqual({ limit: 50 })
  await fake.world.socket.last('listNotifications').ok({ notifications: items(1006, 1005), nextCursor: 'c1' })
  expect(fake.world.socket.last('listNotifications').payload).toEqual({ limit: 50, cursor: 'c1' })
  await fake.world.socket.last('listNotifications').ok({ notifications: items(6, 5), nextCursor: null })
  await done
  expect(list.getSnapshot().items).toHaveLength(1002)
})

test('close rejects what waits, what is queued behind it and what is on its way', async () => {
  const offline = await online(snapshot(items(1)))
  offline.client.disconnect()
  const waiting = [offline.client.markRead(idOf(1)), offline.client.markUnread(idOf(1))]
  offline.client.close()
  const sent = await online(snapshot(items(1)))
  waiting.push(sent.client.markRead(idOf(1)), sent.client.markUnread(idOf(1)))
  await sent.world.clock.advance(0)
  sent.client.close()
  for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'closed' })
  expect(readStates(sent)).toEqual([false])
})

test('a key goes with every command that takes one, and with no other', async () => {
  const fake = await online()
  for (const name of commandNames.filter((name) => commands[name].socket)) {
    // Only its name matters here: nobody parses the input.
    fake.client.command(name, {} as never).catch(() => undefined)
    await fake.world.clock.advance(0)
    // A schema that knows the field complains of the number; the others complain of the field.
    const { issues = [] } = commands[name].input.safeParse({ idempotencyKey: 7 }).error ?? {}
    const takesKey = issues.some(({ path }) => path[0] === 'idempotencyKey')
    expect([name, 'idempotencyKey' in fake.world.socket.last(name).payload]).toEqual([name, takesKey])
  }
})
