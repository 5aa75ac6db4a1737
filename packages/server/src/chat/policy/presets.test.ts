import { type Action, actions } from '@belfry/protocol'
import { describe, expect, it } from 'vitest'
import { defaultRules, openRules } from './default-rules.ts'
import { capabilities, decide, type Kind, type PolicyContext, type Rule } from './policy.ts'
import {
  blockList,
  clientMustStart,
  maxLength,
  mediaTypes,
  membersOnly,
  noPeerChat,
  onlyWithinContext,
  openMessaging,
  readOnlyAfter,
  slowMode,
  writableStates,
} from './presets.ts'
import { contextOf } from './test/contexts.ts'

const saying: Action[] = ['postMessage', 'editMessage', 'reactToMessage', 'uploadMedia']
const talking: Action[] = ['createChat', ...saying]
const reading: Action[] = ['openChat', 'listMessages']
const denied = (rule: Rule, context: PolicyContext) =>
  actions.filter((action) => !capabilities([rule], context).includes(action))
const codeOf = (rule: Rule, context: PolicyContext) => {
  const decision = decide([rule], context)
  return decision.effect === 'deny' ? decision.code : undefined
}
const facts = (parts: Partial<PolicyContext['facts']>) => ({ facts: { ...contextOf().facts, ...parts } })
const between = (actor: Kind | undefined, counterpart: Kind | undefined) => ({
  actor: { id: 'ann', roles: [], kind: actor },
  counterpart: { id: 'bob', kind: counterpart },
})
const former = { role: 'member', access: 'readwrite', isActive: false } as const
const chatWith = (parts: Partial<NonNullable<PolicyContext['chat']>>) => ({
  chat: { id: 'chat', type: 'direct', state: 'open', ...parts } as const,
})

describe('openMessaging', () => {
  it('forbids nothing', () => {
    expect(denied(openMessaging(), contextOf({ membership: undefined }))).toEqual([])
  })
})

describe('membersOnly', () => {
  it('lets members do everything', () => {
    expect(denied(membersOnly(), contextOf())).toEqual([])
  })

  it('tells strangers of nothing but new chats', () => {
    const stranger = contextOf({ membership: undefined })
    expect(denied(membersOnly(), stranger)).toEqual(actions.filter((action) => action !== 'createChat'))
    expect(codeOf(membersOnly(), stranger)).toBe('not_found')
  })

  it('lets former members read', () => {
    const context = contextOf({ membership: former })
    expect(capabilities([membersOnly()], context)).toEqual(['createChat', ...reading])
    expect(codeOf(membersOnly(), context)).toBe('not_participant')
  })
})

describe('clientMustStart', () => {
  it('lets a provider say nothing before the client has', () => {
    const context = contextOf(between('provider', 'client'))
    expect(denied(clientMustStart(), context)).toEqual(talking)
    expect(codeOf(clientMustStart(), context)).toBe('client_must_start')
    expect(denied(clientMustStart(), { ...context, ...facts({ counterpartMessages: 1 }) })).toEqual([])
  })

  it.each([1, 3])('lets a client say %i things before the answer', (maxOpening) => {
    const rule = clientMustStart({ maxOpening })
    const after = (actorMessages: number, counterpartMessages = 0) =>
      contextOf({ ...between('client', 'provider'), ...facts({ actorMessages, counterpartMessages }) })
    expect(denied(rule, after(maxOpening - 1))).toEqual([])
    expect(denied(rule, after(maxOpening))).toEqual(['postMessage', 'uploadMedia'])
    expect(codeOf(rule, after(maxOpening))).toBe('client_must_start')
    expect(denied(rule, after(maxOpening, 1))).toEqual([])
  })

  it('is about clients and providers alone', () => {
    for (const [one, other] of [
      ['provider', 'provider'],
      ['client', 'client'],
      ['client', undefined],
      ['provider', undefined],
      [undefined, 'client'],
      ['staff', 'client'],
      ['staff', 'provider'],
    ] as const) {
      const context = contextOf({ ...between(one, other), ...facts({ actorMessages: 9 }) })
      expect(denied(clientMustStart(), context)).toEqual([])
    }
  })
})

describe('onlyWithinContext', () => {
  const rule = onlyWithinContext(['order', 'booking'])
  it('asks for something under way of one of its kinds', () => {
    expect(denied(rule, contextOf())).toEqual(talking)
    expect(codeOf(rule, contextOf())).toBe('no_active_context')
    const about = (kind: 'order' | 'booking' | 'listing') =>
      contextOf(chatWith({ context: { kind, id: 'x' } }))
    expect(denied(rule, about('order'))).toEqual([])
    expect(denied(rule, about('booking'))).toEqual([])
    expect(denied(rule, about('listing'))).toEqual(talking)
  })

  it('ends with it', () => {
    const ending = (endedAt: number) => contextOf(chatWith({ context: { kind: 'order', id: 'x', endedAt } }))
    expect(denied(rule, ending(1_000_001))).toEqual([])
    expect(denied(rule, ending(1_000_000))).toEqual(talking)
  })
})

describe('writableStates', () => {
  it.each([
    ['open', undefined],
    ['pending', undefined],
    ['readonly', 'chat_readonly'],
    ['locked', 'chat_locked'],
    ['closed', 'chat_closed'],
  ] as const)('answers %s with %s', (state, code) => {
    const context = contextOf(chatWith({ state }))
    expect(codeOf(writableStates(), context)).toBe(code)
    expect(denied(writableStates(), context)).toEqual(code ? saying : [])
  })

  it('takes the states it is given', () => {
    expect(codeOf(writableStates(['open']), contextOf(chatWith({ state: 'pending' })))).toBe('chat_readonly')
    expect(codeOf(writableStates(['closed']), contextOf(chatWith({ state: 'closed' })))).toBeUndefined()
    expect(codeOf(writableStates([]), contextOf(chatWith({ state: 'open' })))).toBe('chat_readonly')
  })

  it('has no opinion where there is no chat yet', () => {
    expect(denied(writableStates(), contextOf({ chat: undefined }))).toEqual([])
  })
})

describe('readOnlyAfter', () => {
  it('shuts a chat some days after its end, to the millisecond', () => {
    const at = (now: number) =>
      contextOf({ now, ...chatWith({ context: { kind: 'order', id: 'x', endedAt: 1000 } }) })
    const endMs = 1000 + 90 * 24 * 3600 * 1000
    expect(denied(readOnlyAfter({ days: 90 }), at(endMs - 1))).toEqual([])
    expect(denied(readOnlyAfter({ days: 90 }), at(endMs))).toEqual(saying)
    expect(codeOf(readOnlyAfter({ days: 90 }), at(endMs))).toBe('chat_readonly')
    expect(denied(readOnlyAfter({ days: 0 }), contextOf())).toEqual([])
  })
})

describe('noPeerChat', () => {
  it('parts people of one kind', () => {
    const rule = noPeerChat('provider')
    expect(denied(rule, contextOf(between('provider', 'provider')))).toEqual(talking)
    expect(codeOf(rule, contextOf(between('provider', 'provider')))).toBe('forbidden')
    expect(denied(rule, contextOf(between('client', 'client')))).toEqual([])
    expect(denied(rule, contextOf(between('provider', 'client')))).toEqual([])
    expect(denied(noPeerChat('staff'), contextOf(between('staff', 'staff')))).toEqual([])
  })
})

describe('blockList', () => {
  it('parts two people, in chats of two and before there is one', () => {
    const blocked = facts({ blockedEither: true })
    expect(denied(blockList(), contextOf())).toEqual([])
    expect(denied(blockList(), contextOf(blocked))).toEqual(talking)
    expect(denied(blockList(), contextOf({ ...blocked, chat: undefined }))).toEqual(talking)
    expect(codeOf(blockList(), contextOf(blocked))).toBe('blocked')
    expect(denied(blockList(), contextOf({ ...blocked, ...chatWith({ type: 'group' }) }))).toEqual([])
  })
})

describe('slowMode', () => {
  it('says how long to wait', () => {
    const after = (ms: number) => contextOf(facts({ lastActorMessageAt: 1_000_000 - ms }))
    expect(decide([slowMode(30)], after(29_000))).toMatchObject({
      ...{ effect: 'deny', code: 'rate_limited', retryAfterMs: 1000, rule: 'slowMode' },
    })
    expect(denied(slowMode(30), after(29_999))).toEqual(['postMessage'])
    expect(denied(slowMode(30), after(30_000))).toEqual([])
    expect(denied(slowMode(30), contextOf())).toEqual([])
    expect(denied(slowMode(30), { ...after(0), ...between('staff', 'client') })).toEqual([])
  })
})

describe('maxLength', () => {
  it('counts characters as people do', () => {
    const saying = (content: string) => codeOf(maxLength(3), contextOf({ message: { content } }))
    expect(saying('😀😀😀')).toBeUndefined()
    expect(saying('abcd')).toBe('too_long')
    expect(denied(maxLength(0), contextOf())).toEqual([])
  })
})

describe('mediaTypes', () => {
  const sending = (...media: { kind?: string; mime?: string }[]) =>
    contextOf({ message: { content: '', media } })
  it('takes kinds and media types', () => {
    const rule = mediaTypes(['image', 'application/pdf'])
    expect(codeOf(rule, sending({ kind: 'image', mime: 'image/png' }))).toBeUndefined()
    expect(codeOf(rule, sending({ kind: 'file', mime: 'application/pdf' }))).toBeUndefined()
    expect(codeOf(rule, sending({ kind: 'image' }, { kind: 'file', mime: 'text/csv' }))).toBe(
      'media_rejected',
    )
    expect(codeOf(rule, sending({}))).toBe('media_rejected')
    expect(codeOf(rule, sending())).toBeUndefined()
    expect(denied(rule, contextOf())).toEqual([])
  })

  it('without any takes no upload', () => {
    expect(denied(mediaTypes([]), contextOf())).toEqual(['uploadMedia'])
  })
})

describe('defaultRules', () => {
  const names = (rules: readonly Rule[]) => rules.map(({ name }) => name)
  const plain = ['membersOnly', 'blockList', 'writableStates']
  const market = ['membersOnly', 'blockList', 'clientMustStart', 'writableStates', 'contactInfo']
  it.each([
    ['client', 'provider', market],
    ['provider', 'client', market],
    ['client', 'client', plain],
    ['provider', 'provider', plain],
    ['staff', 'provider', plain],
    [undefined, 'client', plain],
    [undefined, undefined, plain],
  ] as const)('between %s and %s are %o', (one, other, expected) => {
    expect(names(defaultRules(contextOf(between(one, other))))).toEqual(expected)
    expect(names(openRules)).toEqual([...plain, 'openMessaging'])
  })

  it('hide contact details between client and provider', () => {
    const context = contextOf({ ...between('client', 'provider'), message: { content: 'me@x.com' } })
    expect(decide(defaultRules(context), context)).toMatchObject({
      ...{ effect: 'allow', transform: { content: '•••' }, rule: 'contactInfo' },
    })
  })
})
