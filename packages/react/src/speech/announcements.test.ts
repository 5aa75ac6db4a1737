import type { ItemBody } from '@belfry/protocol'
import { FakeClock, item } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { en } from '../kit/strings.ts'
import { Announcements } from './announcements.ts'

let lastId = 0

function itemOf(title: string, more: Partial<ItemBody> = {}) {
  lastId += 1
  return item(lastId, { title, ...more })
}

function setUp() {
  const clock = new FakeClock()
  const announcements = new Announcements({ strings: () => en, schedule: clock.schedule.bind(clock) })
  const heard: string[] = []
  announcements.subscribe(() => {
    const { polite, assertive } = announcements.getSnapshot()
    heard.push(assertive ? `! ${assertive}` : polite)
  })
  const hear = (title: string, more?: Partial<ItemBody>) =>
    announcements.hearItem(itemOf(title, more), clock.now())
  return { clock, announcements, heard, hear }
}

test('an item is spoken by its title within a second and cleared after seven', async () => {
  const { clock, heard, hear, announcements } = setUp()
  hear('Order 7')
  expect(announcements.getSnapshot()).toMatchObject({ polite: '', assertive: '' })
  await clock.advance(1_000)
  expect(announcements.getSnapshot()).toMatchObject({ polite: 'Order 7', assertive: '' })
  await clock.advance(6_999)
  expect(heard).toEqual(['Order 7'])
  await clock.advance(1)
  expect(heard).toEqual(['Order 7', ''])
})

test('several within one second become one text with their number', async () => {
  const { clock, heard, hear } = setUp()
  hear('One')
  await clock.advance(600)
  hear('Two')
  hear('Three')
  await clock.advance(400)
  expect(heard).toEqual(['3 new notifications'])
})

test('a steady stream gets one text per second', async () => {
  const { clock, heard, hear } = setUp()
  for (let count = 0; count < 20; count += 1) {
    hear('More', { createdAt: new Date(clock.now()).toISOString() })
    await clock.advance(250)
  }
  expect(heard).toEqual(Array(5).fill('4 new notifications'))
})

test('an item older than ten seconds is not spoken, one of exactly ten is', async () => {
  const { clock, heard, hear } = setUp()
  const ago = (ms: number) => ({ createdAt: new Date(clock.now() - ms).toISOString() })
  hear('Old', ago(10_001))
  hear('Just in time', ago(10_000))
  await clock.advance(1_000)
  expect(heard).toEqual(['Just in time'])
})

test('only urgent items interrupt, and one among several makes the text interrupt', async () => {
  const { clock, heard, hear } = setUp()
  hear('High', { priority: 'high' })
  await clock.advance(1_000)
  hear('Fire', { priority: 'urgent' })
  await clock.advance(1_000)
  hear('Fire again', { priority: 'urgent' })
  hear('And this')
  await clock.advance(1_000)
  expect(heard).toEqual(['High', '! Fire', '! 2 new notifications'])
})

test('own texts are spoken one after the other and do not count as notifications', async () => {
  const { clock, heard, hear, announcements } = setUp()
  hear('Order 7')
  announcements.announce('Deleted')
  announcements.announce('Archived')
  announcements.announce('Connection lost', { assertive: true })
  await clock.advance(4_000)
  expect(heard).toEqual(['! Connection lost', 'Deleted', 'Archived', 'Order 7'])
})

test('an urgent item does not wait for own texts', async () => {
  const { clock, heard, hear, announcements } = setUp()
  announcements.announce('Deleted')
  hear('Fire', { priority: 'urgent' })
  await clock.advance(2_000)
  expect(heard).toEqual(['! Fire', 'Deleted'])
})

test('a key is spoken once in ten seconds, and so is an item', async () => {
  const { clock, heard, announcements } = setUp()
  const order = itemOf('Order 7')
  announcements.hearItem(order, clock.now())
  announcements.hearItem(order, clock.now())
  announcements.announce('Order 7 again', { dedupeKey: order.id })
  announcements.announce('Saved', { dedupeKey: 'saved' })
  await clock.advance(2_000)
  announcements.announce('Saved', { dedupeKey: 'saved' })
  await clock.advance(7_999)
  expect(heard).toEqual(['Saved', 'Order 7', ''])
  await clock.advance(1)
  announcements.announce('Saved', { dedupeKey: 'saved' })
  await clock.advance(1_000)
  expect(heard.at(-1)).toBe('Saved')
})

test('the same text twice is two turns', async () => {
  const { clock, announcements } = setUp()
  announcements.announce('Saved')
  await clock.advance(1_000)
  const first = announcements.getSnapshot()
  announcements.announce('Saved')
  await clock.advance(1_000)
  const second = announcements.getSnapshot()
  expect(second.polite).toBe(first.polite)
  expect(second.turn).not.toBe(first.turn)
})

test('texts that could only be spoken too late are dropped', async () => {
  const { clock, heard, announcements } = setUp()
  for (let count = 1; count <= 15; count += 1) announcements.announce(`Text ${count}`)
  await clock.advance(15_000)
  expect(heard.filter(Boolean)).toHaveLength(10)
})

test('closing leaves no timer and no text', async () => {
  const { clock, announcements, hear } = setUp()
  hear('Order 7')
  await clock.advance(1_000)
  announcements.announce('Deleted', { dedupeKey: 'deleted' })
  announcements.close()
  expect(clock.size).toBe(0)
  expect(announcements.getSnapshot()).toMatchObject({ polite: '', assertive: '' })
})
