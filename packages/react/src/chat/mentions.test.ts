import type { Member } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { mentionAt, mentionable, mentionsIn, withMention } from './mentions.ts'

const member = (userId: string, name: string): Member => ({
  ...{ userId, name, role: 'member', access: 'readwrite', joinedAt: '2026-01-01T00:00:00.000Z' },
  ...{ lastReadSeq: 0, lastDeliveredSeq: 0 },
})
const members = [member('1', 'ann'), member('2', 'anna.b'), member('3', 'bob')]

describe('mentions', () => {
  it.each([
    ['@an', 3, 'an'],
    ['hello @', 7, ''],
    ['hello @ann how', 10, 'ann'],
    ['mail a@b', 8, undefined],
    ['@ann ', 5, undefined],
  ])('%j at %i: %j is being named', (text, caret, typed) => {
    expect(mentionAt(text, caret)).toBe(typed)
  })

  it('offer others whose name begins so', () => {
    expect(mentionable(members, 'An', '1').map(({ userId }) => userId)).toEqual(['2'])
    expect(mentionable(members, '', undefined)).toHaveLength(3)
  })

  it('put the name in and the caret behind it', () => {
    expect(withMention('hello @an you', 9, 'ann')).toEqual({ text: 'hello @ann  you', caret: 11 })
  })

  it('find whole names only, with signs in them', () => {
    expect(mentionsIn('@anna.b and @bob, not@ann', members)).toEqual(['2', '3'])
    expect(mentionsIn('@all look', members)).toEqual(['@all'])
    expect(mentionsIn('@annab', members)).toEqual([])
  })
})
