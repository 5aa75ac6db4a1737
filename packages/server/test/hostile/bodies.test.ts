/** security.md §12, A1–A5, A8–A10, A13, A14: requests that are not what they should be. */
import { gzipSync } from 'node:zlib'
import { http, list, type RequestOptions, rawHttp, register, requestText, unread } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNothingOfTheInside } from '../support/expect.ts'
import { expectRefusedWith, useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const SEND = '/api/notifications/send'
const JSON_TYPE = { 'content-type': 'application/json' }
/** reliability.md §11. */
const BODY_LIMIT = 65_536
const SEND_LIMIT = 262_144

const post = (options: RequestOptions, path = SEND) => context.admin.http.request('POST', path, options)
const padded = (bytes: number) => {
  const head = '{"audience":{"all":true},"message":"x","idempotencyKey":"'
  return `${head}${'k'.repeat(bytes - head.length - 2)}"}`
}

describe('A1 A3: a body that is not one JSON object', () => {
  const bodies = [
    '{"a":',
    '',
    ' ',
    '{',
    '[',
    '{}}',
    "{'a':1}",
    '"text"',
    '7',
    'null',
    'true',
    '[]',
    '[{}]',
    '\u0000',
    '\ufeff',
  ]
  for (const raw of bodies) {
    it(`${JSON.stringify(raw)} is refused with 400`, async () => {
      const reply = await context.unchanged(() => post({ raw, headers: JSON_TYPE }))
      expectRefusedWith(reply, 400)
    })
  }

  it('bytes that are not UTF-8 are refused', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"audience":{"all":true},"message":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}'),
    ])
    expectRefusedWith(
      await context.unchanged(() => post({ raw: new Uint8Array(bytes), headers: JSON_TYPE })),
      400,
      415,
    )
  })
})

describe('A2: a body of another type', () => {
  const raw = '{"audience":{"all":true},"message":"x"}'
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/jsonp',
    'application/json, text/plain',
    'application/json; charset=latin1',
    'application/json; charset=utf-16',
    'nonsense',
  ]
  for (const type of types) {
    it(`${type} is refused with 415`, async () => {
      const reply = await context.unchanged(() => post({ raw, headers: { 'content-type': type } }))
      expectRefusedWith(reply, 415)
    })
  }

  it('none at all is refused with 415', async () => {
    const { port } = context.server
    const headers = [`Authorization: Bearer ${context.admin.token}`]
    const reply = await context.unchanged(() =>
      rawHttp(port, requestText(port, 'POST', SEND, { headers, body: raw })),
    )
    expect(reply.status).toBe(415)
  })

  for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
    it(`${type} is taken`, async () => {
      expect((await post({ raw, headers: { 'content-type': type } })).status).toBe(201)
    })
  }
})

describe('A4: a body over the limit', () => {
  it('of 1 byte over 64 KiB is refused with 413', async () => {
    const raw = `{"id":"${'x'.repeat(BODY_LIMIT + 1 - 9)}"}`
    expect(Buffer.byteLength(raw)).toBe(BODY_LIMIT + 1)
    expectRefusedWith(
      await context.unchanged(() => post({ raw, headers: JSON_TYPE }, '/api/notifications/read')),
      413,
    )
  })

  it('of 1 byte over 256 KiB is refused with 413 by send, and one of exactly 256 KiB is not too large', async () => {
    const over = await context.unchanged(() => post({ raw: padded(SEND_LIMIT + 1), headers: JSON_TYPE }))
    expectRefusedWith(over, 413)
    // The key in it is too long: what is refused is the content, not the size.
    expectRefusedWith(
      await context.unchanged(() => post({ raw: padded(SEND_LIMIT), headers: JSON_TYPE })),
      400,
    )
  })

  it('in chunks without end is refused or cut', async () => {
    const { port } = context.server
    const head = requestText(port, 'POST', '/api/auth/login', {
      headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
    })
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const reply = await context.unchanged(() => rawHttp(port, head + chunk.repeat(64)))
    expect([0, 413]).toContain(reply.status)
  })

  it('announced and not sent is refused at once', async () => {
    const { port } = context.server
    const head = requestText(port, 'POST', '/api/auth/login', {
      headers: ['Content-Type: application/json', 'Content-Length: 1000000000'],
    })
    expect((await context.unchanged(() => rawHttp(port, head))).status).toBe(413)
  })
})

describe('A5: a compressed body', () => {
  const encodings = ['gzip', 'deflate', 'br', 'identity, gzip', 'zstd']
  for (const encoding of encodings) {
    it(`${encoding} is refused with 415`, async () => {
      const raw = new Uint8Array(gzipSync('{"audience":{"all":true},"message":"x"}'))
      const headers = { ...JSON_TYPE, 'content-encoding': encoding }
      expectRefusedWith(await context.unchanged(() => post({ raw, headers })), 415)
    })
  }

  it('a gzip bomb of 100 MB is refused without being opened', async () => {
    const raw = new Uint8Array(gzipSync(Buffer.alloc(100 * 1_024 * 1_024)))
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' }
    expectRefusedWith(await context.unchanged(() => post({ raw, headers })), 413, 415)
  })
})

describe('A8: methods nobody has', () => {
  for (const method of ['TRACE', 'CONNECT', 'FOO', 'PROPFIND', 'PATCH', 'get']) {
    it(`${method} is refused`, async () => {
      const { port } = context.server
      const reply = await context.unchanged(() =>
        rawHttp(port, requestText(port, method, '/api/notifications')),
      )
      expect(reply.status === 0 || (reply.status >= 400 && reply.status < 500)).toBe(true)
      expectNothingOfTheInside(reply.body)
    })
  }
})

describe('A9: paths', () => {
  const paths = [
    '/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/..%2f..%2fetc/passwd',
    '//evil.example',
    '/\\evil.example',
    '/%00',
    '/%E0%A4%A',
    '/%',
    `/${'a'.repeat(10_240)}`,
    '/api/notifications/%00',
    '/api/notifications/%E0%A4%A',
    '/api/notifications/..%2f..',
  ]
  for (const path of paths) {
    it(`${path.slice(0, 40)} is refused, without a redirect and without a file`, async () => {
      const { port } = context.server
      const headers = [`Authorization: Bearer ${context.admin.token}`]
      const reply = await context.unchanged(() => rawHttp(port, requestText(port, 'GET', path, { headers })))
      expect([400, 403, 404, 414, 431]).toContain(reply.status)
      expect(reply.head.toLowerCase()).not.toContain('location:')
      expect(reply.body).not.toContain('root:')
      expectNothingOfTheInside(reply.body)
    })
  }
})

describe('A10: bodies of many or long keys, and deep ones', () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 1]))
  const bodies: Record<string, string> = {
    '100,000 keys': JSON.stringify(many),
    'a key of 60 KB': JSON.stringify({ ['k'.repeat(60_000)]: 1 }),
    '257 keys': JSON.stringify(Object.fromEntries(Object.entries(many).slice(0, 257))),
    'a depth of 17': `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`,
    'a depth of 10,000': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    'an array in 10,000 arrays': `{"meta":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    'the same key twice': '{"audience":{"all":true},"audience":{"user":"x"},"message":"x","nothing":1}',
    __proto__: '{"__proto__":{"admin":true},"audience":{"all":true},"message":"x"}',
    constructor: '{"constructor":{"prototype":{"x":1}},"audience":{"all":true},"message":"x"}',
  }
  for (const [name, raw] of Object.entries(bodies)) {
    it(`${name} is refused`, async () => {
      expectRefusedWith(await context.unchanged(() => post({ raw, headers: JSON_TYPE })), 400, 413)
    })
  }
})

describe('A13: headers that claim something', () => {
  it('X-Forwarded-For, X-Original-URL and X-User-Id are ignored in account mode', async () => {
    const person = await register(context.server)
    const headers = {
      'x-forwarded-for': '127.0.0.1',
      'x-original-url': '/api/notifications/send',
      'x-rewrite-url': '/api/notifications/send',
      'x-http-method-override': 'DELETE',
      'x-user-id': context.admin.id,
    }
    await context.unchanged(async () => {
      const without = await http(context.server).request('GET', '/api/notifications', { headers })
      expectRefusedWith(without, 401)
      expect(
        (await person.http.request('GET', '/api/notifications', { headers })).body.notifications,
      ).toEqual([])
      const sent = await person.http.request('POST', SEND, {
        headers,
        json: { audience: { all: true }, message: 'x' },
      })
      expectRefusedWith(sent, 403)
    })
  })

  it('two Host headers are refused with 400', async () => {
    const { port } = context.server
    const request = requestText(port, 'GET', '/api/health', { headers: ['Host: evil.example'] })
    expect((await context.unchanged(() => rawHttp(port, request))).status).toBe(400)
  })

  it('no Host header is refused with 400', async () => {
    const reply = await context.unchanged(() =>
      rawHttp(context.server.port, 'GET /api/health HTTP/1.1\r\n\r\n'),
    )
    expect(reply.status).toBe(400)
  })

  it('a request that could be read in two ways (Content-Length with chunked) is refused', async () => {
    const { port } = context.server
    const headers = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Content-Length: 5']
    const reply = await context.unchanged(() =>
      rawHttp(
        port,
        `${requestText(port, 'POST', '/api/auth/login', { headers })}0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
      ),
    )
    expect([0, 400]).toContain(reply.status)
  })
})

describe('A14: queries', () => {
  for (const query of [
    'limit=1&limit=2',
    'a[b]=1',
    '__proto__[x]=1',
    'constructor=1',
    'limit[]=1',
    '=1',
    '&&&',
    '%',
  ]) {
    it(`?${query} is refused or ignored`, async () => {
      const reply = await context.unchanged(() => context.user.http.get(`/api/notifications?${query}`))
      if (reply.status !== 200) expectRefusedWith(reply, 400)
      expect(await unread(context.user)).toBe(
        (await list(context.user)).filter(({ readAt }) => readAt === null).length,
      )
    })
  }
})
