/** Filtered lists in Node against the server as it runs: at rest each is what the server finds. */
import { createClient, type ItemFilter, type ItemListView } from '@belfry/client'
import { admin, type BelfryServer, eventually, type Person, register, startServer } from '@belfry/testkit'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

let server: BelfryServer
let sender: Person

beforeAll(async () => {
  server = await startServer()
  sender = await admin(server)
})
afterAll(() => server.close())

interface Sent {
  message: string
  category?: string
  priority?: 'low' | 'urgent'
}

/** At most 100, oldest first. Answers their ids. */
async function fill(person: Person, some: readonly Sent[]): Promise<string[]> {
  const notifications = some.map((one) => ({ audience: { user: person.id }, ...one }))
  const { body } = await sender.http.post('/api/notifications/bulk', { notifications })
  return (body as { notifications: { id: string }[] }).notifications.map(({ id }) => id)
}

function open(person: Person, filter: ItemFilter, pageSize?: number) {
  const client = server.own(createClient({ url: server.url, getToken: () => person.token }))
  const list = client.list(filter, { pageSize })
  onTestFinished(() => list.close())
  client.connect()
  return { client, list }
}

const messages = (list: ItemListView) => list.getSnapshot().items.map(({ message }) => message)
const ready = (list: ItemListView) => eventually('the list', () => list.getSnapshot().isReady)
const shows = (list: ItemListView, expected: readonly string[]) =>
  eventually(`the list to be ${expected}`, () => `${messages(list)}` === `${expected}`, 10_000)
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `${from + n}`)

describe('a filtered list', () => {
  test('reaches items that the inbox has not loaded, page by page', async () => {
    const ada = await register(server)
    await fill(
      ada,
      numbers(0, 100).map((message) => ({ message, category: 'old' })),
    )
    await fill(
      ada,
      numbers(100, 200).map((message) => ({ message, category: 'new' })),
    )
    const { list } = open(ada, { category: 'old' })
    await ready(list)
    expect(messages(list)).toEqual(numbers(50, 100).toReversed())
    await list.fetchMore()
    expect(messages(list)).toEqual(numbers(0, 100).toReversed())
    expect(list.getSnapshot().hasMore).toBe(false)
  })

  test('has as many items as its pages are long, of the inbox too', async () => {
    const ada = await register(server)
    await fill(
      ada,
      numbers(0, 80).map((message) => ({ message })),
    )
    const { client, list: unread } = open(ada, { unread: true }, 7)
    const whole = client.list({}, { pageSize: 20 })
    await ready(unread)
    expect(messages(unread)).toEqual(numbers(73, 80).toReversed())
    await unread.fetchMore()
    expect(messages(unread)).toEqual(numbers(66, 80).toReversed())
    expect(messages(whole)).toEqual(numbers(60, 80).toReversed())
    // The inbox has loaded more than it shows.
    const asked: string[] = []
    client.onFrame(({ event }) => asked.push(event))
    await whole.fetchMore()
    await whole.fetchMore()
    expect(messages(whole)).toEqual(numbers(30, 80).toReversed())
    expect(asked).toEqual([])
    await fill(ada, [{ message: 'new' }])
    await eventually('the new one', () => messages(whole)[0] === 'new')
    await whole.fetchMore()
    expect(messages(whole)).toEqual(['new', ...numbers(10, 80).toReversed()])
    await whole.fetchMore()
    expect(messages(whole)).toEqual(['new', ...numbers(0, 80).toReversed()])
    expect(whole.getSnapshot().hasMore).toBe(false)
  })

  test('takes in what arrives and fits, and nothing else', async () => {
    const ada = await register(server)
    const { list } = open(ada, { category: 'order' })
    await ready(list)
    await fill(ada, [
      { message: 'a', category: 'order' },
      { message: 'b', category: 'task' },
    ])
    await fill(ada, [{ message: 'c', category: 'order' }])
    await shows(list, ['c', 'a'])
  })

  test('of unread ones loses what is read at once, and gets it back where it was', async () => {
    const ada = await register(server)
    const ids = await fill(
      ada,
      numbers(0, 80).map((message) => ({ message })),
    )
    const { client, list } = open(ada, { unread: true })
    await ready(list)
    await list.fetchMore()
    // Not loaded in the inbox itself, which begins with 50.
    const done = client.markRead(ids[3] ?? '')
    expect(messages(list)).not.toContain('3')
    await done
    await client.markUnread(ids[3] ?? '')
    await shows(list, numbers(0, 80).toReversed())
  })

  test('of archived ones follows the archive both ways', async () => {
    const ada = await register(server)
    const [one = '', two = ''] = await fill(ada, [{ message: 'one' }, { message: 'two' }])
    const { client, list } = open(ada, { archived: true })
    await ready(list)
    expect(messages(list)).toEqual([])
    await client.archive([one, two])
    await shows(list, ['two', 'one'])
    await client.unarchive(one)
    await shows(list, ['two'])
  })

  test('of a search is what the server finds, and no new one that it was not asked about', async () => {
    const ada = await register(server)
    await fill(ada, [{ message: 'red apple' }, { message: 'green pear' }, { message: 'red pear' }])
    const { list } = open(ada, { search: 'pear' })
    await ready(list)
    expect(messages(list)).toEqual(['red pear', 'green pear'])
    await fill(ada, [{ message: 'plum' }])
    const { list: other } = open(ada, { unread: true })
    await shows(other, ['plum', 'red pear', 'green pear', 'red apple'])
    expect(messages(list)).toEqual(['red pear', 'green pear'])
  })
})

test('after a hundred changes from another tab each list is what the server finds', async () => {
  const ada = await register(server)
  const ids = await fill(
    ada,
    numbers(0, 100).map((message, n) => ({
      message,
      category: n % 3 ? 'odd' : 'even',
      priority: n % 5 ? 'low' : 'urgent',
    })),
  )
  const filters: ItemFilter[] = [
    { unread: true },
    { archived: true },
    { category: 'even' },
    { priority: 'urgent', unread: true },
  ]
  const { client } = open(ada, {})
  const lists = filters.map((filter) => client.list(filter))
  for (const list of lists) await ready(list)
  const verbs = ['read', 'unread', 'archive', 'unarchive', 'delete', 'restore']
  for (let n = 0; n < 100; n += 1) {
    await ada.http.post(`/api/notifications/${verbs[(n * 7) % verbs.length]}`, { id: ids[(n * 37) % 100] })
  }
  for (const [n, list] of lists.entries()) {
    const { items } = list.getSnapshot()
    const query = Object.entries({ ...filters[n], limit: 100 }).map(([key, value]) => `${key}=${value}`)
    const { body } = await ada.http.get(`/api/notifications?${query.join('&')}`)
    const all = (body as { notifications: { message: string }[] }).notifications.map(({ message }) => message)
    expect(items.length, 'a list that shows nothing proves nothing').toBeGreaterThan(0)
    await eventually(
      JSON.stringify(filters[n]),
      () =>
        `${messages(list)}` === `${all.slice(0, list.getSnapshot().items.length)}` &&
        list.getSnapshot().items.length >= Math.min(all.length, 40),
      10_000,
    )
    list.close()
  }
})
