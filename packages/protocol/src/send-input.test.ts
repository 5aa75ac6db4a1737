import { describe, expect, it } from 'vitest'
import { commands } from './commands.ts'

const { input } = commands.notify
const parse = (value: object) => input.safeParse({ message: 'm', ...value })
const audienceOf = (value: object) => {
  const result = parse(value)
  return result.success ? result.data.audience : undefined
}

describe('a send', () => {
  it.each([
    ['audience.user', { audience: { user: 'ann' } }, { user: 'ann' }],
    ['audience.users', { audience: { users: ['ann', 'bob'] } }, { users: ['ann', 'bob'] }],
    ['audience.role', { audience: { role: 'staff' } }, { role: 'staff' }],
    ['audience.room', { audience: { room: 'r' } }, { room: 'r' }],
    ['audience.all', { audience: { all: true } }, { all: true }],
    ['user_id', { user_id: 'ann' }, { user: 'ann' }],
    ['userId', { userId: 'ann' }, { user: 'ann' }],
    ['role', { role: 'staff' }, { role: 'staff' }],
    ['room', { room: 'r' }, { room: 'r' }],
  ])('names its audience by %s', (_, value, expected) => {
    expect(audienceOf(value)).toEqual(expected)
  })

  it('hands on the audience and no shorthand', () => {
    expect(parse({ user_id: 'ann', title: 't' }).data).toEqual({
      message: 'm',
      title: 't',
      audience: { user: 'ann' },
    })
  })

  const broken: [string, object][] = [
    ['none', {}],
    ['two shorthands', { user_id: 'ann', userId: 'ann' }],
    ['a shorthand beside an audience', { audience: { all: true }, room: 'r' }],
    ['two kinds in one', { audience: { user: 'ann', role: 'staff' } }],
    ['an empty object', { audience: {} }],
    ['nobody', { audience: { users: [] } }],
    ['more than 1,000', { audience: { users: Array.from({ length: 1001 }, (_, index) => `u${index}`) } }],
    ['all that is not true', { audience: { all: false } }],
    ['a topic', { audience: { user: 'user:ann' } }],
    ['a number', { user_id: 7 }],
    ['null', { audience: null }],
  ]
  it.each(broken)('is refused when its audience is %s', (_, value) => {
    const result = parse(value)
    expect(result.success).toBe(false)
    expect(result.error?.issues[0]?.path[0]).toMatch(/^(audience|user_id)$/)
  })

  it('takes 1,000 recipients', () => {
    const users = Array.from({ length: 1000 }, (_, index) => `u${index}`)
    expect(audienceOf({ audience: { users } })).toEqual({ users })
  })

  it('is refused with a field that nobody knows, or without a message', () => {
    expect(parse({ user_id: 'ann', html: '<b>' }).success).toBe(false)
    expect(input.safeParse({ user_id: 'ann' }).success).toBe(false)
  })
})

describe('a state change', () => {
  const read = commands.markRead.input
  it('names one id or several', () => {
    expect(read.parse({ id: 'a' })).toEqual({ ids: ['a'] })
    expect(read.parse({ ids: ['a', 'b'], idempotencyKey: 'k' })).toEqual({
      ids: ['a', 'b'],
      idempotencyKey: 'k',
    })
  })

  it.each([{}, { id: 'a', ids: ['b'] }, { ids: [] }, { ids: Array(101).fill('a') }, { id: '' }, { id: 1 }])(
    'is refused as %j',
    (value) => expect(read.safeParse(value).success).toBe(false),
  )
})
