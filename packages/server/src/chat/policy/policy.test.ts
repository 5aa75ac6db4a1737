import { actions } from '@belfry/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilities, type Decision, decide, kindOf, policyContextOf, type Rule } from './policy.ts'
import { contextOf } from './test/contexts.ts'

const rule = (name: string, judge: Rule['judge']): Rule => ({ name, judge })
const saying = (content: string) => contextOf({ message: { content } })

describe('decide', () => {
  it('allows where nothing has an opinion, and names nobody', () => {
    expect(decide([], contextOf())).toEqual({ effect: 'allow' })
    expect(decide([rule('silent', () => undefined)], contextOf())).toEqual({ effect: 'allow' })
    expect(decide([rule('glad', () => ({ effect: 'allow' }))], contextOf())).toEqual({ effect: 'allow' })
  })

  it('takes the first refusal, names its rule and asks no further', () => {
    const asked: string[] = []
    const deny = (name: string): Rule =>
      rule(name, () => {
        asked.push(name)
        return { effect: 'deny', code: 'blocked', message: name, retryAfterMs: 5 }
      })
    expect(decide([rule('silent', () => undefined), deny('first'), deny('second')], contextOf())).toEqual({
      ...{ effect: 'deny', code: 'blocked', message: 'first', retryAfterMs: 5, rule: 'first' },
    })
    expect(asked).toEqual(['first'])
  })

  it('shows each rule what the ones before it have made of the message', () => {
    const adding = (letter: string) =>
      rule(letter, ({ message }) => ({
        effect: 'allow',
        transform: { content: `${message?.content}${letter}` },
      }))
    expect(decide([adding('a'), adding('b'), adding('c')], saying(''))).toEqual({
      ...{ effect: 'allow', transform: { content: 'abc' }, rule: 'c' },
    })
  })

  it('keeps the last notice, and the last transform beside it', () => {
    const rules = [
      rule('a', () => ({ effect: 'allow', policyNotice: 'one' })),
      rule('b', () => ({ effect: 'allow', transform: { content: 'b' }, policyNotice: 'two' })),
      rule('c', () => ({ effect: 'allow' })),
    ]
    expect(decide(rules, saying(''))).toEqual({
      ...{ effect: 'allow', transform: { content: 'b' }, policyNotice: 'two', rule: 'b' },
    })
  })

  it('lets a rule be an object that keeps something', () => {
    class Counting implements Rule {
      readonly name = 'counting'
      asked = 0
      judge() {
        this.asked += 1
        return undefined
      }
    }
    const counting = new Counting()
    decide([counting], contextOf())
    expect(counting.asked).toBe(1)
  })

  it.each([
    { effect: 'maybe' },
    { effect: 'deny', code: 'no_such_code', message: '' },
    { effect: undefined },
  ])('takes %o of an app’s own rule for a defect', (decision) => {
    // What no compiler has seen.
    const judge = () => decision as unknown as Decision
    expect(() => decide([rule('odd', judge)], contextOf())).toThrow('The policy rule odd gave no decision.')
  })

  it('never transforms what it denies, whatever the rules and their order', () => {
    const decisions = fc.oneof(
      fc.constant(undefined),
      fc.record({
        effect: fc.constant('allow' as const),
        transform: fc.option(fc.record({ content: fc.string() }), { nil: undefined }),
        policyNotice: fc.option(fc.string(), { nil: undefined }),
      }),
      fc.record({
        effect: fc.constant('deny' as const),
        code: fc.constantFrom('blocked' as const, 'chat_locked' as const),
        message: fc.string(),
      }),
    )
    fc.assert(
      fc.property(fc.array(decisions, { maxLength: 8 }), (given) => {
        const rules = given.map((decision, index) => rule(String(index), () => decision))
        const verdict = decide(rules, saying('x'))
        const first = given.findIndex((decision) => decision?.effect === 'deny')
        if (first >= 0) {
          expect(verdict).toEqual({ ...given[first], rule: String(first) })
          expect(verdict).not.toHaveProperty('transform')
        } else expect(verdict.effect).toBe('allow')
      }),
    )
  })
})

describe('capabilities', () => {
  it('are the actions that a dry run allows, in the order of the table', () => {
    const noTalk = rule('noTalk', ({ action }) =>
      action === 'postMessage' || action === 'uploadMedia'
        ? { effect: 'deny', code: 'blocked', message: '' }
        : undefined,
    )
    expect(capabilities([], contextOf())).toEqual([...actions])
    expect(capabilities([noTalk], contextOf())).toEqual(
      actions.filter((action) => action !== 'postMessage' && action !== 'uploadMedia'),
    )
  })

  it('do not depend on what somebody is about to say or change', () => {
    const seen: unknown[] = []
    const watching = rule('watching', ({ message, target, subjects, changes }) => {
      seen.push(message, target, subjects, changes)
      return undefined
    })
    capabilities(
      [watching],
      contextOf({
        message: { content: 'x' },
        target: { senderId: 'a', createdAt: 0 },
        subjects: [{ id: 'a', role: 'owner' }],
        changes: ['state'],
      }),
    )
    expect(new Set(seen)).toEqual(new Set([undefined]))
  })
})

describe('kinds and contexts', () => {
  it.each([
    [['client'], 'client'],
    [['user', 'provider'], 'provider'],
    [['client', 'provider'], 'provider'],
    [['client', 'staff'], 'staff'],
    [['provider', 'admin'], 'staff'],
    [['user'], undefined],
    [[], undefined],
  ])('read the roles %o as %s', (roles, kind) => {
    expect(kindOf(roles)).toBe(kind)
  })

  it('have times as numbers', () => {
    expect(
      policyContextOf({
        ...{ kind: 'order', id: 'o1', state: 'paid' },
        paidAt: '2026-01-01T00:00:00.000Z',
        endedAt: '2026-01-02T00:00:00.000Z',
      }),
    ).toEqual({
      kind: 'order',
      id: 'o1',
      state: 'paid',
      paidAt: 1_767_225_600_000,
      endedAt: 1_767_312_000_000,
    })
    expect(policyContextOf({ kind: 'order', id: 'o1' })).toEqual({ kind: 'order', id: 'o1' })
  })
})
