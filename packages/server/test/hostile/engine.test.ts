/** security.md §12, F1–F11, F13, F15, F16: Engine.IO handshakes, polling and namespaces. */
import {
  forgeToken,
  HandshakeRefused,
  JWT_SECRET,
  joinedEngine,
  openEngine,
  openPolling,
  pollingRequest,
  type RawEngine,
  rawHttp,
  requestText,
  within,
} from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { expectNothingOfTheInside } from '../support/expect.ts'
import { useHostileServer } from '../support/hostile.ts'

const context = useHostileServer()
const request = (query: string, init?: RequestInit) => pollingRequest(context.server, query, init)
const engine = (query?: string) => openEngine(context.server, query === undefined ? {} : { query })
const POLLING = 'EIO=4&transport=polling'
/** The server's word in a hurry: security.md says "cut", and a cut takes one turn of its event loop. */
const CUT_WITHIN_MS = 2_000

describe('F1 F2 F4: a handshake', () => {
  const queries = [
    '',
    'EIO=3&transport=polling',
    'EIO=3&transport=websocket',
    'transport=polling',
    'EIO=4',
    'EIO=4&transport=foo',
    'EIO=4&transport=__proto__',
    'EIO=4&transport=constructor',
    'EIO=4&transport=webtransport',
    'EIO=999999999999999999999&transport=polling',
    `${POLLING}&sid=bogus`,
    `${POLLING}&sid=__proto__`,
    `${POLLING}&sid=hasOwnProperty`,
    `${POLLING}&sid=${'x'.repeat(4_000)}`,
    'EIO=4&EIO=4&transport=polling',
    'EIO=4&transport=polling&transport=polling',
    `${POLLING}&sid=a&sid=b`,
  ]
  for (const query of queries) {
    it(`with ?${query.slice(0, 60)} is refused with 400`, async () => {
      const reply = await context.unchanged(() => request(query))
      expect(reply.status).toBe(400)
      expectNothingOfTheInside(reply.text)
    })
  }

  for (const query of [
    'EIO=3&transport=websocket',
    'EIO=4&transport=websocket&sid=bogus',
    'EIO=4&transport=__proto__',
  ]) {
    it(`over WebSocket with ?${query} is refused`, async () => {
      const refusal = await context.unchanged(() => engine(query).catch((error: unknown) => error))
      expect(refusal).toBeInstanceOf(HandshakeRefused)
      expect(refusal).toMatchObject({ status: 400 })
    })
  }
})

describe('F3: another method', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    it(`${method} without a session is refused with 400`, async () => {
      const reply = await context.unchanged(() => request(POLLING, { method, body: '40' }))
      expect(reply.status).toBe(400)
    })
  }
})

describe('F5 F6 F7: a polling POST', () => {
  it('of bytes instead of text is refused with 400 at once', async () => {
    const session = await openPolling(context.server)
    const reply = await context.unchanged(() =>
      session.post(new Uint8Array([52, 48]), 'application/octet-stream'),
    )
    expect(reply.status).toBe(400)
  })

  it('of 65,537 bytes is refused with 413 or cut', async () => {
    const session = await openPolling(context.server)
    const status = await context.unchanged(() =>
      session.post(`4${'x'.repeat(65_536)}`).then(
        (reply) => reply.status,
        () => 0,
      ),
    )
    expect([0, 400, 413]).toContain(status)
  })

  it('in chunks without end is refused or cut', async () => {
    const { port } = context.server
    const { sid } = await openPolling(context.server)
    const head = requestText(port, 'POST', `/socket.io/?${POLLING}&sid=${sid}`, {
      headers: ['Content-Type: text/plain', 'Transfer-Encoding: chunked'],
    })
    const reply = await context.unchanged(() =>
      rawHttp(port, head + `4000\r\n${'x'.repeat(0x4000)}\r\n`.repeat(16)),
    )
    expect([0, 400, 413]).toContain(reply.status)
  })

  const garbage = {
    garbage: '\u0001\u0002garbage',
    'sixty thousand separators': '\x1e'.repeat(60_000),
    digits: '99999',
    base64: 'b!!!',
  }
  for (const [name, body] of Object.entries(garbage)) {
    it(`of ${name} ends the session`, async () => {
      const session = await openPolling(context.server)
      await context.unchanged(async () => {
        await session.post(body).catch(() => undefined)
        // Either the session is gone (400), or the poll brings the close packet.
        const poll = await session.poll(CUT_WITHIN_MS).catch(() => ({ status: 0, text: '' }))
        const after = await session.poll(CUT_WITHIN_MS).catch(() => ({ status: 0, text: '' }))
        expect([poll.status, after.status]).toContain(400)
      })
    })
  }
})

describe('F9: CONNECT', () => {
  const auths = (): Record<string, unknown> => ({
    nothing: undefined,
    'an empty object': {},
    'a bad token': { token: 'x' },
    'an expired token': {
      token: forgeToken(context.user.token, {
        secret: JWT_SECRET,
        payload: { exp: Math.floor(Date.now() / 1_000) - 61 },
      }),
    },
    'a token that is an object': { token: { $ne: null } },
    'a token that is an array': { token: [context.user.token] },
    'a token that is a number': { token: 1 },
    'a token that is null': { token: null },
    'a token of 60 KB': { token: 'x'.repeat(60_000) },
    'a bad client': { token: context.user.token, client: 'x'.repeat(1_000) },
    'a bad cursor': { token: context.user.token, client: { name: 'x', version: '1' }, cursor: { epoch: 1 } },
  })
  for (const name of [
    'nothing',
    'an empty object',
    'a bad token',
    'an expired token',
    'a token that is an object',
    'a token that is an array',
    'a token that is a number',
    'a token that is null',
    'a token of 60 KB',
  ]) {
    it(`with ${name} is answered unauthorized, and the engine is closed within 1 s`, async () => {
      const auth = auths()[name]
      const raw = await engine()
      await context.unchanged(async () => {
        raw.send(`40${auth === undefined ? '' : JSON.stringify(auth)}`)
        const answer = await raw.frame((frame) => frame.startsWith('44'))
        expect(JSON.parse(answer.slice(2))).toMatchObject({ data: { code: 'unauthorized' } })
        const { afterMs } = await raw.cut(CUT_WITHIN_MS)
        expect(afterMs).toBeLessThan(CUT_WITHIN_MS)
        expect(raw.frames.filter((frame) => frame.startsWith('42'))).toEqual([])
      })
    })
  }

  for (const name of ['a bad client', 'a bad cursor']) {
    it(`with ${name} is refused, or served as if it were not there`, async () => {
      const raw = await engine()
      await context.survive(async () => {
        raw.send(`40${JSON.stringify(auths()[name])}`)
        await raw.frame((frame) => frame.startsWith('44') || frame.startsWith('40{'))
      })
    })
  }
})

describe('F10 F11: packets at the wrong time', () => {
  const cutAfter = async (raw: RawEngine, ...frames: string[]) =>
    context.unchanged(async () => {
      for (const frame of frames) raw.send(frame)
      await raw.cut(CUT_WITHIN_MS)
    })

  it('an event before CONNECT is cut', async () => {
    await cutAfter(await engine(), '42["get-unread-count","x"]')
  })

  it('a disconnect before CONNECT is cut or ignored', async () => {
    const raw = await engine()
    await context.unchanged(async () => raw.send('41'))
  })

  for (const namespace of ['/admin', '/__proto__', '/constructor', '/../x', '/%00']) {
    it(`the namespace ${namespace} is refused or cut, also with a good token`, async () => {
      const raw = await engine()
      await context.unchanged(async () => {
        raw.send(`40${namespace},${JSON.stringify(context.user.auth)}`)
        const refused = raw.frame((frame) => frame.startsWith(`44${namespace}`))
        await within(
          CUT_WITHIN_MS,
          'a refusal or a cut',
          Promise.race([refused, raw.closed]).catch(() => raw.closed),
        )
      })
      expect(raw.frames.filter((frame) => frame.startsWith(`40${namespace}`))).toEqual([])
    })
  }

  it('1,000 namespaces are refused or cut', async () => {
    const raw = await joinedEngine(context.server, context.user.auth)
    await context.unchanged(async () => {
      for (let number = 0; number < 1_000; number++) raw.send(`40/n${number},{}`)
      const last = raw.frame((frame) => frame.startsWith('44/n999'))
      await Promise.race([last, raw.cut(CUT_WITHIN_MS)])
    })
  })

  it('CONNECT twice is refused, ignored or cut, and gives no second identity', async () => {
    const raw = await joinedEngine(context.server, context.user.auth)
    await context.unchanged(async () => {
      raw.send(`40${JSON.stringify(context.admin.auth)}`)
      const answer = raw.ack(1, 'get-unread-count', context.admin.id)
      const result = await Promise.race([answer, raw.closed.then(() => 'cut')]).catch(() => 'silence')
      if (typeof result === 'object') expect(result).toMatchObject({ ok: false })
    })
  })
})

describe('F13 F15: the WebSocket handshake', () => {
  const upgrade = (extra: string[]) => {
    const { port } = context.server
    const headers = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...extra,
    ]
    return rawHttp(port, requestText(port, 'GET', '/socket.io/?EIO=4&transport=websocket', { headers }))
  }
  const lines = {
    'a protocol list of 8 KB of commas': `Sec-WebSocket-Protocol: ${','.repeat(8_000)}`,
    'the extension constructor': 'Sec-WebSocket-Extensions: constructor',
    'the extension __proto__': 'Sec-WebSocket-Extensions: __proto__; x=y',
    'a broken extension': 'Sec-WebSocket-Extensions: ;;;=',
    'a second key': 'Sec-WebSocket-Key: x',
    'an unknown version': 'Sec-WebSocket-Version: 99',
  }
  for (const [name, line] of Object.entries(lines)) {
    it(`with ${name} is refused or takes no notice`, async () => {
      const reply = await context.unchanged(() => upgrade([line]))
      expect([0, 101, 400, 426, 431]).toContain(reply.status)
      expect(reply.head).not.toMatch(/sec-websocket-extensions/i)
    })
  }

  it('does not negotiate compression', async () => {
    const raw = await openEngine(context.server, { perMessageDeflate: true })
    expect(raw.ws.extensions).toBe('')
  })

  it('to another path is refused', async () => {
    const { port } = context.server
    const headers = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]
    const reply = await context.unchanged(() =>
      rawHttp(port, requestText(port, 'GET', '/api/notifications', { headers })),
    )
    expect([0, 400, 401, 404, 426]).toContain(reply.status)
  })
})

describe('F16: an upgrade', () => {
  it('for a session that is upgraded already is ignored or refused', async () => {
    const { sid } = await openPolling(context.server)
    const query = `EIO=4&transport=websocket&sid=${sid}`
    const first = await engine(query)
    await context.unchanged(async () => {
      first.send('2probe')
      await first.frame((frame) => frame === '3probe')
      first.send('5')
      const second = await engine(query).catch((error: unknown) => error)
      if (second instanceof HandshakeRefused) return expect(second.status).toBe(400)
      await (second as RawEngine).cut(CUT_WITHIN_MS)
    })
  })
})
