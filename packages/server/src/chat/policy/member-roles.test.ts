import type { Action } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { memberRoles } from './member-roles.ts'
import { capabilities, decide, type PolicyContext } from './policy.ts'
import { contextOf } from './test/contexts.ts'

const rules = [memberRoles({ editWindowMs: 1000 })]
type Membership = NonNullable<PolicyContext['membership']>
const inGroup = { chat: { id: 'chat', type: 'group', state: 'open' } } as const
const as = (parts: Partial<Membership>, rest: Partial<PolicyContext> = {}) =>
  contextOf({
    ...inGroup,
    membership: { role: 'member', access: 'readwrite', isActive: true, ...parts },
    ...rest,
  })
const codeOf = (context: PolicyContext) => {
  const decision = decide(rules, context)
  return decision.effect === 'deny' ? decision.code : undefined
}

const reads: Action[] = ['createChat', 'openChat', 'listMessages']
const talks: Action[] = ['postMessage', 'editMessage', 'deleteMessage', 'reactToMessage', 'uploadMedia']
const leads: Action[] = ['updateChat', 'addMembers', 'removeMembers']

describe('memberRoles', () => {
  it.each([
    ['observer', 'readwrite', reads],
    ['member', 'read', reads],
    ['member', 'readwrite', [...reads, ...talks]],
    ['moderator', 'readwrite', [...reads, ...talks, ...leads]],
    ['owner', 'readwrite', [...reads, ...talks, ...leads]],
  ] as const)('let %s with %s do %o', (role, access, expected) => {
    expect(new Set(capabilities(rules, as({ role, access })))).toEqual(new Set(expected))
  })

  it('have no opinion about who is not in the chat', () => {
    for (const membership of [undefined, { role: 'observer', access: 'read', isActive: false } as const])
      expect(codeOf(contextOf({ membership }))).toBeUndefined()
  })

  it('let nobody come into a chat of two, or out of it', () => {
    const owner = { membership: { role: 'owner', access: 'readwrite', isActive: true } } as const
    expect(codeOf(contextOf({ ...owner, action: 'addMembers' }))).toBe('forbidden')
    expect(codeOf(contextOf({ ...owner, action: 'removeMembers' }))).toBe('forbidden')
    expect(codeOf(contextOf({ ...owner, action: 'updateChat' }))).toBeUndefined()
  })

  it('hold a mute until it is over, wherever it comes from', () => {
    const facts = { ...contextOf().facts, mutedUntil: 1_000_500 }
    expect(decide(rules, as({ mutedUntil: 1_000_200 }, { facts }))).toMatchObject({
      ...{ effect: 'deny', code: 'muted', retryAfterMs: 500 },
    })
    expect(codeOf(as({ mutedUntil: 1_000_001 }))).toBe('muted')
    expect(codeOf(as({ mutedUntil: 1_000_000 }))).toBeUndefined()
    expect(codeOf(as({ mutedUntil: 1_000_001 }, { action: 'deleteMessage' }))).toBeUndefined()
    expect(capabilities(rules, as({ mutedUntil: 1_000_001 }))).toEqual([
      ...reads.slice(0, 3),
      'deleteMessage',
    ])
  })

  const target = (senderId: string | null, ageMs = 0) => ({
    target: { senderId, createdAt: 1_000_000 - ageMs },
  })
  it('let senders edit their own messages for a while', () => {
    const editing = (parts: object) => codeOf(as({ role: 'owner' }, { action: 'editMessage', ...parts }))
    expect(editing(target('ann', 1000))).toBeUndefined()
    expect(editing(target('ann', 1001))).toBe('edit_window_over')
    expect(editing(target('bob'))).toBe('not_owner')
    expect(editing(target(null))).toBe('not_owner')
  })

  it.each([
    ['member', 'not_owner'],
    ['moderator', undefined],
    ['owner', undefined],
  ] as const)('answer %s who deletes another’s message with %s', (role, code) => {
    const deleting = (senderId: string) =>
      codeOf(as({ role }, { action: 'deleteMessage', ...target(senderId, 9e9) }))
    expect(deleting('bob')).toBe(code)
    expect(deleting('ann')).toBeUndefined()
  })

  it('let everyone who writes react to any message', () => {
    expect(codeOf(as({}, { action: 'reactToMessage', ...target('bob', 9e9) }))).toBeUndefined()
  })

  it.each([
    [['title', 'avatarUrl'], undefined],
    [['mutedUntil', 'access'], undefined],
    [['title', 'state'], 'forbidden'],
    [['context'], 'forbidden'],
    [['role'], 'forbidden'],
  ] as const)('answer a moderator who changes %o with %s, and let the owner', (changes, code) => {
    expect(codeOf(as({ role: 'moderator' }, { action: 'updateChat', changes }))).toBe(code)
    expect(codeOf(as({ role: 'owner' }, { action: 'updateChat', changes }))).toBeUndefined()
    expect(codeOf(as({ role: 'member' }, { action: 'updateChat', changes }))).toBe('forbidden')
  })

  it('keep a moderator’s hands off an owner', () => {
    for (const action of ['removeMembers', 'updateChat'] as const) {
      const acting = (role: 'owner' | 'moderator', ...subjects: { id: string; role: Membership['role'] }[]) =>
        codeOf(as({ role }, { action, subjects }))
      expect(
        acting('moderator', { id: 'bob', role: 'member' }, { id: 'cem', role: 'moderator' }),
      ).toBeUndefined()
      expect(acting('moderator', { id: 'bob', role: 'member' }, { id: 'cem', role: 'owner' })).toBe(
        'forbidden',
      )
      expect(acting('owner', { id: 'cem', role: 'owner' })).toBeUndefined()
    }
  })
})
