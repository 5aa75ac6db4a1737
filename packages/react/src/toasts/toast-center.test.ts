import { FakeClock } from '@belfry/testkit/client'
import { expect, test, vi } from 'vitest'
import { en } from '../kit/strings.ts'
import { mirrorToasts } from './toast-adapter.ts'
import { ToastCenter } from './toast-center.ts'

function setUp() {
  const clock = new FakeClock()
  const center = new ToastCenter({ strings: () => en, clock })
  const titles = () => center.getSnapshot().map(({ title }) => title)
  return { clock, center, titles }
}

test('three are shown and the fourth comes when one goes', async () => {
  const { clock, center, titles } = setUp()
  const [first = ''] = ['A', 'B', 'C', 'D'].map((title) => center.show({ title }))
  expect(titles()).toEqual(['A', 'B', 'C'])
  await clock.advance(1_000)
  center.dismiss(first)
  expect(titles()).toEqual(['B', 'C', 'D'])
  await clock.advance(5_000)
  expect(titles()).toEqual(['D'])
  // Its own six seconds began when it was shown.
  await clock.advance(999)
  expect(titles()).toEqual(['D'])
  await clock.advance(1)
  expect(titles()).toEqual([])
  expect(clock.size).toBe(0)
})

test('errors, urgent ones and those with an action stay; a duration that is given ends any', async () => {
  const { clock, center, titles } = setUp()
  center.configure({ limit: 9, durationMs: 6_000 })
  center.show({ title: 'plain' })
  center.show({ title: 'danger', tone: 'danger' })
  center.show({ title: 'urgent', tone: 'urgent' })
  const action = { label: 'Undo', run: () => undefined }
  center.show({ title: 'action', action })
  center.show({ title: 'undo', action, duration: 6_000 })
  center.show({ title: 'for ever', duration: Number.POSITIVE_INFINITY })
  center.show({ title: 'a month', duration: 30 * 86_400_000 })
  await clock.advance(6_000)
  expect(titles()).toEqual(['danger', 'urgent', 'action', 'for ever', 'a month'])
  expect(clock.size).toBe(0)
})

test('the clock goes on from where it stood when the last reason has gone', async () => {
  const { clock, center, titles } = setUp()
  center.show({ title: 'A' })
  await clock.advance(4_000)
  center.pauseAll('hover')
  center.pauseAll('focus')
  await clock.advance(60_000)
  center.resumeAll('hover')
  await clock.advance(60_000)
  expect(titles()).toEqual(['A'])
  center.resumeAll('focus')
  await clock.advance(1_999)
  expect(titles()).toEqual(['A'])
  await clock.advance(1)
  expect(titles()).toEqual([])
})

test('what is shown during a pause has all its time afterwards', async () => {
  const { clock, center, titles } = setUp()
  center.pauseAll()
  center.show({ title: 'A' })
  await clock.advance(60_000)
  center.resumeAll()
  await clock.advance(5_999)
  expect(titles()).toEqual(['A'])
  await clock.advance(1)
  expect(titles()).toEqual([])
})

test('the same id changes the toast in place and gives it its time again', async () => {
  const { clock, center, titles } = setUp()
  center.show({ id: 'x', title: 'Sending' })
  center.show({ title: 'B' })
  await clock.advance(4_000)
  expect(center.show({ id: 'x', title: 'Sent' })).toBe('x')
  expect(titles()).toEqual(['Sent', 'B'])
  await clock.advance(4_000)
  expect(titles()).toEqual(['Sent'])
  await clock.advance(2_000)
  expect(titles()).toEqual([])
})

test('an update keeps what it does not name, and one for a toast that is gone does nothing', async () => {
  const { clock, center } = setUp()
  const id = center.show({ title: 'Sending', message: 'Three files', tone: 'danger' })
  center.update(id, { title: 'Sent', tone: 'plain' })
  expect(center.getSnapshot()).toMatchObject([{ id, title: 'Sent', message: 'Three files', tone: 'plain' }])
  await clock.advance(6_000)
  center.update(id, { title: 'Again' })
  expect(center.getSnapshot()).toEqual([])
})

test('toasts of one group are one that counts them, each member once', async () => {
  const { clock, center } = setUp()
  const id = center.show({ id: 'm1', title: 'Hello', groupKey: 'chat:7' })
  await clock.advance(5_000)
  expect(center.show({ id: 'm2', title: 'Are you there?', groupKey: 'chat:7' })).toBe(id)
  center.show({ id: 'm3', title: 'Ben', groupKey: 'chat:8' })
  center.show({ id: 'm4', title: 'Hm', groupKey: 'chat:7', tone: 'urgent' })
  center.show({ id: 'm2', title: 'Are you there?', groupKey: 'chat:7' })
  expect(center.getSnapshot()).toMatchObject([
    { id, title: '3 new notifications', message: 'Hm', count: 3, tone: 'urgent' },
    { id: 'm3', title: 'Ben', count: 1 },
  ])
  center.dismiss(id)
  center.show({ id: 'm5', title: 'New start', groupKey: 'chat:7' })
  expect(center.getSnapshot().at(-1)).toMatchObject({ title: 'New start', count: 1 })
})

test('an urgent one is the next to be shown', () => {
  const { center, titles } = setUp()
  for (const title of ['A', 'B', 'C', 'D', 'E']) center.show({ title })
  center.show({ title: 'Fire', tone: 'urgent' })
  center.show({ title: 'Flood', tone: 'urgent' })
  center.dismiss(center.getSnapshot()[0]?.id)
  expect(titles()).toEqual(['B', 'C', 'Fire'])
  center.dismiss(center.getSnapshot()[0]?.id)
  expect(titles()).toEqual(['C', 'Fire', 'Flood'])
})

test('a burst drops the oldest that wait, never an urgent one', () => {
  const { center, titles } = setUp()
  for (const title of ['A', 'B', 'C', 'Dropped']) center.show({ title })
  center.show({ title: 'Fire', tone: 'urgent' })
  for (let count = 1; count < 60; count += 1) center.show({ title: `Burst ${count}` })
  for (const { id } of center.getSnapshot()) center.dismiss(id)
  expect(titles()).toEqual(['Fire', 'Burst 1', 'Burst 2'])
})

test('an action takes its toast away before it runs, so it can show another', () => {
  const { center, titles } = setUp()
  const run = vi.fn(() => void center.show({ id: 'x', title: 'Restored' }))
  center.show({ id: 'x', title: 'Deleted', action: { label: 'Undo', run } })
  center.runAction('x')
  expect(titles()).toEqual(['Restored'])
  center.runAction('x')
  expect(run).toHaveBeenCalledTimes(1)
})

test('dismissing without an id, and closing, leave no toast and no timer', async () => {
  const { clock, center, titles } = setUp()
  for (const title of ['A', 'B', 'C', 'D']) center.show({ title })
  center.dismiss()
  expect(titles()).toEqual([])
  center.show({ title: 'E' })
  center.close()
  expect(clock.size).toBe(0)
})

test('listeners hear only of changes to what is shown', () => {
  const { center } = setUp()
  const listener = vi.fn()
  center.subscribe(listener)
  for (const title of ['A', 'B', 'C', 'D']) center.show({ title })
  center.pauseAll('hover')
  center.resumeAll('hover')
  center.dismiss('nobody')
  expect(listener).toHaveBeenCalledTimes(3)
  const snapshot = center.getSnapshot()
  expect(center.getSnapshot()).toBe(snapshot)
})

test('an adapter is told what is shown, changed and gone, and tells what was pressed', async () => {
  const { clock, center } = setUp()
  const told: string[] = []
  const pressed = vi.fn()
  const dismissals = new Map<string, () => void>()
  center.show({ id: 'a', title: 'A' })
  const stop = mirrorToasts(center, {
    show(toast) {
      told.push(`show ${toast.title}`)
      dismissals.set(toast.id, toast.onDismiss)
      if (toast.action) toast.onAction()
    },
    update: (id, toast) => told.push(`update ${id} ${toast.title}`),
    dismiss: (id) => told.push(`dismiss ${id}`),
  })
  center.show({ id: 'b', title: 'B' })
  center.update('a', { title: 'A2' })
  dismissals.get('b')?.()
  await clock.advance(6_000)
  center.show({ id: 'c', title: 'C', action: { label: 'Do', run: pressed } })
  center.show({ id: 'd', title: 'D' })
  stop()
  center.show({ title: 'E' })
  expect(told).toEqual([
    'show A',
    'show B',
    'update a A2',
    'dismiss b',
    'dismiss a',
    'show C',
    'dismiss c',
    'show D',
    'dismiss d',
  ])
  expect(pressed).toHaveBeenCalledTimes(1)
})
