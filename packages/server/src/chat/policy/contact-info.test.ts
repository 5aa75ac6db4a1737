import { describe, expect, it } from 'vitest'
import { contactInfo } from './contact-info.ts'
import { capabilities, type Draft, decide } from './policy.ts'
import { contextOf } from './test/contexts.ts'

describe('contactInfo', () => {
  const saying = (message: Draft, chat = {}) =>
    contextOf({ message, chat: { id: 'c', type: 'direct', state: 'open', ...chat } })
  const paid = (paidAt: number) => ({ context: { kind: 'order' as const, id: 'o', paidAt } })

  it('masks, and says so', () => {
    const message = { content: 'me@x.com ok', messageType: 'text', silent: true }
    expect(decide([contactInfo({ mode: 'mask' })], saying(message))).toEqual({
      effect: 'allow',
      transform: { ...message, content: '••• ok' },
      policyNotice: 'Contact details were hidden.',
      rule: 'contactInfo',
    })
    expect(decide([contactInfo({ mode: 'mask' })], saying({ content: 'hello' }))).toEqual({ effect: 'allow' })
  })

  it('reads everything that people are shown', () => {
    const message = {
      content: 'look',
      media: [
        { id: 'm1', name: 'IMG_20261128.jpg', alt: 'call 5551234567' },
        { id: 'm2', name: 'me@x.com.pdf' },
        { url: 'https://evil.example/a.png', kind: 'image' },
        { url: 'https://ours.example/a.png', kind: 'image' },
      ],
      metadata: { note: 'me@x.com', list: [{ deep: 'evil.com' }, 5551234567], lat: 40.7127763 },
    }
    expect(
      decide([contactInfo({ mode: 'mask', allowHosts: ['ours.example'] })], saying(message)),
    ).toMatchObject({
      transform: {
        content: 'look',
        media: [
          { id: 'm1', name: 'IMG_20261128.jpg', alt: 'call •••' },
          { id: 'm2', name: '•••' },
          { url: 'https://ours.example/a.png', kind: 'image' },
        ],
        metadata: { note: '•••', list: [{ deep: '•••' }, 5551234567], lat: 40.7127763 },
      },
    })
  })

  it('refuses a message that is nothing but an address', () => {
    const message = { content: '', media: [{ url: 'https://evil.example/a.png' }] }
    expect(decide([contactInfo({ mode: 'mask' })], saying(message))).toMatchObject({
      code: 'contact_info_blocked',
    })
  })

  it('blocks, also where a mask would make no sense', () => {
    const rules = [contactInfo({ mode: 'block' })]
    expect(decide(rules, saying({ content: 'me@x.com' }))).toMatchObject({ code: 'contact_info_blocked' })
    expect(decide(rules, saying({ content: 'hello' }))).toEqual({ effect: 'allow' })
    const reacting = { ...saying({ content: '5551234567' }), action: 'reactToMessage' as const }
    expect(decide([contactInfo({ mode: 'mask' })], reacting)).toMatchObject({ code: 'contact_info_blocked' })
  })

  it('locks the chat until it is paid', () => {
    const rules = [contactInfo({ mode: 'lock', until: 'paid' })]
    expect(decide(rules, saying({ content: 'hello' }))).toMatchObject({ effect: 'deny', code: 'chat_locked' })
    expect(capabilities(rules, contextOf())).toEqual([
      ...[
        'createChat',
        'updateChat',
        'openChat',
        'listMessages',
        'deleteMessage',
        'addMembers',
        'removeMembers',
      ],
    ])
    expect(decide(rules, saying({ content: 'hello' }, paid(999_999)))).toEqual({ effect: 'allow' })
  })

  it.each(['mask', 'block', 'lock'] as const)(
    'ends %s when it is paid, and only if it was told to',
    (mode) => {
      const message = { content: 'me@x.com' }
      const until = { mode, until: 'paid' } as const
      expect(decide([contactInfo(until)], saying(message, paid(1_000_000)))).toEqual({ effect: 'allow' })
      expect(decide([contactInfo(until)], saying(message, paid(1_000_001)))).not.toEqual({ effect: 'allow' })
      expect(decide([contactInfo({ mode })], saying(message, paid(1)))).not.toEqual({ effect: 'allow' })
    },
  )
})
