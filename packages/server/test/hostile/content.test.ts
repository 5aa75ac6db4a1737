/** security.md §12, D5–D9: what a notification may not contain. */
import { type Fields, list, messagesOf, register, send } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectSuccess } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const SEND = '/api/notifications/send'
const post = (json: Fields) => context.admin.http.request('POST', SEND, { json })
const toUser = (more: Fields) => post({ audience: { user: context.user.id }, message: 'x', ...more })
const short = (value: unknown) => JSON.stringify(value)?.slice(0, 50)

describe('D5 D6: text', () => {
  const texts = {
    blanks: '   \t\n ',
    'zero-width only': '\u200b\u200d\ufeff',
    'RTL override': '\u202eevil\u202c',
    NUL: 'a\u0000b',
    'a lone surrogate': 'a\ud800b',
    script: '<script>alert(1)</script>',
    img: '<img src=x onerror=alert(1)>',
    mustache: '{{7*7}}',
    dollar: `$${'{7*7}'}`,
    format: '%s%n%x',
    formula: "=cmd|'/C calc'!A0",
    'combining marks': `a${'\u0301'.repeat(150)}`,
    'an emoji family': '👨‍👩‍👧‍👦'.repeat(10),
  }
  for (const [name, text] of Object.entries(texts)) {
    it(`${name} is refused or stored exactly, in title and message`, async () => {
      const person = await register(context.server)
      const reply = await context.survive(() =>
        post({ audience: { user: person.id }, title: text, message: text, meta: { text } }),
      )
      if (reply.status !== 201) return expectRefusedWith(reply, 400)
      expect(await list(person)).toMatchObject([{ title: text, message: text, meta: { text } }])
    })
  }

  const invalid: Fields[] = [
    { title: '' },
    { title: 'x'.repeat(201) },
    { title: `a${'\u0301'.repeat(1_000)}` },
    { title: null },
    { title: 7 },
    { title: ['x'] },
    { title: { toString: 'x' } },
    { message: '' },
    { message: 'x'.repeat(4_001) },
    { message: null },
    { message: 7 },
    { message: ['x'] },
    { message: {} },
  ]
  for (const body of invalid) {
    it(`${short(body)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser(body)), 400)
    })
  }

  it('of 200 and 4,000 code points is taken, also when each is two UTF-16 units', async () => {
    for (const sign of ['x', '🛎']) {
      expectSuccess(await toUser({ title: sign.repeat(200), message: sign.repeat(4_000) }), 201)
    }
  })
})

describe('D7: a url', () => {
  const urls = [
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/x',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://user:pass@evil.example/',
    'https://',
    `https://a.example/${'x'.repeat(3_000)}`,
    '',
    7,
    {},
  ]
  for (const url of urls) {
    it(`${short(url)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser({ url })), 400)
    })
  }
})

describe('D8: meta', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })
  const invalid: unknown[] = [
    nested(9),
    Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, 1])),
    { a: 'x'.repeat(8_192) },
    ['a'],
    'text',
    7,
    true,
    { constructor: { prototype: { polluted: 1 } } },
    { a: { prototype: 1 } },
  ]
  for (const meta of invalid) {
    it(`${short(meta)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser({ meta })), 400)
    })
  }

  it('with __proto__ is refused with 400, at every depth', async () => {
    for (const meta of [
      '{"__proto__":{"polluted":1}}',
      '{"a":{"__proto__":{"polluted":1}}}',
      '{"a":[{"__proto__":1}]}',
    ]) {
      const raw = `{"audience":{"user":"${context.user.id}"},"message":"x","meta":${meta}}`
      const options = { raw, headers: { 'content-type': 'application/json' } }
      expectRefusedWith(await context.unchanged(() => context.admin.http.request('POST', SEND, options)), 400)
    }
  })

  it('of depth 8 and of 100 keys is taken', async () => {
    const keys = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, index]))
    for (const meta of [nested(8), keys]) expectSuccess(await toUser({ meta }), 201)
  })
})

describe('D9: type and priority', () => {
  const invalid: Fields[] = [
    { type: 'a b' },
    { type: 'a\r\nb' },
    { type: '' },
    { type: ':a' },
    { type: '__proto__' },
    { type: 'x'.repeat(65) },
    { type: 7 },
    { type: ['a'] },
    { priority: 'urgent!!' },
    { priority: 'URGENT' },
    { priority: 3 },
    { priority: '__proto__' },
    { priority: null },
  ]
  for (const body of invalid) {
    it(`${short(body)} is refused with 400`, async () => {
      expectRefusedWith(await context.unchanged(() => toUser(body)), 400)
    })
  }

  it('a type of 1 MB is refused with 413', async () => {
    expectRefusedWith(await context.unchanged(() => toUser({ type: 'x'.repeat(1_000_000) })), 413)
  })

  it('a type like an inherited property is only a name', async () => {
    const person = await register(context.server)
    for (const type of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      await context.survive(() => send(context.admin, { audience: { user: person.id }, type, message: type }))
    }
    expect(messagesOf(await list(person))).toEqual(['valueOf', 'hasOwnProperty', 'toString', 'constructor'])
  })
})
