import { expect, it } from 'vitest'
import { openedBy } from './outside-clicks.ts'

it('a click on a notification outside the page opens its item here', () => {
  expect(openedBy({ type: 'belfry:open', id: '1', url: 'https://app.example/orders' })).toEqual({
    id: '1',
    url: 'https://app.example/orders',
  })
  expect(openedBy({ type: 'belfry:open', id: 7, url: null })).toEqual({ id: undefined, url: undefined })
})

it.each([{ type: 'other' }, 'nonsense', null, undefined])(
  'a message of others is not ours: %j',
  (message) => {
    expect(openedBy(message)).toBeUndefined()
  },
)
