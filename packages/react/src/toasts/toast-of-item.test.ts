import { item } from '@belfry/testkit/client'
import { expect, test } from 'vitest'
import { en } from '../kit/strings.ts'
import { toastOfItem } from './toast-of-item.ts'

test('a toast of an item has its id and group, and only urgency makes it stay', () => {
  const plain = { ...item(1), groupKey: 'chat:7' }
  expect(toastOfItem(plain, en)).toMatchObject({
    id: plain.id,
    title: plain.title,
    groupKey: 'chat:7',
    item: plain,
  })
  expect(toastOfItem({ ...plain, priority: 'high' }, en).tone).toBe('plain')
  expect(toastOfItem({ ...plain, priority: 'urgent' }, en).tone).toBe('urgent')
})

test('an item without a title is still named', () => {
  expect(toastOfItem({ ...item(1), title: '' }, en).title).toBe('1 new notification')
})
