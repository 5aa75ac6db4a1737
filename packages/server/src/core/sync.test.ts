import type { Cursor, Entry, Item } from '@belfry/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../store/store.ts'
import { makeSqlitePlace, type Place, testFeatures } from '../test/place.ts'
import type { Actor } from './actor.ts'
import { missingSpans, type SyncAnswer } from './sync.ts'

const system: Actor = { kind: 'system' }
let place: Place
let store: Store
/** The reader of the test, and the room it is in. */
let user = ''
let room = ''
let tests = 0

beforeAll(async () => {
  place = await makeSqlitePlace({ isVolatile: true })
  store = await place.open({ features: testFeatures })
})
afterAll(async () => {
  await store.close()
  await place.remove()
})
beforeEach(async () => {
  tests += 1
  user = `u${tests}`
  room = `r${tests}`
  await store.transact('addPerson', system, { id: user })
  await store.transact('addRoom', system, { id: room })
  await hear(user)
})

const topic = () => `room:${room}`
const hear = (who: string) => store.transact('hear', system, { user: who, topic: topic() })
const unhear = (who: string) => store.transact('unhear', system, { user: who, topic: topic() })
const mine = (command: string, ids: string[]) =>
  store.transact(command, { kind: 'user', id: user, roles: [], sessionId: 's' }, { ids })

async function send(message: string, more: object = {}): Promise<string> {
  const input = { audience: { room }, message, ...more }
  return ((await store.transact('notify', system, input)) as { notification: Item }).notification.id
}
const edit = (id: string, message: string) => store.transact('editNotification', system, { id, message })
const recall = (id: string) => store.transact('recallNotification', system, { id })

const ask = (cursor: Cursor | undefined) =>
  (store.read('sync', { user, epoch: store.epoch, cursor }) as Promise<SyncAnswer>).then(({ frame }) => frame)

async function page(cursor: Cursor) {
  const frame = await ask(cursor)
  if (!frame.complete) throw new Error('a snapshot')
  return frame
}
const now = async () => (await ask(undefined)).cursor
const at = (offsets: Record<string, number>): Cursor => ({ epoch: store.epoch, offsets })
const kinds = (entries: Entry[]) => entries.map((entry) => entry.kind)

describe('a sync', () => {
  it('brings every entry after the cursor, and the cursor to go on with', async () => {
    const before = await now()
    const [first, second] = [await send('first'), await send('second')]
    const frame = await page(before)
    expect(frame.entries).toMatchObject([
      { topic: topic(), offset: 1, kind: 'item.created', data: { id: first, message: 'first' } },
      { topic: topic(), offset: 2, kind: 'item.created', data: { id: second, message: 'second' } },
    ])
    expect(frame).toMatchObject({ more: false, counts: { total: 2, unread: 2 }, cursor: await now() })
    expect((await page(frame.cursor)).entries).toEqual([])
  })

  it('comes in smaller pages when its items are large, so that a page fits into one packet', async () => {
    const before = await now()
    const message = 'x'.repeat(3900)
    await Promise.all(Array.from({ length: 150 }, () => send(message)))
    const frame = await page(before)
    expect(frame.more).toBe(true)
    expect(JSON.stringify(frame).length).toBeLessThan(512 * 1024)
    const rest = await page(frame.cursor)
    expect(rest.more).toBe(false)
    expect([...frame.entries, ...rest.entries].map(({ offset }) => offset)).toEqual(
      Array.from({ length: 150 }, (_, index) => index + 1),
    )
  })

  it('comes in pages of 500, none of them repeated', async () => {
    const before = await now()
    await Promise.all(Array.from({ length: 1234 }, (_, index) => send(String(index))))
    const offsets: number[] = []
    const sizes: number[] = []
    let frame = await page(before)
    for (; frame.more; frame = await page(frame.cursor)) collect()
    collect()
    function collect() {
      sizes.push(frame.entries.length)
      offsets.push(...frame.entries.map((entry) => entry.offset))
    }
    expect(sizes).toEqual([500, 500, 234])
    expect(offsets).toEqual(Array.from({ length: 1234 }, (_, index) => index + 1))
    expect(frame.cursor).toEqual(await now())
  })

  it('brings a room that was joined meanwhile from where it was joined', async () => {
    await unhear(user)
    const before = await now()
    await send('not for the reader')
    await hear(user)
    const id = await send('for the reader')
    const { entries } = await page(before)
    expect(entries.filter((entry) => entry.topic === topic())).toMatchObject([{ offset: 2, data: { id } }])
  })

  it('keeps the offset and hides the content of what is not for the reader, recalled, deleted or cleared', async () => {
    const before = await now()
    await send('not for the reader', { except: [user] })
    const recalled = await send('recalled')
    await recall(recalled)
    await mine('deleteNotifications', [await send('deleted')])
    const { entries } = await page(before)
    const ofRoom = entries.filter((entry) => entry.topic === topic())
    expect(kinds(ofRoom)).toEqual(['item.withheld', 'item.withheld', 'item.recalled', 'item.withheld'])
    expect(JSON.stringify(ofRoom)).not.toMatch(/not for the reader|"recalled",|deleted/)
  })

  it('is a snapshot without a cursor, in another epoch, and above the head', async () => {
    const id = await send('a')
    const good = await now()
    for (const cursor of [
      undefined,
      { ...good, epoch: 'another' },
      { ...good, offsets: { ...good.offsets, [topic()]: 2 } },
    ]) {
      const frame = await ask(cursor)
      expect(frame).toMatchObject({ complete: false, cursor: good, nextCursor: null, counts: { unread: 1 } })
      expect(frame.complete ? [] : frame.items.map((item) => item.id)).toEqual([id])
    }
  })

  it('is a snapshot more than 5,000 entries behind, and below the tail of the log', async () => {
    const before = await now()
    await Promise.all(Array.from({ length: 4999 }, (_, index) => send(String(index))))
    await send('the 5,000th')
    expect((await ask(before)).complete).toBe(true)
    await send('one more')
    expect((await ask(before)).complete).toBe(false)
    const near = at({ ...before.offsets, [topic()]: 1000 })
    expect((await ask(near)).complete).toBe(true)
    await store.transact('retain', system, { idempotencyMs: 1e9, maxTopicEntries: 4000, topics: [topic()] })
    expect((await ask(near)).complete).toBe(false)
    expect((await ask(at({ ...before.offsets, [topic()]: 1001 }))).complete).toBe(true)
  })
})

describe('a sync of what has changed since', () => {
  it('brings what a left room held only once', async () => {
    const before = await now()
    await send('a')
    await unhear(user)
    const { cursor } = await page(before)
    expect((await page(cursor)).entries).toEqual([])
  })

  it('does not bring back a recalled item with the entry that restored it', async () => {
    const id = await send('a')
    const before = await now()
    await mine('deleteNotifications', [id])
    await mine('restore', [id])
    await recall(id)
    const { entries } = await page(before)
    expect(kinds(entries)).toContain('item.restored')
    expect(JSON.stringify(entries.slice(kinds(entries).indexOf('item.recalled') + 1))).not.toContain(
      '"message"',
    )
  })

  it('shows an edited body to nobody for whom the item is not', async () => {
    const id = await send('secret', { except: [user] })
    const before = await now()
    await edit(id, 'still secret')
    expect(JSON.stringify((await page(before)).entries)).not.toContain('secret')
  })

  it('shows an edited body to nobody who joined after it was sent', async () => {
    await unhear(user)
    const id = await send('secret')
    await hear(user)
    const before = await now()
    await edit(id, 'still secret')
    expect(JSON.stringify((await page(before)).entries)).not.toContain('secret')
  })
})

describe('what a cursor lacks', () => {
  const open = { topic: 'a', from_offset: 10, to_offset: null, head: 20, tail_offset: 0 }
  const closed = { topic: 'a', from_offset: 2, to_offset: 6, head: 20, tail_offset: 0 }

  it.each([
    ['everything since it joined', [open], {}, [{ topic: 'a', after: 10, upTo: 20 }]],
    ['what came after its offset', [open], { a: 15 }, [{ topic: 'a', after: 15, upTo: 20 }]],
    ['nothing at the head', [open], { a: 20 }, []],
    ['the log, above the head', [open], { a: 21 }, undefined],
    ['the log, below the tail', [{ ...open, tail_offset: 16 }], { a: 15 }, undefined],
    ['what it had not heard when it left', [closed], { a: 4 }, [{ topic: 'a', after: 4, upTo: 6 }]],
    [
      'both stays, and nothing between them',
      [closed, open],
      { a: 4 },
      [
        { topic: 'a', after: 4, upTo: 6 },
        { topic: 'a', after: 10, upTo: 20 },
      ],
    ],
    ['nothing of a topic it does not hear', [], { b: 3 }, []],
    ['the log, 5,001 behind', [{ ...open, head: 5011 }], {}, undefined],
  ])('%s', (_, rows, offsets, expected) => {
    expect(missingSpans(rows, { epoch: 'e', offsets })).toEqual(expected)
  })
})
