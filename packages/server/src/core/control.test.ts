import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../store/store.ts'
import { Control } from './control.ts'

const entry = (topic: string, kind: string, data: object = {}) =>
  ({ topic, kind, data, offset: 1, at: '2026-01-01T00:00:00.000Z' }) as unknown as LogEntry

function pair() {
  const told: unknown[] = []
  const hints: unknown[] = []
  let hear: (message: unknown) => void = () => {}
  const bus = {
    tell: (_: string, message: unknown) => void told.push(message),
    onTold: (_: string, listener: (message: unknown) => void) => {
      hear = listener
    },
  }
  const control = new Control(bus, (hint) => void hints.push(hint))
  return { control, told, hints, hear: (message: unknown) => hear(message) }
}

describe('what one node has taken from somebody', () => {
  it('is told to all others: of whom, and not what', () => {
    const { control, told } = pair()
    control.tell([entry('room:r', 'member.left'), entry('user:ann', 'account.changed', { roles: ['admin'] })])
    control.tell([entry('user:bob', 'session.revoked', { keep: 's' }), entry('user:eve', 'key.revoked')])
    control.tell([entry('user:ann', 'user.blocked', { userId: 'bob' })])
    control.tell([entry('all', 'item.created')])
    expect(told).toEqual([
      [{ kind: 'account', user: 'ann' }],
      [
        { kind: 'account', user: 'bob' },
        { kind: 'account', user: 'eve' },
      ],
      [{ kind: 'user.blocked', user: 'ann', other: 'bob' }],
    ])
  })

  it('is taken in its form alone', () => {
    const { hints, hear } = pair()
    const good = { kind: 'account', user: 'ann' }
    for (const wrong of [good, [{ ...good, roles: ['admin'] }], [{ ...good, user: '' }], null, 'x', [[good]]])
      hear(wrong)
    hear([good])
    expect(hints).toEqual([good])
  })
})
