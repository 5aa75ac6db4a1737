import { body, counts, created, entry, idOf, items, read, snapshot } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import type { InboxChange } from './effects.ts'
import { applyLive, applySync, emptyInbox, type Inbox } from './inbox.ts'
import { confirm, deltaOf, type Pending, settle, viewOf } from './pending.ts'

const AT = '2026-11-24T13:00:00.000Z'
const known = (...numbers: number[]): Inbox => applySync(emptyInbox, snapshot(items(...numbers))).inbox
const readOne = (n: number): InboxChange => ({ kind: 'item.read', data: { ids: [idOf(n)], at: AT } })

function foresee(inbox: Inbox, ...changes: InboxChange[]): readonly Pending[] {
  const pending: Pending[] = []
  for (const [id, change] of changes.entries()) {
    pending.push({ id, change, delta: deltaOf(viewOf(inbox, pending), change), isAnswered: false })
  }
  return pending
}

test('an own change shows in the list and in the numbers', () => {
  const inbox = known(2, 1)
  const view = viewOf(inbox, foresee(inbox, readOne(2)))
  expect(view.items.map(({ isRead }) => isRead)).toEqual([true, false])
  expect(view.counts).toMatchObject({
    unread: 1,
    unseen: 1,
    total: 2,
    byCategory: { order: { total: 2, unread: 1 } },
  })
})

test('the same change twice counts once', () => {
  const inbox = known(2, 1)
  expect(viewOf(inbox, foresee(inbox, readOne(2), readOne(2))).counts.unread).toBe(1)
})

test('reading everything reaches what is not loaded, and spares what arrives meanwhile', () => {
  const inbox = { ...known(2, 1), counts: counts(40, 2) }
  const pending = foresee(inbox, { kind: 'inbox.read', data: { upTo: idOf(2), at: AT } })
  expect(viewOf(inbox, pending).counts).toMatchObject({ unread: 0, unseen: 0, total: 40 })
  const later = { ...applyLive(inbox, [created(3)]).inbox, counts: counts(41, 3) }
  expect(viewOf(later, pending).counts.unread).toBe(1)
  expect(viewOf(later, pending).items.map(({ isRead }) => isRead)).toEqual([false, true, true])
})

test('a deleted unread item counts no more', () => {
  const inbox = known(2, 1)
  const pending = foresee(inbox, { kind: 'item.deleted', data: { ids: [idOf(1)], at: AT } })
  expect(viewOf(inbox, pending).counts).toMatchObject({ total: 1, unread: 1 })
})

test('between its entry and the numbers that hold it the badge does not jump', () => {
  const inbox = known(2, 1)
  const sent = foresee(inbox, readOne(2))
  const { inbox: told, entries } = applyLive(inbox, [read(3, 2)])
  const confirmed = settle(confirm(sent, entries), told.counts)
  expect(viewOf(told, confirmed).counts.unread).toBe(1)
  const counted = { ...told, counts: counts(1, 3) }
  const settled = settle(confirmed, counted.counts)
  expect(settled).toEqual([])
  expect(viewOf(counted, settled).counts.unread).toBe(1)
})

test('after its entry a change no longer hides what another device does', () => {
  const inbox = known(2, 1)
  const sent = foresee(inbox, readOne(2))
  const steps = [read(3, 2), entry(4, 'item.unread', { ids: [idOf(2)] })]
  const { inbox: told, entries } = applyLive(inbox, steps)
  expect(viewOf(told, confirm(sent, entries)).items[0]?.isRead).toBe(false)
})

test('an entry of another kind, item or reach confirms nothing', () => {
  const inbox = known(3, 2, 1)
  const all: InboxChange = { kind: 'inbox.read', data: { upTo: idOf(3), at: AT } }
  const sent = foresee(inbox, readOne(2), all)
  const others = [
    read(4, 1),
    entry(5, 'item.seen', { ids: [idOf(2)], at: AT }),
    entry(6, 'inbox.read', { upTo: idOf(2), at: AT }),
  ]
  expect(confirm(sent, others)).toEqual(sent)
  expect(confirm(sent, [entry(7, 'inbox.read', { upTo: idOf(3), at: AT })])[1]?.doneAt?.offset).toBe(7)
})

test('numbers never go below zero', () => {
  const inbox = { ...known(1), counts: counts(0, 1) }
  expect(viewOf(inbox, foresee(inbox, readOne(1))).counts).toMatchObject({ unread: 0, unseen: 0 })
})

test('a new item without state is unread in its category', () => {
  const inbox = known()
  const told = applyLive(inbox, [created(1, { category: 'task' })]).inbox
  expect(deltaOf(viewOf(told, []), readOne(1)).byCategory).toEqual({ task: { total: 0, unread: -1 } })
  expect(body(1).category).toBe('order')
})
